/** Scopes, who has access to them, and who has delegated that access in Altinn. */

export interface ScopeDefinition {
  readonly name: string
  /** Any organisation may use it. Default false. */
  readonly accessibleForAll?: boolean | undefined
  /** Integration types that may use it; empty for all. Default empty. */
  readonly allowedIntegrationTypes?: readonly string[] | undefined
  /** Can be delegated to a supplier in Altinn. Default false. */
  readonly delegable?: boolean | undefined
  /** Longest lifetime of a token with it, seconds; 0 for the client's own. Default 0. */
  readonly atMaxAge?: number | undefined
  /** Default true. */
  readonly active?: boolean | undefined
}

export interface DefinedScope {
  readonly name: string
  readonly accessibleForAll: boolean
  readonly allowedIntegrationTypes: readonly string[]
  readonly delegable: boolean
  readonly atMaxAge: number
  readonly active: boolean
}

export interface ScopeRegistry {
  /** Replaces what was there; accesses and delegations stay. */
  define(scope: ScopeDefinition): void
  /** For a client that registers it: defines what does not exist, and grants access unless `define` was used. */
  register(name: string, orgNumber: string): void
  get(name: string): DefinedScope | undefined
  grantAccess(scope: string, orgNumber: string): void
  revokeAccess(scope: string, orgNumber: string): void
  hasAccess(scope: string, orgNumber: string): boolean
  delegate(delegation: Delegation): void
  revokeDelegation(delegation: Delegation): void
  isDelegated(delegation: Delegation): boolean
  clear(): void
}

export interface Delegation {
  readonly scope: string
  /** The consumer, which has the access: nine digits. */
  readonly from: string
  /** The supplier, which owns the client: nine digits. */
  readonly to: string
}

interface Entry {
  readonly scope: DefinedScope
  /** Somebody has defined it, and says who has access. */
  readonly defined: boolean
  readonly access: Set<string>
}

const key = ({ scope, from, to }: Delegation): string => `${from} ${to} ${scope}`

export function createScopes(): ScopeRegistry {
  const entries = new Map<string, Entry>()
  const delegations = new Set<string>()
  const entry = (name: string): Entry => {
    const found = entries.get(name)
    if (found) return found
    throw new TypeError(`no scope named ${JSON.stringify(name)}; define it, or register a client that has it, first`)
  }
  return {
    define(scope) {
      const access = entries.get(scope.name)?.access ?? new Set()
      entries.set(scope.name, { scope: withDefaults(scope), defined: true, access })
    },
    register(name, orgNumber) {
      const found = entries.get(name) ?? { scope: withDefaults({ name }), defined: false, access: new Set() }
      if (!found.defined) found.access.add(orgNumber)
      entries.set(name, found)
    },
    get: (name) => entries.get(name)?.scope,
    grantAccess: (scope, orgNumber) => void entry(scope).access.add(orgNumber),
    revokeAccess: (scope, orgNumber) => void entry(scope).access.delete(orgNumber),
    hasAccess(name, orgNumber) {
      const found = entries.get(name)
      return found !== undefined && (found.scope.accessibleForAll || found.access.has(orgNumber))
    },
    delegate(delegation) {
      if (!entry(delegation.scope).scope.delegable) {
        throw new TypeError(`${delegation.scope} cannot be delegated; define it with delegable: true first`)
      }
      delegations.add(key(delegation))
    },
    revokeDelegation: (delegation) => void delegations.delete(key(delegation)),
    isDelegated: (delegation) => delegations.has(key(delegation)),
    clear() {
      entries.clear()
      delegations.clear()
    },
  }
}

function withDefaults(scope: ScopeDefinition): DefinedScope {
  return {
    name: scope.name,
    accessibleForAll: scope.accessibleForAll ?? false,
    allowedIntegrationTypes: scope.allowedIntegrationTypes ?? [],
    delegable: scope.delegable ?? false,
    atMaxAge: scope.atMaxAge ?? 0,
    active: scope.active ?? true,
  }
}
