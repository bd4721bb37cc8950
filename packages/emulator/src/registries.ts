/** All that the emulated services know, in one place. */
import { createEvents, type EventStore } from './altinn/events.ts'
import { createInstances, type InstanceStore } from './altinn/instance.ts'
import { createOrganisations, type Organisations } from './altinn/organisations.ts'
import { createParties, type Parties } from './altinn/parties.ts'
import { createSubscriptions, type SubscriptionStore } from './altinn/subscriptions.ts'
import type { EmulatorClock } from './clock.ts'
import type { EmulatorOptions } from './options.ts'
import { type ApplicationRegistry, createApplications } from './entra/applications.ts'
import { createVaults, type Vaults } from './key-vault/vaults.ts'
import { type ClientRegistry, createClients } from './maskinporten/clients.ts'
import type { Rules } from './maskinporten/rules.ts'
import { createScopes, type ScopeRegistry } from './maskinporten/scopes.ts'
import { createUsedGrants, type UsedGrants } from './maskinporten/replay.ts'
import { type AuthorizationRegistry, createAuthorizations } from './maskinporten/system-users.ts'
import { defaultTenant } from './network/names.ts'
import { createTexasClients, type TexasClients } from './texas/clients.ts'
import { createPersons, type PersonRegister } from './register/persons.ts'

export interface Registries {
  readonly clients: ClientRegistry
  readonly usedGrants: UsedGrants
  readonly scopes: ScopeRegistry
  readonly authorizations: AuthorizationRegistry
  readonly persons: PersonRegister
  readonly organisations: Organisations
  readonly parties: Parties
  readonly instances: InstanceStore
  readonly events: EventStore
  readonly subscriptions: SubscriptionStore
  readonly vaults: Vaults
  readonly applications: ApplicationRegistry
  readonly texas: TexasClients
}

/** @throws TypeError for a tenant that cannot be. */
export function createRegistries(clock: EmulatorClock, rules: Rules, options: EmulatorOptions): Registries {
  return {
    clients: createClients(clock, rules),
    usedGrants: createUsedGrants(),
    scopes: createScopes(clock),
    authorizations: createAuthorizations(),
    persons: createPersons(),
    organisations: createOrganisations(),
    parties: createParties(),
    instances: createInstances(),
    events: createEvents(),
    subscriptions: createSubscriptions(clock),
    vaults: createVaults(clock),
    applications: createApplications(options.tenantId ?? defaultTenant),
    texas: createTexasClients(clock),
  }
}

/** As at the start, when they knew nothing. */
export function clearRegistries(registries: Registries): void {
  const all: readonly { clear(): void }[] = Object.values(registries)
  for (const registry of all) registry.clear()
}
