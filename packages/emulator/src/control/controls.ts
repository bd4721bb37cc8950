/** What the emulator can be told, and asked. */
import { submit } from '../altinn/submit.ts'
import { trigger } from '../altinn/trigger.ts'
import { issueUserToken } from '../altinn/user-token.ts'
import type { CertificateAuthority } from '../tokens/certificates.ts'
import type {
  EmulatedAltinn,
  EmulatedEntra,
  EmulatedKeyVault,
  EmulatedMaskinporten,
  EmulatedRegister,
  EmulatedTexas,
  Emulator,
} from '../emulator.ts'
import { entraCredentialOptions } from '../entra/credential-options.ts'
import type { Callers } from '../key-vault/callers.ts'
import { type VaultClientOptions, vaultCredential } from '../key-vault/client-options.ts'
import { emulatedVault } from '../key-vault/emulated-vault.ts'
import { type Names, vaultUrl } from '../network/names.ts'
import type { Proxy } from '../network/proxy.ts'
import {
  type EmulatedClient,
  type EmulatedClientWithoutKey,
  keyOf,
  type NewClientOptions,
  type NewClientWithoutKey,
  publicPart,
  registerClient,
} from './register-client.ts'
import { clientOfSettings } from './client-of-settings.ts'
import { guarded } from './guard.ts'
import { clearRegistries, type Registries } from '../registries.ts'
import { isJsonObject } from '../json.ts'
import type { EmulatorClock, ResettableClock } from '../clock.ts'
import type { Faults } from '../http/faults.ts'
import type { RequestFilter } from '../http/recorder.ts'
import type { World } from '../http/service.ts'
import type { Target } from '../http/target.ts'
import type { TokenKeys } from '../tokens/token-keys.ts'

export interface ControlParts {
  readonly world: World
  readonly clock: ResettableClock
  /** What the emulator is begun with, after each reset again. */
  readonly begin: () => Promise<void>
  readonly names: Names
  readonly authority: CertificateAuthority
  readonly keys: TokenKeys
  readonly registries: Registries
  readonly callers: Callers
  readonly vaultClient: VaultClientOptions
  readonly proxy: Proxy | undefined
}

export type Controls = Omit<Emulator, 'close' | 'fetch' | 'log' | 'clients' | typeof Symbol.asyncDispose>

export function controls(parts: ControlParts): Controls {
  const { world, names, authority, keys, registries } = parts
  const { recorder, faults } = world
  const { clock } = parts
  const { clients, scopes, organisations } = registries

  function register(client: NewClientWithoutKey): Promise<EmulatedClientWithoutKey>
  function register(client: NewClientOptions): Promise<EmulatedClient>
  async function register(client: NewClientOptions): Promise<EmulatedClient | EmulatedClientWithoutKey> {
    const registering = registerClient(client, { clients, scopes, names })
    // Made beside the client's own, so that its first token does not wait for one.
    void keys.maskinporten.current()
    if (client.scopes.some((scope) => scope.startsWith('altinn:'))) void keys.altinn.current()
    const registered = await registering
    if (registered.jwk) registries.texas.remember(registered.clientId, registered.jwk)
    return registered
  }

  const altinn: EmulatedAltinn = {
    url: names.origins.altinn,
    submit: async (submission) => submit(submission, { ...registries, names, clock }),
    trigger: async (wanted) => trigger(wanted, { ...registries, names, clock }),
    issueUserToken: async (wanted) => issueUserToken(wanted, { ...registries, names, clock, keys: keys.altinn }),
    addOrganisation: (orgNumber, org) => organisations.add(orgNumber, org),
    rotateSigningKey: async () => (await keys.altinn.rotate()).kid,
  }
  const persons: EmulatedRegister = {
    url: names.origins.register,
    addPerson: (person) => registries.persons.put(person),
  }
  const own: Controls = {
    maskinporten: guarded(maskinportenControls(parts), 'maskinporten'),
    altinn: guarded(altinn, 'altinn'),
    register: guarded(persons, 'register'),
    keyVault: guarded(keyVaultControls(parts), 'keyVault'),
    entra: guarded(entraControls(parts), 'entra'),
    texas: guarded(texasControls(parts), 'texas'),
    selfService: { url: names.origins.selfService },
    control: { url: names.origins.control },
    ca: authority.pem,
    clock: guarded<EmulatorClock>(
      {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        advance: (ms) => clock.advance(ms),
        adjust: (ms) => clock.adjust(ms),
      },
      'clock',
    ),
    faults: guarded<Faults>(
      { next: (target, fault) => faults.next(target, fault), clear: (target) => faults.clear(target) },
      'faults',
    ),
    registerClient: register,
    async use(settings, options = {}) {
      const client = await clientOfSettings(isJsonObject(settings) ? settings : {}, options)
      if (client.clientId !== undefined) clients.remove(client.clientId)
      return register(client)
    },
    issueCertificate: ({ orgNumber, name = 'Emulert virksomhet', flaw }) =>
      authority.issueEnterprise({ orgNumber, name, flaw }, clock.now()),
    requests: (filter) => recorder.requests(filterOf(filter)),
    clearRequests: (target) => recorder.clear(target),
    async reset() {
      clearRegistries(registries)
      for (const set of [keys.maskinporten, keys.altinn, keys.entra]) set.reset()
      faults.clear()
      recorder.clear()
      clock.reset()
      await parts.begin()
    },
  }
  const checked = guarded(own, '')
  // The table knows one object; a target alone is short for it.
  return { ...checked, requests: (filter) => checked.requests(filterOf(filter)) }
}

function filterOf(filter: Target | RequestFilter | undefined): RequestFilter | undefined {
  return typeof filter === 'string' ? { target: filter } : filter
}

function maskinportenControls({ world, names, keys, registries }: ControlParts): EmulatedMaskinporten {
  const { clients, scopes, authorizations } = registries
  return {
    url: names.origins.maskinporten,
    issuer: names.issuer,
    defineScope: (scope) => scopes.define(scope),
    grantAccess: (scope, orgNumber) => scopes.grantAccess(scope, orgNumber),
    revokeAccess: (scope, orgNumber) => scopes.revokeAccess(scope, orgNumber),
    delegate: (delegation) => scopes.delegate(delegation),
    revokeDelegation: (delegation) => scopes.revokeDelegation(delegation),
    addSystemUser: (systemUser) => authorizations.addSystemUser(systemUser),
    systemUsers: () => authorizations.systemUsers(),
    approveSystemUser: (id) => authorizations.setSystemUserApproved(id, true),
    revokeSystemUser: (id) => authorizations.setSystemUserApproved(id, false),
    addConsent: (consent) => authorizations.addConsent(consent, world.clock.now()),
    consents: () => authorizations.consents(),
    approveConsent: (id) => authorizations.setConsentApproved(id, true, world.clock.now()),
    revokeConsent: (id) => authorizations.setConsentApproved(id, false, world.clock.now()),
    setKeys: (clientId, jwks) => clients.setKeys(clientId, jwks),
    async addKey(clientId, key = {}) {
      const added = await keyOf(key, clients.keyBits)
      const before = [...(clients.get(clientId)?.keys.values() ?? [])].map(({ jwk }) => jwk)
      clients.setKeys(clientId, [publicPart(added), ...before])
      registries.texas.remember(clientId, added)
      return added
    },
    deactivate: (clientId) => clients.deactivate(clientId),
    rotateSigningKey: async () => (await keys.maskinporten.rotate()).kid,
  }
}

function keyVaultControls({ names, registries, callers, vaultClient }: ControlParts): EmulatedKeyVault {
  const { vaults } = registries
  return {
    ...emulatedVault(names.origins.keyVault, () => vaults.common()),
    credential: vaultCredential(callers.ownToken),
    clientOptions: vaultClient,
    vault(name) {
      // Its own from now on, and not from its first secret on.
      vaults.named(name)
      return guarded(
        emulatedVault(vaultUrl(name), () => vaults.named(name)),
        'keyVault',
      )
    },
  }
}

function texasControls({ names, registries }: ControlParts): EmulatedTexas {
  const url = names.origins.texas
  return {
    url,
    tokenEndpoint: `${url}/api/v1/token`,
    introspectionEndpoint: `${url}/api/v1/introspect`,
    useClient: (clientId) => registries.texas.use(clientId),
  }
}

function entraControls({ names, authority, keys, registries, proxy }: ControlParts): EmulatedEntra {
  const { applications } = registries
  return {
    url: names.origins.entra,
    tenantId: applications.tenantId,
    credentialOptions: entraCredentialOptions(names.origins.entra, authority.pem, proxy),
    registerApplication(application = {}) {
      const { tenantId, clientId, clientSecret } = applications.add(application)
      void keys.entra.current()
      return { tenantId, clientId, clientSecret }
    },
  }
}
