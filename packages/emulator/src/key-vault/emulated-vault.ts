/** A vault in the hands of who runs the emulator. */
import type { VaultDenial } from './error-table.ts'
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

/** `state` is looked up at each call: a reset puts another in its place. */
export function emulatedVault(url: string, state: () => VaultState): EmulatedVault {
  return {
    url,
    setSecret(name, value, { expiresOn, notBefore, exp, nbf, ...more } = {}) {
      state().secrets.set(name, { ...more, value, exp: seconds(expiresOn) ?? exp, nbf: seconds(notBefore) ?? nbf })
    },
    enableSecret(name, enabled, version) {
      if (!state().secrets.change(name, version, { enabled })) {
        throw new TypeError(`there is no secret ${JSON.stringify(name)} to enable or disable; set it first`)
      }
    },
    deleteSecret: (name) => void state().secrets.delete(name),
    deny(error, only) {
      if (only) state().deniedSecrets.set(only.secret.toLowerCase(), error)
      else state().denied = error
    },
    allow() {
      state().denied = undefined
      state().deniedSecrets.clear()
    },
    setPaging({ size = maxPageSize, emptyPages = 0 }) {
      state().paging = { size, emptyPages }
    },
  }
}

function seconds(date: Date | undefined): number | undefined {
  return date === undefined ? undefined : Math.floor(date.getTime() / 1000)
}
