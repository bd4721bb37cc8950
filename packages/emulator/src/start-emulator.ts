/** Opens the ports, makes the keys, and puts the services together. */
import { randomBytes } from 'node:crypto'
import { createEvents } from './altinn/events.ts'
import { createInstances } from './altinn/instance.ts'
import { createOrganisations } from './altinn/organisations.ts'
import { createParties } from './altinn/parties.ts'
import { platformService } from './altinn/platform.ts'
import { submit } from './altinn/submit.ts'
import { createCertificateAuthority } from './certificates.ts'
import { createClock } from './clock.ts'
import { controlService } from './control.ts'
import type { Emulator, EmulatorOptions } from './emulator.ts'
import { createFaults } from './faults.ts'
import { vaultClientOptions, vaultCredential } from './key-vault/client-options.ts'
import { vaultErrorNames } from './key-vault/error-table.ts'
import { createSecrets } from './key-vault/secrets.ts'
import { vaultService } from './key-vault/server.ts'
import { maskinportenService } from './maskinporten/app.ts'
import { createClients } from './maskinporten/clients.ts'
import { tokenErrorIds } from './maskinporten/error-table.ts'
import { createUsedGrants } from './maskinporten/replay.ts'
import { rulesFrom } from './maskinporten/rules.ts'
import { createScopes } from './maskinporten/scopes.ts'
import { createAuthorizations } from './maskinporten/system-users.ts'
import { assertName, loopbackNames } from './names.ts'
import { closePorts, openPorts, originsOf } from './ports.ts'
import { createRecorder } from './recorder.ts'
import { keyOf, publicPart, registerClient } from './register-client.ts'
import { registerService } from './register/app.ts'
import { createPersons } from './register/persons.ts'
import { selfServiceService } from './self-service/app.ts'
import type { World } from './service.ts'
import { createTokenKeys } from './token-keys.ts'

/** @throws TypeError for an option that cannot be; Error when a port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  assertName(options.as)
  const rules = rulesFrom(options.strict, options.rules)
  const host = options.host ?? '127.0.0.1'
  const authority = await createCertificateAuthority()
  const keys = await createTokenKeys(authority, options)
  const listeners = await openPorts(host, options.ports ?? {}, authority)
  const origins = originsOf(listeners)
  const names = loopbackNames(origins)
  const clock = createClock(options.clock)
  const recorder = createRecorder()
  const faults = createFaults({ token: tokenErrorIds, 'key-vault': vaultErrorNames })
  const closing = new AbortController()
  const world: World = { clock, recorder, faults, closing: closing.signal }

  const clients = createClients(clock, rules.keyPropagationDelayMs)
  const scopes = createScopes()
  const authorizations = createAuthorizations()
  const persons = createPersons()
  const organisations = createOrganisations()
  const parties = createParties()
  const instances = createInstances()
  const events = createEvents()
  const secrets = createSecrets(clock)
  const vaultToken = `emulator.${randomBytes(32).toString('base64url')}`
  const vault = vaultClientOptions({ host: listeners.keyVault.host, port: listeners.keyVault.port }, authority.pem)

  listeners.maskinporten.serve(
    maskinportenService(world, {
      judge: {
        issuer: names.issuer,
        tokenEndpoint: `${names.issuer}token`,
        clients,
        scopes,
        authority,
        used: createUsedGrants(),
        rules,
        clock,
      },
      keys: keys.maskinporten,
      authorizations,
      delegationSource: names.delegationSource,
    }),
  )
  listeners.altinn.serve(
    platformService(world, {
      names,
      clock,
      maskinportenKeys: keys.maskinporten,
      altinnKeys: keys.altinn,
      organisations,
      parties,
      instances,
      events,
    }),
  )
  listeners.register.serve(
    registerService(world, { issuer: names.issuer, clock, keys: keys.maskinporten, persons, since: clock.now() }),
  )
  listeners.keyVault.serve(vaultService(world, { secrets, isValidToken: (token) => token === vaultToken }))
  listeners.selfService.serve(selfServiceService(world))

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing.abort()
    vault.agent.destroy()
    closed ??= closePorts(listeners)
    return closed
  }
  const emulator: Emulator = {
    maskinporten: {
      url: origins.maskinporten,
      issuer: names.issuer,
      defineScope: (scope) => scopes.define(scope),
      grantAccess: (scope, orgNumber) => scopes.grantAccess(scope, orgNumber),
      revokeAccess: (scope, orgNumber) => scopes.revokeAccess(scope, orgNumber),
      delegate: (delegation) => scopes.delegate(delegation),
      revokeDelegation: (delegation) => scopes.revokeDelegation(delegation),
      addSystemUser: (systemUser) => authorizations.addSystemUser(systemUser),
      addConsent: (consent) => authorizations.addConsent(consent, clock.now()),
      setKeys: (clientId, jwks) => clients.setKeys(clientId, jwks),
      async addKey(clientId, key = {}) {
        const added = await keyOf(key)
        clients.setKeys(clientId, [
          publicPart(added),
          ...[...(clients.get(clientId)?.keys.values() ?? [])].map(({ jwk }) => jwk),
        ])
        return added
      },
      deactivate: (clientId) => clients.deactivate(clientId),
      rotateSigningKey: async () => (await keys.maskinporten.rotate()).kid,
    },
    altinn: {
      url: origins.altinn,
      submit: async (submission) => submit(submission, { names, clock, parties, instances, events, persons }),
      addOrganisation: (orgNumber, org) => organisations.add(orgNumber, org),
      rotateSigningKey: async () => (await keys.altinn.rotate()).kid,
    },
    register: { url: origins.register, addPerson: (person) => persons.put(person) },
    keyVault: {
      url: origins.keyVault,
      credential: vaultCredential(vaultToken),
      clientOptions: vault,
      setSecret: (name, value, more = {}) => void secrets.set(name, { ...more, value }),
    },
    selfService: { url: origins.selfService },
    control: { url: origins.control },
    ca: authority.pem,
    clock,
    faults,
    async registerClient(client) {
      const registered = registerClient(client, { clients, scopes, issuer: names.issuer, platform: names.platform })
      // Made beside the client's own, so that its first token does not wait for one.
      void keys.maskinporten.current()
      if (client.scopes.some((scope) => scope.startsWith('altinn:'))) void keys.altinn.current()
      return registered
    },
    issueCertificate: ({ orgNumber, name = 'Emulert virksomhet' }) =>
      authority.issueEnterprise({ orgNumber, name }, clock.now()),
    requests: (target) => recorder.requests(target),
    clearRequests: () => recorder.clear(),
    close,
    [Symbol.asyncDispose]: close,
  }
  listeners.control.serve(controlService(emulator, { host, port: listeners.control.port, vaultToken }))
  return emulator
}
