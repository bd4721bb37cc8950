/** A Redis that several machines share: its own clock, tokens in their order, leases. What is in its buffers runs late. */
import type { IoRedisLike } from '@maskinporten-kit/cache-redis'
import type { Lease, StoredToken, TokenStore } from '@maskinporten-kit/core'
import type { Active } from '../faults.ts'
import { type Machine, WORLD_BEGAN } from '../machine.ts'
import type { Network } from '../network.ts'
import type { Timeline } from '../timeline.ts'
import { commandOf } from './redis-scripts.ts'

interface HeldLease {
  readonly machine: Machine
  readonly id: string
  readonly grantedAt: number
  readonly until: number
}

interface Entry {
  readonly value: unknown
  readonly order: number
  readonly until: number
}

/** Told of what machines do with it. */
export interface RedisWatcher {
  readonly saw: (what: 'a lease taken over' | 'a late writer fenced off' | 'a lease refused') => void
  /** What was fetched under a lease must be written under it. */
  readonly wroteWithoutLease: (machine: Machine) => void
}

export class Redis {
  watcher: RedisWatcher | undefined
  readonly #timeline: Timeline
  readonly #active: Active
  readonly #network: Network
  readonly #tokens = new Map<string, Entry>()
  readonly #leases = new Map<string, HeldLease>()
  #lastId = 0

  constructor(timeline: Timeline, active: Active, network: Network) {
    this.#timeline = timeline
    this.#active = active
    this.#network = network
  }

  /** What its clock shows, milliseconds since the Unix epoch. */
  get clock(): number {
    return WORLD_BEGAN + Math.floor(this.#timeline.now)
  }

  get isPoisoned(): boolean {
    return this.#active.of('redis poisoned') !== undefined
  }

  flush(): void {
    this.#tokens.clear()
    this.#leases.clear()
  }

  leasesOf(machine: Machine): readonly HeldLease[] {
    return [...this.#leases.values()].filter((held) => held.machine === machine && held.until > this.clock)
  }

  read(name: string): Entry | undefined {
    const found = this.#tokens.get(name)
    return found !== undefined && found.until > this.clock ? found : undefined
  }

  /** A token that is earlier than the one that is there is not written. */
  write(machine: Machine, name: string, entry: Entry): void {
    const held = this.#leases.get(leaseNameOf(name))
    // Its order is then when it was asked for, which is after the lease was granted.
    if (held?.machine === machine && held.until > this.clock && entry.order > held.grantedAt)
      this.watcher?.wroteWithoutLease(machine)
    if ((this.read(name)?.order ?? 0) > entry.order) return this.watcher?.saw('a late writer fenced off')
    this.#tokens.set(name, entry)
  }

  /** Another's is cut to what the asker would get. */
  lease(name: string, machine: Machine, id: string, ttlMs: number): HeldLease | undefined {
    const { clock } = this
    const current = this.#leases.get(name)
    if (current !== undefined && current.until > clock) {
      this.watcher?.saw('a lease refused')
      this.#leases.set(name, { ...current, until: Math.min(current.until, clock + ttlMs) })
      return undefined
    }
    if (current !== undefined) this.watcher?.saw('a lease taken over')
    const held = { machine, id, grantedAt: clock, until: clock + ttlMs }
    this.#leases.set(name, held)
    return held
  }

  release(name: string, id: string): void {
    if (this.#leases.get(name)?.id === id) this.#leases.delete(name)
  }

  /** For `redisTokenStore`: as much of ioredis as it uses, whose connection is always there. */
  clientFor(machine: Machine): IoRedisLike {
    return {
      status: 'ready',
      connect: async () => undefined,
      evalsha: () => undefined,
      once: () => undefined,
      eval: (script, _keys, name = '', ...texts) => {
        const command = commandOf(script)
        return this.#run(machine, () => [this.clock, ...command(this, machine, name, texts)])
      },
    }
  }

  /** A store of core's contract and nothing more: it names no time, does not look at signals, and gives rubbish as a token. */
  storeFor(machine: Machine): TokenStore {
    const granted = new WeakMap<Lease, HeldLease>()
    return {
      get: (key) => this.#run(machine, () => this.#stored(key)),
      set: (key, token, { lease }) => {
        const until = this.clock + token.remainingMs
        const order = (lease && granted.get(lease)?.grantedAt) ?? until - token.lifetimeMs
        return this.#run(machine, () => this.write(machine, key, { value: token, order, until }))
      },
      lease: async (key, { ttlMs }) => {
        const id = `bare-${++this.#lastId}`
        const held = await this.#run(machine, () => this.lease(leaseNameOf(key), machine, id, ttlMs))
        if (held === undefined) return undefined
        const lease = { release: () => this.#run(machine, () => this.release(leaseNameOf(key), id)) }
        granted.set(lease, held)
        return lease
      },
    }
  }

  #stored(key: string): StoredToken | undefined {
    if (this.isPoisoned)
      return { value: 'rubbish here', kind: 'maskinporten', scopes: [], lifetimeMs: 1, remainingMs: 5 }
    const found = this.read(key)
    return found && { ...(found.value as StoredToken), remainingMs: found.until - this.clock }
  }

  /** A command to a server that hangs lies in its buffer, and runs when it goes on. */
  async #run<T>(machine: Machine, answer: () => T): Promise<T> {
    const hang = this.#active.of('redis hangs')
    if (hang === undefined || machine.cutOffFrom.has('redis') || this.#active.of('redis down') !== undefined)
      return this.#network.pass({ service: 'redis', machine, signal: NEVER, answer })
    return new Promise((resolve) => {
      this.#timeline.after(hang.at + hang.forMs - this.#timeline.now, undefined, () => {
        const value = answer()
        this.#timeline.after(1, machine, () => resolve(value))
      })
    })
  }
}

/** As `cache-redis` calls it. */
const leaseNameOf = (name: string): string => `${name}:lease`

const NEVER = new AbortController().signal
