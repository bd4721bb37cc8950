/** Puts what a configuration holds into an emulator that knows nothing yet. */
import type { Path } from '../control/check.ts'
import { type EmulatedClient, type EmulatedClientWithoutKey, keyOf, publicPart } from '../control/register-client.ts'
import type { Emulator } from '../emulator.ts'
import type { LoadedConfiguration } from './load-configuration.ts'

export type ConfiguredControls = Pick<
  Emulator,
  'altinn' | 'entra' | 'keyVault' | 'maskinporten' | 'register' | 'registerClient'
>

/** Resolves with the clients, in their order. @throws TypeError with the place of what cannot be. */
export async function applyConfiguration(
  { config, keys, at }: LoadedConfiguration,
  { altinn, entra, keyVault, maskinporten, register, registerClient }: ConfiguredControls,
): Promise<readonly (EmulatedClient | EmulatedClientWithoutKey)[]> {
  const each = async <T, R>(
    name: keyof typeof config,
    items: readonly T[] = [],
    step: (item: T, index: number) => R | Promise<R>,
  ): Promise<R[]> => {
    const results: R[] = []
    for (const [index, item] of items.entries()) {
      const path: Path = [name, index]
      results.push(await at(path, () => step(item, index)))
    }
    return results
  }
  await each('organisations', config.organisations, ({ orgNumber, org }) => altinn.addOrganisation(orgNumber, org))
  await each('scopes', config.scopes, ({ access = [], ...scope }) => {
    maskinporten.defineScope(scope)
    for (const orgNumber of access) maskinporten.grantAccess(scope.name, orgNumber)
  })
  const clients = await each('clients', config.clients, async ({ keys: _written, ...client }, index) => {
    const own = keys[index] ?? []
    // The settings of the client have the first private key.
    const shown = own.find(({ d }) => d !== undefined) ?? own[0]
    const registered = await registerClient({ ...client, ...(shown ? { jwk: shown } : { withoutKey: true }) })
    const jwks = await Promise.all(own.map((jwk) => keyOf({ alg: client.alg ?? jwk.alg, jwk }, 0)))
    maskinporten.setKeys(client.clientId, jwks.map(publicPart))
    return registered
  })
  await each('delegations', config.delegations, (delegation) => maskinporten.delegate(delegation))
  await each('systemUsers', config.systemUsers, (systemUser) => maskinporten.addSystemUser(systemUser))
  await each('consents', config.consents, (consent) => maskinporten.addConsent(consent))
  await each('persons', config.persons, (person) => register.addPerson(person))
  await each('secrets', config.secrets, ({ name, value, vault, ...options }) =>
    (vault === undefined ? keyVault : keyVault.vault(vault)).setSecret(name, value, options),
  )
  await each('applications', config.applications, (application) => entra.registerApplication(application))
  return clients
}
