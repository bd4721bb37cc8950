/** What every token store promises, wherever it keeps tokens. */
import { setTimeout as after } from 'node:timers/promises'
import type { Lease, StoredToken, TokenStore } from '@maskinporten-kit/core'
import { afterEach, describe, expect, it, type TestContext } from 'vitest'
import { everyPrintOf } from './every-print.ts'
import { EXAM_MS } from './exam-time.ts'
import { fleetExam } from './fleet-exam.ts'

export interface ExamStore {
  readonly store: TokenStore
  /** The same place, as another process has it. For a store that only one process has: the same store. */
  readonly other: TokenStore
  /** Takes everything away again. */
  readonly close?: (() => void | Promise<void>) | undefined
}

/** A store with nothing in it. */
export type MakeExamStore = () => ExamStore | Promise<ExamStore>

const { signal } = new AbortController()
const CANARY = 'canary-of-a-token'
/** As core's are: JSON with addresses, ids and numbers of organisations. */
const KEY = '["https://maskinporten.no/","canary-client"] ["maskinporten",["a:b"],[["consumer_org","991825827"]]]'
/** Longer than a step of these tests takes on a busy machine, milliseconds. */
const LONG_MS = 60_000

export function tokenStoreExam(name: string, make: MakeExamStore): void {
  describe(`the token store exam, sat by ${name}`, { timeout: EXAM_MS }, () => {
    const open: ExamStore[] = []
    const sit = async (): Promise<ExamStore> => {
      const sitting = await make()
      open.push(sitting)
      return sitting
    }
    afterEach(async () => {
      await Promise.all(open.splice(0).map(async (sitting) => sitting.close?.()))
    })

    it('gives nothing where nothing is', async () => {
      const { store } = await sit()
      expect(await store.get(KEY, { signal })).toBeUndefined()
    })

    it('gives another process what was put in, and what remains of it on its own clock', async () => {
      const { store, other } = await sit()
      await store.set(KEY, tokenOf(), { signal })
      await after(30)
      for (const one of [store, other]) {
        const found = await one.get(KEY, { signal })
        expect(found).toEqual(tokenOf({ remainingMs: remainingOf(found) }))
        expect(remainingOf(found)).toBeLessThanOrEqual(LONG_MS - 25)
        expect(remainingOf(found)).toBeGreaterThan(LONG_MS - 20_000)
      }
    })

    it('gives nothing whose time is over', async () => {
      const { store, other } = await sit()
      await store.set(KEY, tokenOf({ remainingMs: 60 }), { signal })
      await after(120)
      expect(await store.get(KEY, { signal })).toBeUndefined()
      expect(await other.get(KEY, { signal })).toBeUndefined()
    })

    it('keeps identities apart, whatever is in them', async () => {
      const { store } = await sit()
      const keys = [
        'a',
        'A',
        'a ',
        ' a',
        'a\n',
        'a\0b',
        'a*',
        'a?',
        '{a}',
        '{a}:lease',
        '\u00e5',
        'a\u030a',
        '',
        'x'.repeat(20_000),
      ]
      for (const key of keys) await store.set(key, tokenOf({ value: `value-${keys.indexOf(key)}` }), { signal })
      const found = await Promise.all(keys.map((key) => store.get(key, { signal })))
      expect(found.map(valueOf)).toEqual(keys.map((_, index) => `value-${index}`))
    })

    it('keeps the largest token as it is', async () => {
      const { store, other } = await sit()
      const scopes = Array.from({ length: 1_000 }, (_, index) => `digdir:scope.${index}`)
      const large = tokenOf({ value: `e30.${'x'.repeat(64_000)}.c2ln`, scopes, kind: 'altinn' })
      await store.set(KEY, large, { signal })
      const found = await other.get(KEY, { signal })
      expect(found).toEqual({ ...large, remainingMs: remainingOf(found) })
    })

    it('gives the later of two tokens', async () => {
      const { store, other } = await sit()
      await store.set(KEY, tokenOf({ value: 'first', remainingMs: LONG_MS - 1_000 }), { signal })
      await other.set(KEY, tokenOf({ value: 'second' }), { signal })
      expect(valueOf(await store.get(KEY, { signal }))).toBe('second')
    })

    it('ends an operation whose signal has ended, and leaves no token', async () => {
      const { store } = await sit()
      const ended = AbortSignal.abort(new Error('left'))
      const operations = [
        store.get(KEY, { signal: ended }),
        store.set(KEY, tokenOf(), { signal: ended }),
        Promise.resolve(store.lease?.(KEY, { ttlMs: 50, signal: ended })),
      ]
      expect(await Promise.allSettled(operations)).toHaveLength(3)
      expect(await store.get(KEY, { signal })).toBeUndefined()
    })

    it('shows neither a token nor an identity when it is printed', async () => {
      const { store } = await sit()
      await store.set(KEY, tokenOf(), { signal })
      const lease = await store.lease?.(KEY, { ttlMs: 1_000, signal })
      const shown = everyPrintOf([store, lease])
      expect(shown).not.toContain(CANARY)
      expect(shown).not.toContain('canary-client')
    })

    describe('leases', () => {
      const leaseOf = (store: TokenStore, context: TestContext): NonNullable<TokenStore['lease']> => {
        if (store.lease === undefined) context.skip('this store has no leases')
        return async (key, options) => store.lease?.(key, options)
      }
      const ttlMs = LONG_MS

      it('go to one of all who ask', async (context) => {
        const { store, other } = await sit()
        const [lease, otherLease] = [leaseOf(store, context), leaseOf(other, context)]
        const asked = Array.from({ length: 50 }, (_, index) => (index % 2 ? lease : otherLease)(KEY, { ttlMs, signal }))
        expect((await Promise.all(asked)).filter((one) => one !== undefined)).toHaveLength(1)
        expect(await lease(`${KEY}2`, { ttlMs, signal })).toBeDefined()
      })

      it('are free again when they are given back', async (context) => {
        const { store, other } = await sit()
        const held = await leaseOf(store, context)(KEY, { ttlMs, signal })
        expect(await leaseOf(other, context)(KEY, { ttlMs, signal })).toBeUndefined()
        await held?.release()
        expect(await leaseOf(other, context)(KEY, { ttlMs, signal })).toBeDefined()
      })

      it('end by themselves, and one that has ended frees no other', async (context) => {
        const { store, other } = await sit()
        const gone = await leaseOf(store, context)(KEY, { ttlMs: 40, signal })
        await after(80)
        const held = await leaseOf(other, context)(KEY, { ttlMs, signal })
        expect(held).toBeDefined()
        await gone?.release()
        expect(await leaseOf(store, context)(KEY, { ttlMs, signal })).toBeUndefined()
        await held?.release()
        expect(await leaseOf(store, context)(KEY, { ttlMs, signal })).toBeDefined()
      })

      it('of a process that is gone hold nobody up for longer than the own would last', async (context) => {
        const { store, other } = await sit()
        await leaseOf(store, context)(KEY, { ttlMs, signal })
        expect(await leaseOf(other, context)(KEY, { ttlMs: 60, signal })).toBeUndefined()
        await after(120)
        expect(await leaseOf(other, context)(KEY, { ttlMs: 60, signal })).toBeDefined()
      })

      it('a lease does not block reading the token', async (context) => {
        const { store, other } = await sit()
        const lease = await leaseOf(store, context)(KEY, { ttlMs, signal })
        await store.set(KEY, tokenOf(), { signal, lease })
        expect(valueOf(await other.get(KEY, { signal }))).toBe(CANARY)
        await lease?.release()
        expect(valueOf(await other.get(KEY, { signal }))).toBe(CANARY)
      })

      it('fence: who comes late with an old lease replaces nothing that a later one brought', async (context) => {
        const { store, other } = await sit()
        const old: Lease | undefined = await leaseOf(store, context)(KEY, { ttlMs: 30, signal })
        await after(60)
        const later = await leaseOf(other, context)(KEY, { ttlMs, signal })
        await other.set(KEY, tokenOf({ value: 'later' }), { signal, lease: later })
        await store.set(KEY, tokenOf({ value: 'late' }), { signal, lease: old }).catch(() => {})
        expect(valueOf(await store.get(KEY, { signal }))).toBe('later')
        await other.set(KEY, tokenOf({ value: 'latest' }), { signal, lease: later })
        expect(valueOf(await store.get(KEY, { signal }))).toBe('latest')
      })

      it('a token fetched under an expired lease is still stored', async (context) => {
        const { store, other } = await sit()
        const old = await leaseOf(store, context)(KEY, { ttlMs: 30, signal })
        await after(60)
        await store.set(KEY, tokenOf(), { signal, lease: old })
        expect(valueOf(await other.get(KEY, { signal }))).toBe(CANARY)
      })
    })

    fleetExam(sit)
  })
}

function tokenOf(own: Partial<StoredToken> = {}): StoredToken {
  return { value: CANARY, kind: 'maskinporten', scopes: ['a:b'], lifetimeMs: LONG_MS, remainingMs: LONG_MS, ...own }
}

function valueOf(found: StoredToken | 'invalid' | undefined): string | undefined {
  return typeof found === 'object' ? found.value : found
}

function remainingOf(found: StoredToken | 'invalid' | undefined): number {
  return typeof found === 'object' ? found.remainingMs : Number.NaN
}
