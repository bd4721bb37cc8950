/** How far a key's life has come. */

/** `soon` and `sooner` are warnings; `critical` is the last one before the end. */
export type LifeLevel = 'ok' | 'soon' | 'sooner' | 'critical' | 'ended' | 'unknown'

const DAY_MS = 86_400_000
/** What is left, as shares of the life, as core's event `key.expires-soon` has them: teams replace keys of 30 days after 23. */
const SHARES = [1 / 6, 1 / 12, 1 / 50]
/** When the start is not known. */
const LEFT_MS = [7 * DAY_MS, 3 * DAY_MS, DAY_MS]
const LEVELS = ['ok', 'soon', 'sooner', 'critical'] as const

export interface Life {
  /** Milliseconds since the Unix epoch, as the other two. */
  readonly startsAt?: number | undefined
  readonly endsAt?: number | undefined
}

export function levelOf({ startsAt, endsAt }: Life, now: number): LifeLevel {
  if (endsAt === undefined) return 'unknown'
  const left = endsAt - now
  if (left <= 0) return 'ended'
  const whole = startsAt === undefined || startsAt >= endsAt ? undefined : endsAt - startsAt
  const limits = whole === undefined ? LEFT_MS : SHARES.map((share) => share * whole)
  return LEVELS[limits.filter((limit) => left <= limit).length] ?? 'critical'
}

/** What is left when teams replace a key: of 30 days, the last 7. */
const DUE_SHARE = 7 / 30

/** Whether it is time to replace a key. One whose end nobody knows is due; of one whose start nobody knows, the last 7 days. */
export function isDue({ startsAt, endsAt }: Life, now: number): boolean {
  if (endsAt === undefined) return true
  const limit = startsAt === undefined || startsAt >= endsAt ? 7 * DAY_MS : DUE_SHARE * (endsAt - startsAt)
  return endsAt - now < limit
}

/** Whole days, rounded down; less than 0 after the end. */
export const daysBetween = (from: number, to: number): number => Math.floor((to - from) / DAY_MS)
