/** The ring: the keys of the settings, and those they replaced, for as long as they may still be needed. */
import type { MaskinportenEvents } from '../events.ts'
import type { Moment, Time } from '../time.ts'
import { nameOf } from './key-name.ts'
import type { CredentialKey } from './credential.ts'
import type { SigningKey } from './signer.ts'

const MAX_KEYS = 3
/** A replaced key signs for another day: Maskinporten may not know its successor yet. */
const GRACE_MS = 24 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
/** A key registered in Samarbeidsportalen lives a year at most (Digdir). */
const KEY_LIFE_MS = 365 * DAY_MS
const WARN_DAYS = [7, 30, 60]

export interface KeptKey extends CredentialKey {
  /** Since when it is no longer in the settings. */
  readonly retiredAt?: Moment | undefined
}

export class KeyHistory {
  readonly #time: Time
  #client = ''
  #kept: readonly KeptKey[] = []
  /** The last warning of each key, in days. */
  readonly #warned = new Map<string, number>()

  constructor(time: Time) {
    this.#time = time
  }

  get entries(): readonly KeptKey[] {
    return this.#kept
  }

  /** Newest first. `client` is whose keys they are: another client's ring is dropped. */
  update(client: string, fresh: readonly CredentialKey[]): readonly SigningKey[] {
    const before = client === this.#client ? this.#kept : []
    const now = this.#time.after(0)
    const current: KeptKey[] = fresh.map(({ key, entry }) => {
      const same = before.find((one) => one.key.id === key.id && one.key.kid === key.kid && one.key.alg === key.alg)
      if (same === undefined) return { key, entry }
      // A store may give the same key another end.
      const kept = {
        key: same.key.expiresAt === key.expiresAt ? same.key : { ...same.key, expiresAt: key.expiresAt },
        entry,
      }
      if ((endOf(kept) ?? Infinity) > (endOf(same) ?? Infinity)) this.#warned.delete(key.id)
      return kept
    })
    const former = before
      .filter(
        ({ key }) =>
          !current.some((one) => one.key.id === key.id || (key.kid !== undefined && one.key.kid === key.kid)),
      )
      .map((one): KeptKey => ({ ...one, retiredAt: one.retiredAt ?? now }))
      .filter(({ retiredAt }) => retiredAt === undefined || this.#time.since(retiredAt) < GRACE_MS)
    this.#client = client
    this.#kept = [...current, ...former].slice(0, MAX_KEYS)
    return Object.freeze(this.#kept.map(({ key }) => key))
  }

  /** What an update would put in front, beside what is in front now. */
  change(client: string, [next]: readonly CredentialKey[]): MaskinportenEvents['key.changed'] | undefined {
    const [last] = this.#kept
    if (client !== this.#client || last === undefined || next === undefined || last.key.id === next.key.id)
      return undefined
    return {
      kid: nameOf(next.key),
      previousKid: nameOf(last.key),
      origin: next.entry?.origin ?? '',
      ageMs: next.entry?.createdAt === undefined ? undefined : this.#time.wall - next.entry.createdAt,
      previousAgeMs: this.#time.wall - (last.entry?.createdAt ?? last.key.addedAt),
    }
  }

  /** 60, 30 and 7 days before the newest key's end, each once. Its store's date of creation stands in where no end is known. */
  expiresSoon(): MaskinportenEvents['key.expires-soon'] | undefined {
    const [newest] = this.#kept
    const end = newest && endOf(newest)
    if (newest === undefined || end === undefined) return undefined
    const daysLeft = Math.floor((end - this.#time.wall) / DAY_MS)
    const step = WARN_DAYS.find((days) => daysLeft <= days)
    if (step === undefined || step >= (this.#warned.get(newest.key.id) ?? Infinity)) return undefined
    this.#warned.set(newest.key.id, step)
    return { kid: nameOf(newest.key), daysLeft }
  }
}

const endOf = ({ key, entry }: CredentialKey): number | undefined =>
  key.expiresAt ?? (entry?.createdAt === undefined ? undefined : entry.createdAt + KEY_LIFE_MS)
