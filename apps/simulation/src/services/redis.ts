/** A Redis that several machines share: its own clock, leases with fencing, and what a client of it does when it fails. */
import type { Lease, StoredToken, TokenStore } from '@maskinporten-kit/core'
import type { Active } from '../faults.ts'
import type { Machine } from '../machine.ts'
import type { Network } from '../network.ts'
import type { Timeline } from '../timeline.ts'

/** What a client gives one operation, and how long it leaves a store alone that did not answer, milliseconds. */
const GUARD_MS = 50
const SKIP_MS = 5_000
/** When an answer that nobody waits for has come. */
const LATE_MS = 5

interface HeldLease {
  readonly machine: Machine
  readonly fence: number
  readonly grantedAt: number
  readonly until: number
}

/** Told of what machines do with it. */
export interface RedisWatcher {
  readonly saw: (what: 'a lease taken over' | 'a late writer fenced off' | 'a lease refused') => void
  /** What was fetched under a lease must be written under it. */
  readonly wrote: (
    machine: Machine,
    value: string,
    held: { readonly grantedAt: number } | undefined,
    isFenced: boolean,
  ) => void
}

export class Redis {
  watcher: RedisWatcher | undefined
  readonly #timeline: Timeline
  readonly #active: Active
  readonly #network: Network
  readonly #tokens = new Map<string, { readonly token: StoredToken; readonly until: number; readonly fence: number }>()
  readonly #leases = new Map<string, HeldLease>()
  #lastFence = 0

  constructor(timeline: Timeline, active: Active, network: Network) {
    this.#timeline = timeline
    this.#active = active
    this.#network = network
  }

  flush(): void {
    this.#tokens.clear()
    this.#leases.clear()
  }

  leasesOf(machine: Machine): readonly HeldLease[] {
    return [...this.#leases.values()].filter((held) => held.machine === machine && held.until > this.#timeline.now)
  }

  /** @param guarded as `@maskinporten-kit/cache-redis`; else the bare commands, which may take for ever. */
  storeFor(machine: Machine, guarded: boolean): TokenStore {
    let skippedUntil = Number.NEGATIVE_INFINITY
    const ask = async <T>(signal: AbortSignal, missed: T, answer: () => T): Promise<T> => {
      if (!guarded) return this.#network.pass({ service: 'redis', machine, signal, answer })
      if (machine.monotonic() < skippedUntil) return missed
      const own = new AbortController()
      const end = (): void => own.abort(signal.reason)
      signal.addEventListener('abort', end, { once: true })
      const timer = setTimeout(() => own.abort(new RedisError('no answer in time')), GUARD_MS)
      try {
        return await this.#network.pass({ service: 'redis', machine, signal: own.signal, answer })
      } catch (error) {
        if (!signal.aborted) skippedUntil = machine.monotonic() + SKIP_MS
        throw error
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
      }
    }
    const fences = new WeakMap<Lease, HeldLease>()
    return {
      get: (key, { signal }) => ask(signal, undefined, () => this.#get(key)),
      set: (key, token, { signal, lease }) =>
        ask(signal, undefined, () => this.#set(machine, key, token, lease && fences.get(lease), lease !== undefined)),
      lease: async (key, { ttlMs, signal }) => {
        let granted: HeldLease | undefined
        const free = (): void => {
          if (this.#leases.get(key) === granted) this.#leases.delete(key)
        }
        const take = (): HeldLease | undefined => (granted = this.#lease(machine, key, ttlMs))
        // Nobody waits for it any more: the client gives it back when it comes.
        const giveBack = (error: unknown): never => {
          this.#timeline.after(LATE_MS, machine, free)
          throw error
        }
        const held = await ask<HeldLease | 'skipped' | undefined>(signal, 'skipped', take).catch(giveBack)
        if (held === 'skipped') throw new RedisError('left alone after a failure')
        if (held === undefined) return undefined
        const lease = { release: () => ask(new AbortController().signal, undefined, free) }
        fences.set(lease, held)
        return lease
      },
    }
  }

  #get(key: string): StoredToken | undefined {
    if (this.#active.of('redis poisoned'))
      return { value: 'rubbish here', kind: 'maskinporten', scopes: [], lifetimeMs: 1, remainingMs: 5 }
    const found = this.#tokens.get(key)
    const remainingMs = (found?.until ?? 0) - this.#timeline.now
    return found !== undefined && remainingMs > 0 ? { ...found.token, remainingMs } : undefined
  }

  #set(machine: Machine, key: string, token: StoredToken, under: HeldLease | undefined, isFenced: boolean): void {
    const current = this.#leases.get(key)
    this.watcher?.wrote(machine, token.value, current?.machine === machine ? current : undefined, isFenced)
    const there = this.#tokens.get(key)
    // Another has had the lease since.
    if (under !== undefined && Math.max(current?.fence ?? 0, there?.fence ?? 0) > under.fence)
      return this.watcher?.saw('a late writer fenced off')
    const until = this.#timeline.now + token.remainingMs
    if (under === undefined && there !== undefined && there.until >= until) return
    this.#tokens.set(key, { token, until, fence: under?.fence ?? 0 })
  }

  #lease(machine: Machine, key: string, ttlMs: number): HeldLease | undefined {
    const { now } = this.#timeline
    const current = this.#leases.get(key)
    if (current !== undefined && current.until > now) {
      this.watcher?.saw('a lease refused')
      return undefined
    }
    if (current !== undefined) this.watcher?.saw('a lease taken over')
    const held = { machine, fence: ++this.#lastFence, grantedAt: now, until: now + ttlMs }
    this.#leases.set(key, held)
    return held
  }
}

class RedisError extends Error {}
