/** What the emulator can be told, and asked. */
import { submit } from '../altinn/submit.ts'
import type { CertificateAuthority } from '../tokens/certificates.ts'
import type { EmulatedEntra, EmulatedKeyVault, EmulatedMaskinporten, Emulator } from '../emulator.ts'
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
import type { Registries } from '../registries.ts'
import type { World } from '../http/service.ts'
import type { TokenKeys } from '../tokens/token-keys.ts'

export interface ControlParts {
  readonly world: World
  readonly names: Names
  readonly authority: CertificateAuthority
  readonly keys: TokenKeys
  readonly registries: Registries
  readonly callers: Callers
  readonly vaultClient: VaultClientOptions
  readonly proxy: Proxy | undefined
}

export function controls(parts: ControlParts): Omit<Emulator, 'close' | typeof Symbol.asyncDispose> {
  const { world, names, authority, keys, registries } = parts
  const { clock, recorder, faults } = world
  const { clients, scopes, organisations, persons } = registries

  function register(client: NewClientWithoutKey): Promise<EmulatedClientWithoutKey>
  function register(client: NewClientOptions): Promise<EmulatedClient>
  async function register(client: NewClientOptions): Promise<EmulatedClient | EmulatedClientWithoutKey> {
    const registered = registerClient(client, { clients, scopes, names })
    // Made beside the client's own, so that its first token does not wait for one.
    void keys.maskinporten.current()
    if (client.scopes.some((scope) => scope.startsWith('altinn:'))) void keys.altinn.current()
    return registered
  }

  return {
    maskinporten: maskinportenControls(parts),
    altinn: {
      url: names.origins.altinn,
      submit: async (submission) => submit(submission, { ...registries, names, clock }),
      addOrganisation: (orgNumber, org) => organisations.add(orgNumber, org),
      rotateSigningKey: async () => (await keys.altinn.rotate()).kid,
    },
    register: { url: names.origins.register, addPerson: (person) => persons.put(person) },
    keyVault: keyVaultControls(parts),
    entra: entraControls(parts),
    selfService: { url: names.origins.selfService },
    control: { url: names.origins.control },
    ca: authority.pem,
    clock,
    faults,
    registerClient: register,
    issueCertificate: ({ orgNumber, name = 'Emulert virksomhet' }) =>
      authority.issueEnterprise({ orgNumber, name }, clock.now()),
    requests: (target) => recorder.requests(target),
    clearRequests: () => recorder.clear(),
  }
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
    addConsent: (consent) => authorizations.addConsent(consent, world.clock.now()),
    setKeys: (clientId, jwks) => clients.setKeys(clientId, jwks),
    async addKey(clientId, key = {}) {
      const added = await keyOf(key)
      const before = [...(clients.get(clientId)?.keys.values() ?? [])].map(({ jwk }) => jwk)
      clients.setKeys(clientId, [publicPart(added), ...before])
      return added
    },
    deactivate: (clientId) => clients.deactivate(clientId),
    rotateSigningKey: async () => (await keys.maskinporten.rotate()).kid,
  }
}

function keyVaultControls({ names, registries, callers, vaultClient }: ControlParts): EmulatedKeyVault {
  const { vaults } = registries
  return {
    ...emulatedVault(names.origins.keyVault, vaults.common),
    credential: vaultCredential(callers.ownToken),
    clientOptions: vaultClient,
    vault: (name) => emulatedVault(vaultUrl(name), vaults.named(name)),
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
