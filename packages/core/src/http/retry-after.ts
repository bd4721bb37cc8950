/**
 * `Retry-After` (RFC 9110 §10.2.3) in milliseconds: seconds, or a date, which is read against the answer's own `Date`,
 * since the two machines' clocks differ. Absent or unreadable: 0.
 */
export function retryAfterMs(header: (name: string) => string | null, receivedAt: number): number {
  const value = header('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const until = Date.parse(value)
  if (Number.isNaN(until)) return 0
  const now = Date.parse(header('date') ?? '')
  return Math.max(0, until - (Number.isNaN(now) ? receivedAt : now))
}
