/** Scopes, who has access to them, and who has delegated that access in Altinn. */
import type { EmulatorClock } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Changed } from './clients.ts'

/** Owns the scopes whose owner nobody has named: Digdir. */
export const defaultOwner = '991825827'

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
  /** A grant must have a `pid`, which the token then has. Default false. */
  readonly pidRestricted?: boolean | undefined
  /** Default true. */
  readonly active?: boolean | undefined
  /** Nine digits: the organisation that administers the scope in the self-service API. Default '991825827' (Digdir). */
  readonly owner?: string | undefined
}

export interface DefinedScope {
  readonly name: string
  readonly accessibleForAll: boolean
  readonly allowedIntegrationTypes: readonly string[]
  readonly delegable: boolean
  readonly atMaxAge: number
  readonly pidRestricted: boolean
  readonly active: boolean
  readonly owner: string
  /** What only the self-service API shows, by the names that it has there. */
  readonly registration: JsonObject
  readonly changed: Changed
}

/** An access that was granted; it stays, denied, when it is revoked. */
export interface ScopeAccess {
  readonly scope: string
  readonly orgNumber: string
  readonly approved: boolean
  readonly changed: Changed
}

export interface ScopeRegistry {
  /** Replaces what was there; accesses and delegations stay. */
  define(scope: ScopeDefinition, registration?: JsonObject): void
  /** In the order in which they came. */
  all(): readonly DefinedScope[]
  /** Granted and revoked ones, to one scope or to all, of one organisation or of all. */
  accesses(filter: { readonly scope?: string; readonly orgNumber?: string }): readonly ScopeAccess[]
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
  /** By organisation. */
  readonly access: Map<string, ScopeAccess>
}

const key = ({ scope, from, to }: Delegation): string => `${from} ${to} ${scope}`

export function createScopes(clock: Pick<EmulatorClock, 'now'>): ScopeRegistry {
  const entries = new Map<string, Entry>()
  const delegations = new Set<string>()
  const entry = (name: string): Entry => {
    const found = entries.get(name)
    if (found) return found
    throw new TypeError(`no scope named ${JSON.stringify(name)}; define it, or register a client that has it, first`)
  }
  const changedNow = (before: Changed | undefined): Changed => {
    const now = clock.now()
    return { createdAt: before?.createdAt ?? now, updatedAt: now }
  }
  const setAccess = ({ scope, access }: Entry, orgNumber: string, approved: boolean): void => {
    const before = access.get(orgNumber)
    if (before?.approved === approved || (before === undefined && !approved)) return
    access.set(orgNumber, { scope: scope.name, orgNumber, approved, changed: changedNow(before?.changed) })
  }
  return {
    define(scope, registration = {}) {
      const before = entries.get(scope.name)
      const defined = { ...withDefaults(scope), registration, changed: changedNow(before?.scope.changed) }
      const access = before?.access ?? new Map<string, ScopeAccess>()
      entries.set(scope.name, { scope: defined, defined: true, access })
    },
    register(name, orgNumber) {
      const found = entries.get(name) ?? {
        scope: { ...withDefaults({ name }), registration: {}, changed: changedNow(undefined) },
        defined: false,
        access: new Map(),
      }
      if (!found.defined) setAccess(found, orgNumber, true)
      entries.set(name, found)
    },
    get: (name) => entries.get(name)?.scope,
    all: () => [...entries.values()].map(({ scope }) => scope),
    accesses({ scope, orgNumber }) {
      const found =
        scope === undefined ? [...entries.values()] : [entries.get(scope)].filter((one) => one !== undefined)
      const all = found.flatMap(({ access }) => [...access.values()])
      return orgNumber === undefined ? all : all.filter((access) => access.orgNumber === orgNumber)
    },
    grantAccess: (scope, orgNumber) => setAccess(entry(scope), orgNumber, true),
    revokeAccess: (scope, orgNumber) => setAccess(entry(scope), orgNumber, false),
    hasAccess(name, orgNumber) {
      const found = entries.get(name)
      return found !== undefined && (found.scope.accessibleForAll || found.access.get(orgNumber)?.approved === true)
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

function withDefaults(scope: ScopeDefinition): Omit<DefinedScope, 'registration' | 'changed'> {
  return {
    name: scope.name,
    accessibleForAll: scope.accessibleForAll ?? false,
    allowedIntegrationTypes: scope.allowedIntegrationTypes ?? [],
    delegable: scope.delegable ?? false,
    atMaxAge: scope.atMaxAge ?? 0,
    pidRestricted: scope.pidRestricted ?? false,
    active: scope.active ?? true,
    owner: scope.owner ?? defaultOwner,
  }
}
