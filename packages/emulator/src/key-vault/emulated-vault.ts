/** A vault in the hands of who runs the emulator. */
import { isVaultDenial, type VaultDenial } from './error-table.ts'
import { maxPageSize, type VaultPaging, type VaultState } from './vaults.ts'

export interface SecretOptions {
  readonly contentType?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** Default true. A disabled one is refused with 403. */
  readonly enabled?: boolean | undefined
  /** The next two are told to the reader and keep no value back, as in a real vault. */
  readonly expiresOn?: Date | undefined
  readonly notBefore?: Date | undefined
  /** The same as `expiresOn` and `notBefore` in seconds since the epoch, as on the wire. */
  readonly exp?: number | undefined
  readonly nbf?: number | undefined
}

export interface EmulatedVault {
  readonly url: string
  /** A new version of a secret. @throws TypeError for a name that a secret cannot have. */
  setSecret(name: string, value: string, options?: SecretOptions): void
  /** Enables or disables the newest version, or another. @throws TypeError when there is none. */
  enableSecret(name: string, enabled: boolean, version?: string): void
  /** With all its versions. */
  deleteSecret(name: string): void
  /** Refuses every caller from now on, for all secrets or for one, with a 403 of this kind, until `allow`. @throws TypeError for another kind. */
  deny(error: VaultDenial, only?: { readonly secret: string }): void
  /** Takes back what `deny` has said. */
  allow(): void
  /** How lists are divided from now on. @throws RangeError for a page of less than 1 or more than 25 items. */
  setPaging(paging: VaultPaging): void
}

export function emulatedVault(url: string, state: VaultState): EmulatedVault {
  const { secrets, deniedSecrets } = state
  return {
    url,
    setSecret(name, value, { expiresOn, notBefore, exp, nbf, ...more } = {}) {
      secrets.set(name, { ...more, value, exp: seconds(expiresOn) ?? exp, nbf: seconds(notBefore) ?? nbf })
    },
    enableSecret(name, enabled, version) {
      if (!secrets.change(name, version, { enabled })) {
        throw new TypeError(`there is no secret ${JSON.stringify(name)} to enable or disable; set it first`)
      }
    },
    deleteSecret: (name) => void secrets.delete(name),
    deny(error, only) {
      if (!isVaultDenial(error))
        throw new TypeError(`a vault cannot deny with ${JSON.stringify(error)}; see VaultDenial`)
      if (only) deniedSecrets.set(only.secret.toLowerCase(), error)
      else state.denied = error
    },
    allow() {
      state.denied = undefined
      deniedSecrets.clear()
    },
    setPaging({ size = maxPageSize, emptyPages = 0 }) {
      if (!(size >= 1 && size <= maxPageSize && emptyPages >= 0)) {
        throw new RangeError(`a page has 1 to ${maxPageSize} items; give \`size\` within that`)
      }
      state.paging = { size, emptyPages }
    },
  }
}

function seconds(date: Date | undefined): number | undefined {
  return date === undefined ? undefined : Math.floor(date.getTime() / 1000)
}
