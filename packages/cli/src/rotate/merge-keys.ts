/** The set that is published next: a key more, or a key less. All others stay as they came. */
import { CommandFailed } from '../failure.ts'
import { type RegisteredJwk, thumbprintOf } from '../keys/public-half.ts'
import type { PublishedKey } from '../self-service/client.ts'
import type { Asked, Step } from './next-step.ts'

/** Of one client (Digdir). */
const MAX_KEYS = 5
const PRIVATE = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])

export interface Merge {
  readonly published: readonly PublishedKey[]
  readonly next: RegisteredJwk
  /** Of the key in use, which is never dropped. */
  readonly current: string
  /** Kids that may be dropped, since they were named. */
  readonly dropped: readonly string[]
}

/** The new key first. @throws CommandFailed `usage` when there would be more than five, or the key in use were dropped. */
export function withKey({ published, next, current, dropped }: Merge): readonly object[] {
  const isDropped = (key: PublishedKey): boolean => dropped.includes(key.kid)
  if (published.some((key) => isDropped(key) && thumbprintOf(key) === current))
    throw new CommandFailed('usage', {
      en: '--drop names the key in use; it stays until the new one is in use',
      nb: '--drop viser til nøkkelen som er i bruk; den må stå til den nye er tatt i bruk, så velg en annen',
    })
  const own = thumbprintOf(next)
  const rest = published.filter((key) => !isDropped(key) && thumbprintOf(key) !== own)
  if (rest.length < MAX_KEYS) return [next, ...rest.map(asPosted)]
  const names = rest.filter((key) => thumbprintOf(key) !== current).map(({ kid, exp }) => named(kid, exp))
  throw new CommandFailed('usage', {
    en: `the client has ${rest.length} keys, and ${MAX_KEYS} is the most; name one that nobody uses with --drop: ${names.join(', ')}`,
    nb: `klienten har ${rest.length} nøkler, og ${MAX_KEYS} er det meste; nevn en som ingen bruker, med --drop: ${names.join(', ')}`,
  })
}

/**
 * A key that is named is dropped when the new one is published, and then only. In a run that goes on behind that, it may
 * have been dropped before.
 *
 * @throws CommandFailed `usage` when a key that is named would stay, or is none of the client.
 */
export function refuseUseless(step: Step, published: readonly PublishedKey[], { dropped, isPrune }: Asked): void {
  const kids = published.map(({ kid }) => kid)
  const isPublishing = step === 'make' || step === 'publish' || (step === 'prune' && !isPrune)
  const unknown = dropped.filter((kid) => !kids.includes(kid))
  if (isPublishing && unknown.length > 0)
    throw new CommandFailed('usage', {
      en: `--drop names ${unknown.join(', ')}, which the client does not have; it has ${kids.join(', ')}`,
      nb: `--drop viser til ${unknown.join(', ')}, som klienten ikke har; den har ${kids.join(', ')}`,
    })
  const staying = dropped.filter((kid) => kids.includes(kid))
  if (!isPublishing && staying.length > 0)
    throw new CommandFailed('usage', {
      en: `--drop has no effect now, and ${staying.join(', ')} would stay: keys are dropped when a new one is published; leave --drop out`,
      nb: `--drop har ingen virkning nå, og ${staying.join(', ')} ville blitt stående: nøkler fjernes når en ny registreres; utelat --drop`,
    })
}

/** Without the key of that thumbprint. */
export function withoutKey(published: readonly PublishedKey[], thumbprint: string): readonly object[] {
  return published.filter((key) => thumbprintOf(key) !== thumbprint).map(asPosted)
}

/**
 * As it came, with its own end: posted without it, a key would get another year. `use` is wanted since 2025-05-22, and
 * older keys lack it.
 */
function asPosted(key: PublishedKey): object {
  const members = Object.entries(key).filter(
    ([name, value]) => value !== undefined && value !== null && !PRIVATE.has(name),
  )
  return { ...Object.fromEntries(members), use: 'sig' }
}

const named = (kid: string, exp: number | undefined): string =>
  exp === undefined ? kid : `${kid} (${new Date(exp * 1000).toISOString().slice(0, 10)})`
