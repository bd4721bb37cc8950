// HTTP dates only: what `Date.parse` takes beside them is not a time.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MaskinportenError } from '@maskinporten-kit/core'
import { AttemptFailed } from '../../src/http/attempt-failed.ts'

const NOW = Date.UTC(2026, 10, 30, 8, 0, 0)

function failed(headers: Readonly<Record<string, string>>): AttemptFailed {
  const given = new Headers(headers)
  return new AttemptFailed(new MaskinportenError('token_unavailable', 'x'), {
    place: 'https://issuer.example/token',
    status: 503,
    text: '',
    header: (name) => given.get(name),
    sentAt: NOW,
    receivedAt: NOW,
    durationMs: 0,
  })
}

const IN_A_MINUTE = ['Mon, 30 Nov 2026 08:01:00 GMT', 'Monday, 30-Nov-26 08:01:00 GMT', 'Mon Nov 30 08:01:00 2026']
const NO_DATES = [
  '1',
  '2026',
  '-1',
  '1e3',
  '2026-11-30',
  '2026-11-30T08:01:00Z',
  'Mon, 30 Nov 2026 08:01:00',
  'Mon, 30 Nov 2026 08:01:00 +0200',
  '30 Nov 2026 08:01:00 GMT',
  'Nov 30 2026',
  'Mon, 30 Nov 2026 99:99:99 GMT',
  'in 5 minutes',
  'retry 9',
]

afterEach(() => void vi.unstubAllEnvs())

describe('Date', () => {
  it.each(IN_A_MINUTE)('%s is in GMT, whatever the zone of this machine', (date) => {
    vi.stubEnv('TZ', 'America/New_York')
    expect(failed({ date }).skewMs).toBe(60_000)
    expect(failed({ 'retry-after': date }).retryAfterMs).toBe(60_000)
  })
  it.each(IN_A_MINUTE)('%s says how far the clocks are apart', (date) => {
    expect(failed({ date }).skewMs).toBe(60_000)
  })
  it.each(NO_DATES)('%s is not read', (date) => {
    expect(failed({ date }).skewMs).toBeNaN()
  })
})

describe('Retry-After', () => {
  it.each(IN_A_MINUTE)('%s is a minute from now', (date) => {
    expect(failed({ 'retry-after': date }).retryAfterMs).toBe(60_000)
  })
  it('as a date is read against the Date of the answer', () => {
    const date = 'Mon, 30 Nov 2026 08:00:50 GMT'
    expect(failed({ 'retry-after': IN_A_MINUTE[0] ?? '', date }).retryAfterMs).toBe(10_000)
  })
  it('in seconds is so many', () => {
    expect(failed({ 'retry-after': '7' }).retryAfterMs).toBe(7_000)
    expect(failed({ 'retry-after': '120' }).retryAfterMs).toBe(120_000)
  })
  it('that has passed asks for no wait', () => {
    expect(failed({ 'retry-after': 'Mon, 30 Nov 2026 07:59:00 GMT' }).retryAfterMs).toBe(0)
    expect(failed({}).retryAfterMs).toBe(0)
  })
  it.each(NO_DATES.filter((text) => !/^\d+$/.test(text)))('%s is not read', (date) => {
    expect(failed({ 'retry-after': date }).retryAfterMs).toBe(0)
  })
})
