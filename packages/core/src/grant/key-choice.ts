/** The choice of the key that signs: the newest that is not quarantined. When all are quarantined, the newest. */
import type { Time } from '../time.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { SigningKey } from '../keys/signer.ts'

const QUARANTINE_MS = 15_000
const QUARANTINE_MAX_MS = 120_000

interface Quarantine {
  readonly since: number
  readonly lengthMs: number
}

/** What Maskinporten judges: the same key under another kid may be known there. */
export const signatureOf = ({ id, kid, alg }: SigningKey): string => JSON.stringify([id, kid, alg])

export class KeyChoice {
  readonly #time: Time
  readonly #quarantined = new Map<string, Quarantine>()
  #revision = 0

  constructor(time: Time) {
    this.#time = time
  }

  /** The next key whose `signatureOf` this attempt has not tried; undefined when Maskinporten has refused all of them. */
  next(settings: ResolvedSettings, tried: ReadonlySet<string>): SigningKey | undefined {
    // Changed settings end all quarantines. A flight that began under earlier settings does not.
    if (settings.revision > this.#revision) {
      this.#quarantined.clear()
      this.#revision = settings.revision
    }
    const left = settings.keys.filter((key) => !tried.has(signatureOf(key)))
    return left.find((key) => !this.#isQuarantined(key)) ?? left[0]
  }

  /** Call it only when another key is left to sign with. Without one, the pause after a failure is enough. */
  quarantine(key: SigningKey): void {
    if (this.#isQuarantined(key)) return
    const before = this.#quarantined.get(signatureOf(key))
    const lengthMs = before === undefined ? QUARANTINE_MS : Math.min(before.lengthMs * 2, QUARANTINE_MAX_MS)
    this.#quarantined.set(signatureOf(key), { since: this.#time.now, lengthMs })
  }

  /** Maskinporten has accepted the key. */
  release(key: SigningKey): void {
    this.#quarantined.delete(signatureOf(key))
  }

  /** Maskinporten has refused all keys. */
  releaseAll(): void {
    this.#quarantined.clear()
  }

  #isQuarantined(key: SigningKey): boolean {
    const quarantine = this.#quarantined.get(signatureOf(key))
    return quarantine !== undefined && this.#time.now < quarantine.since + quarantine.lengthMs
  }
}
