/** The part of the token store exam with core in front of the store and the emulator behind core. */
import { createMaskinporten } from '@maskinporten-kit/core'
import type { Lease, Maskinporten, MaskinportenEvent, TokenStore } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import type { EmulatedClient, Emulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXAM_MS } from './exam-time.ts'

/** Core's, milliseconds: so long a lease lasts while somebody waits, and so long an attempt is alone. */
const LEASE_MS = 3_000
const ATTEMPT_MS = 3_000
const MAX_ATTEMPTS = 3
/** A busy machine is neither a store that is down nor a call that fails, milliseconds. */
const STORE_MS = 5_000
const CALL_MS = 60_000

export function fleetExam(sit: () => Promise<{ readonly store: TokenStore; readonly other: TokenStore }>): void {
  describe('with core and the emulator', () => {
    let emulator: Emulator
    let registered: EmulatedClient
    const made: Maskinporten[] = []
    const events: MaskinportenEvent[] = []
    /** The leases that are out, by key, and the keys of those that another took over. */
    const held = new Map<string, Lease>()
    const takenOver: string[] = []
    const create = (store: TokenStore): Maskinporten => {
      const watched = watchLeases(store, held, (key) => takenOver.push(key))
      const maskinporten = createMaskinporten(registered.settings, { store: watched, timeoutMs: CALL_MS })
      maskinporten.subscribe((event) => events.push(event))
      made.push(maskinporten)
      return maskinporten
    }

    beforeAll(async () => {
      emulator = await startEmulator()
      registered = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
    }, EXAM_MS)
    afterAll(() => emulator.close())
    beforeEach(() => {
      events.length = 0
      held.clear()
      takenOver.length = 0
      emulator.clearRequests()
    })
    afterEach(async () => {
      await Promise.all(made.splice(0).map((maskinporten) => maskinporten.close()))
    })

    const failures = (): readonly MaskinportenEvent[] => events.filter(({ type }) => type === 'store.failed')

    it('gives a later instance the token of an earlier one', async () => {
      const { store, other } = await sit()
      const first = create(store)
      const { value, scopes } = await first.getToken({ kind: 'altinn' })
      // A token is written behind its caller, and `close()` waits for it.
      await first.close()
      const found = await create(other).getToken({ kind: 'altinn' })
      expect([found.value, found.scopes]).toEqual([value, scopes])
      expect(failures()).toEqual([])
    })

    it('gives an instance the successor of a token that an API rejected', async () => {
      const { store, other } = await sit()
      const [one, two] = [create(store), create(other)]
      const rejected = await one.getToken()
      const successor = await one.getToken(undefined, { rejected })
      expect(successor.value).not.toBe(rejected.value)
      await one.close()
      expect((await two.getToken()).value).toBe(successor.value)
      expect(failures()).toEqual([])
    })

    it(
      'lets a fleet of 16 instances with 50 callers each make one token request and one exchange',
      async (context) => {
        const { store, other } = await sit()
        if (store.lease === undefined) context.skip('this store has no leases')
        const fleet = Array.from({ length: 16 }, (_, index) => create(index % 2 ? store : other))
        const began = performance.now()
        const tokens = await Promise.all(
          fleet.flatMap((maskinporten) => Array.from({ length: 50 }, () => maskinporten.getToken({ kind: 'altinn' }))),
        )
        const elapsedMs = performance.now() - began
        // On a machine so busy that the one that asks takes longer than its lease, another asks too, by design.
        expect(takenOver.length).toBeLessThanOrEqual(2 * Math.floor(elapsedMs / LEASE_MS))
        const asking = 1 + takenOver.length
        expect(new Set(tokens.map(({ value }) => value)).size).toBeLessThanOrEqual(asking)
        const attempts = Math.min(MAX_ATTEMPTS, 1 + Math.floor(elapsedMs / ATTEMPT_MS))
        for (const target of ['token', 'exchange'] as const) {
          expect(emulator.requests(target).length).toBeGreaterThanOrEqual(1)
          expect(emulator.requests(target).length).toBeLessThanOrEqual(asking * attempts)
        }
        expect(failures()).toEqual([])
      },
      CALL_MS + 30_000,
    )
  })
}

/**
 * The store, with a patience for busy machines.
 *
 * @param held the leases that are out, by key: those of all stores of one place.
 * @param takenOver told of each lease that was granted while another had not been given back: that one had expired.
 */
function watchLeases(store: TokenStore, held: Map<string, Lease>, takenOver: (key: string) => void): TokenStore {
  const own = new WeakMap<Lease, Lease>()
  return {
    timeoutMs: Math.max(STORE_MS, store.timeoutMs ?? 0),
    get: (key, options) => store.get(key, options),
    set: (key, token, { signal, lease }) => store.set(key, token, { signal, lease: lease && own.get(lease) }),
    lease: async (key, options) => {
      const granted = await store.lease?.(key, options)
      if (granted === undefined) return undefined
      if (held.has(key)) takenOver(key)
      const lease: Lease = {
        release: async () => {
          if (held.get(key) === lease) held.delete(key)
          await granted.release()
        },
      }
      own.set(lease, granted)
      held.set(key, lease)
      return lease
    },
  }
}
