import { readFileSync } from 'node:fs'
import type { MaskinportenEvents } from '@maskinporten-kit/core'
import { expect, it } from 'vitest'

/** Each event with the fields that a listener may read: the compiler knows when one is missing. */
const FIELDS: {
  readonly [T in keyof MaskinportenEvents]: Readonly<Record<Exclude<keyof MaskinportenEvents[T], 'id'>, true>>
} = {
  'token.start': { why: true, kind: true, scopes: true, parentId: true, consumerOrg: true, systemUserOrg: true },
  'token.end': { durationMs: true, error: true, from: true, lifetimeMs: true, expiresAt: true },
  'exchange.start': { parentId: true },
  'exchange.end': { durationMs: true, error: true },
  'store.failed': { operation: true, reason: true, errorName: true, errorCode: true },
  'clock.repaired': { skewMs: true },
  'settings.changed': { revision: true, keys: true, why: true, durationMs: true },
  'settings.warning': { code: true, key: true, origin: true, message: true },
  'settings.failed': { source: true, error: true, failures: true, why: true, durationMs: true },
  'settings.recovered': { source: true, failures: true },
  'key.changed': { kid: true, previousKid: true, origin: true, ageMs: true, previousAgeMs: true },
  'key.rejected': { kid: true, fallbackKid: true },
  'key.expires-soon': { kid: true, daysLeft: true },
  closed: {},
}

it('the README’s table has every event with all its fields', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const missing = Object.entries(FIELDS).flatMap(([event, fields]) => {
    const row = readme.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${event}\``)) ?? ''
    return [event, ...Object.keys(fields)]
      .filter((name) => !row.includes(`\`${name}\``))
      .map((name) => `${event}: ${name}`)
  })
  expect(missing).toEqual([])
})
