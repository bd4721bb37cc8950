/** No token is kept for longer, whatever its server says, seconds: a day. Longer lives are not documented anywhere. */
export const MAX_LIFETIME_SECONDS = 86_400

/** A number as JSON has it, or in digits as some servers write it; all else is NaN. */
export function numberIn(value: unknown): number {
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  return typeof value === 'number' ? value : Number.NaN
}

/** A life in milliseconds: what the server said, else the documented default. */
export function lifetimeMs(seconds: number, defaultSeconds: number): number {
  return 1000 * Math.min(seconds >= 0 ? seconds : defaultSeconds, MAX_LIFETIME_SECONDS)
}
