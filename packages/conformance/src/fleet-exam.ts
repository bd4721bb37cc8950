/** The part of the token store exam with core in front of the store and the emulator behind core. */
import { createMaskinporten } from '@maskinporten-kit/core'
import type { Maskinporten, MaskinportenEvent, TokenStore } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import type { EmulatedClient, Emulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

export function fleetExam(sit: () => Promise<{ readonly store: TokenStore; readonly other: TokenStore }>): void {
  describe('with core and the emulator', () => {
    let emulator: Emulator
    let registered: EmulatedClient
    const made: Maskinporten[] = []
    const events: MaskinportenEvent[] = []
    const create = (store: TokenStore): Maskinporten => {
      const maskinporten = createMaskinporten(registered.settings, { store })
      maskinporten.subscribe((event) => events.push(event))
      made.push(maskinporten)
      return maskinporten
    }

    beforeAll(async () => {
      emulator = await startEmulator()
      registered = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
    })
    afterAll(() => emulator.close())
    beforeEach(() => {
      events.length = 0
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

    it('lets a fleet of 16 instances with 50 callers each make one token request and one exchange', async (context) => {
      const { store, other } = await sit()
      if (store.lease === undefined) context.skip('this store has no leases')
      const fleet = Array.from({ length: 16 }, (_, index) => create(index % 2 ? store : other))
      const tokens = await Promise.all(
        fleet.flatMap((maskinporten) => Array.from({ length: 50 }, () => maskinporten.getToken({ kind: 'altinn' }))),
      )
      expect(new Set(tokens.map(({ value }) => value)).size).toBe(1)
      expect([emulator.requests('token').length, emulator.requests('exchange').length]).toEqual([1, 1])
      expect(failures()).toEqual([])
    })
  })
}
