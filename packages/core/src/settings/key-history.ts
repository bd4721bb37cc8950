/** The key ring: the keys of the settings, and for a day the keys that these replaced. */
import type { MaskinportenEvents } from '../events.ts'
import type { Time } from '../time.ts'
import type { CredentialKey } from './credential.ts'
import type { ResolvedSettings } from './settings-provider.ts'
import { type SigningKey, keyName } from '../keys/signer.ts'

const MAX_KEYS = 3
/** A replaced key may sign for another day: Maskinporten may not know the new key yet. */
const GRACE_MS = 24 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
/** A key registered in Samarbeidsportalen lives a year at most (Digdir). */
const KEY_LIFE_MS = 365 * DAY_MS
/** Warnings before the end, as parts of the key's life. A team that replaces keys in time gets no warning, also when its keys live a day. */
const WARN_PARTS = [1 / 6, 1 / 12, 1 / 50]
/** Warnings before the end of a key whose start is not known. */
const WARN_MS = [7 * DAY_MS, DAY_MS]

export interface KeptKey extends CredentialKey {
  /** When the key left the settings. */
  readonly retiredAt?: number | undefined
}

export class KeyHistory {
  readonly #time: Time
  #client = ''
  #kept: readonly KeptKey[] = []
  /** How many warnings of each key were given. */
  readonly #warned = new Map<string, number>()

  constructor(time: Time) {
    this.#time = time
  }

  get entries(): readonly KeptKey[] {
    return this.#kept
  }

  /** Of the newest key. */
  get life(): ResolvedSettings['keyLife'] {
    const { start, end } = (this.#kept[0] && lifeOf(this.#kept[0])) ?? {}
    return end === undefined ? undefined : { startsAt: start, endsAt: end }
  }

  /** Newest first. `client` names the owner of the keys: the keys of another client are dropped. */
  update(client: string, fresh: readonly CredentialKey[]): readonly SigningKey[] {
    const before = client === this.#client ? this.#kept : []
    const now = this.#time.now
    const current: KeptKey[] = fresh.map(({ key, entry }) => {
      const same = before.find((one) => one.key.id === key.id && one.key.kid === key.kid && one.key.alg === key.alg)
      if (same === undefined) return { key, entry }
      // A store may give the same key other dates.
      const { issuedAt, expiresAt } = key
      const isAsBefore = same.key.issuedAt === issuedAt && same.key.expiresAt === expiresAt
      const kept = { key: isAsBefore ? same.key : { ...same.key, issuedAt, expiresAt }, entry }
      if ((lifeOf(kept)?.end ?? Infinity) > (lifeOf(same)?.end ?? Infinity)) this.#warned.delete(key.id)
      return kept
    })
    const replaced = before
      .filter(
        ({ key }) =>
          !current.some((one) => one.key.id === key.id || (key.kid !== undefined && one.key.kid === key.kid)),
      )
      .map((one): KeptKey => ({ ...one, retiredAt: one.retiredAt ?? now }))
      .filter(({ retiredAt }) => retiredAt === undefined || this.#time.now < retiredAt + GRACE_MS)
    this.#client = client
    this.#kept = [...current, ...replaced].slice(0, MAX_KEYS)
    for (const id of this.#warned.keys()) if (!this.#kept.some(({ key }) => key.id === id)) this.#warned.delete(id)
    return Object.freeze(this.#kept.map(({ key }) => key))
  }

  /** Whether the newest key would keep its kid in an update. With a `change`, another key then has the same kid. */
  reusesKid([next]: readonly CredentialKey[]): boolean {
    const kid = next?.key.kid
    return kid !== undefined && kid === this.#kept[0]?.key.kid
  }

  /** The change of the newest key that an update would bring; `undefined`: none. */
  change(client: string, [next]: readonly CredentialKey[]): MaskinportenEvents['key.changed'] | undefined {
    const [last] = this.#kept
    if (client !== this.#client || last === undefined || next === undefined || last.key.id === next.key.id)
      return undefined
    return {
      kid: keyName(next.key),
      previousKid: keyName(last.key),
      origin: next.entry?.origin ?? '',
      ageMs: next.entry?.createdAt === undefined ? undefined : this.#time.wall - next.entry.createdAt,
      previousAgeMs: this.#time.wall - (last.entry?.createdAt ?? last.key.addedAt),
    }
  }

  /** A warning about the end of the newest key, when one is due. Each is given once; the last is an error. */
  expiresSoon(): (MaskinportenEvents['key.expires-soon'] & { readonly level: 'warn' | 'error' }) | undefined {
    const [newest] = this.#kept
    const life = newest && lifeOf(newest)
    if (newest === undefined || life === undefined) return undefined
    const msLeft = life.end - this.#time.wall
    const due = life.warnings.filter((ms) => msLeft <= ms).length
    if (due <= (this.#warned.get(newest.key.id) ?? 0)) return undefined
    this.#warned.set(newest.key.id, due)
    const level = due === life.warnings.length ? 'error' : 'warn'
    return { kid: keyName(newest.key), daysLeft: msLeft / DAY_MS, level }
  }

  /** Milliseconds until the next warning; `Infinity`: there is none. */
  get warnsInMs(): number {
    const life = this.#kept[0] && lifeOf(this.#kept[0])
    const waits = life?.warnings.map((ms) => life.end - this.#time.wall - ms) ?? []
    return Math.min(...waits.filter((ms) => ms > 0), Infinity)
  }
}

export function kidReused({ kid, origin }: MaskinportenEvents['key.changed']): MaskinportenEvents['settings.warning'] {
  const message = `the kid ${kid} now belongs to another key, and Maskinporten answers MP-124 until the public half of that key is registered. Give a new key a new kid.`
  return { code: 'KEY_KID_REUSED', key: 'kid', origin, message }
}

interface KeyLife {
  /** Milliseconds since the Unix epoch, as is `end`; `undefined`: not known. */
  readonly start: number | undefined
  readonly end: number
  /** Milliseconds before the end, the first warning first. */
  readonly warnings: readonly number[]
}

/** If the key itself has no start, its life starts with the store's date of creation. */
function lifeOf({ key, entry }: CredentialKey): KeyLife | undefined {
  const start = key.issuedAt ?? entry?.createdAt
  // A certificate states its own end.
  const latest = start === undefined || key.x5c !== undefined ? Infinity : start + KEY_LIFE_MS
  const end = Math.min(key.expiresAt ?? Infinity, latest)
  if (end === Infinity) return undefined
  const ms = start === undefined ? 0 : end - start
  return { start, end, warnings: ms > 0 ? WARN_PARTS.map((part) => ms * part) : WARN_MS }
}
