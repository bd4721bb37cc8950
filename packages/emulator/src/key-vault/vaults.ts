/** The vaults: one that answers to every name, and those that were given a name of their own. */
import type { EmulatorClock } from '../clock.ts'
import { vaultAt } from '../network/names.ts'
import type { VaultDenial } from './error-table.ts'
import { createSecrets, type SecretStore } from './secrets.ts'

export interface VaultPaging {
  /** Items on a page, at most. Default 25, which is also the most that a real vault gives. */
  readonly size?: number | undefined
  /** Pages with no item but a `nextLink` before the first: a real vault may send them. Default 0. */
  readonly emptyPages?: number | undefined
}

export interface VaultState {
  readonly secrets: SecretStore
  paging: { readonly size: number; readonly emptyPages: number }
  /** For all that is asked of it. */
  denied: VaultDenial | undefined
  /** For single secrets, by name in lower case. */
  readonly deniedSecrets: Map<string, VaultDenial>
}

export interface Vaults {
  common(): VaultState
  /** Kept apart from the common one from now on. @throws TypeError for a name that a vault cannot have. */
  named(name: string): VaultState
  /** The one that answers under this host. */
  at(host: string): VaultState
  /** Empties the common one, and takes the others away. */
  clear(): void
}

export const maxPageSize = 25

export function createVaults(clock: EmulatorClock): Vaults {
  let common = createVault(clock)
  const named = new Map<string, VaultState>()
  return {
    common: () => common,
    named(name) {
      if (!/^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/i.test(name)) {
        throw new TypeError(
          `${JSON.stringify(name)} is not a name for a vault; use 3 to 24 letters, digits and single hyphens, a letter first`,
        )
      }
      const known = named.get(name.toLowerCase())
      if (known) return known
      const made = createVault(clock)
      named.set(name.toLowerCase(), made)
      return made
    },
    at: (host) => named.get(vaultAt(host) ?? '') ?? common,
    clear() {
      common = createVault(clock)
      named.clear()
    },
  }
}

function createVault(clock: EmulatorClock): VaultState {
  return {
    secrets: createSecrets(clock),
    paging: { size: maxPageSize, emptyPages: 0 },
    denied: undefined,
    deniedSecrets: new Map(),
  }
}
