/** Tokens that several processes share on Redis or Valkey: encrypted, under names that tell nothing. */
import type { Lease, StoredToken, TokenStore } from '@maskinporten-kit/core'
import { EncryptionKey, type Decrypted } from './encryption-key.ts'
import { type Call, RedisClient, type RedisClientLike, checkClient, numberOf, textOf } from './redis-client.ts'
import { CLOCK, HOLDER, LEASE, MAX_VALUE, READ, RELEASE, WRITE } from './scripts.ts'

export interface RedisTokenStoreOptions {
  /**
   * 32 random bytes each, as base64, hex or bytes. The first encrypts; what any of them has encrypted is read. To rotate:
   * `[old, new]` everywhere, then `[new, old]` everywhere, then, when the longest token has ended, `[new]`.
   */
  readonly encryptionKeys: readonly (string | Uint8Array)[]
  /** Before each name in the store. Default: `maskinporten-kit:`. */
  readonly prefix?: string | undefined
  /** How long a call waits for the store, milliseconds. Default: 50. After that the store is skipped for 5 s. */
  readonly timeoutMs?: number | undefined
}

const PREFIX = 'maskinporten-kit:'
const TIMEOUT_MS = 50
const MAX_TIMEOUT_MS = 10_000
/** So long what was learnt of the store's clock is used for a lease, milliseconds; and for so many names. */
const CLOCK_KNOWN_MS = 10_000
const CLOCKS_KNOWN = 1_000
/** How much later than its caller has left a lease may still be taken, milliseconds: clocks are read at two ends. */
const LEASE_SLACK_MS = 250

/**
 * A store for `createMaskinporten(settings, { store })`. The client stays yours: its errors, its connection, its end.
 *
 * @throws TypeError for a client that is not one or that is closed, for a key that is not 32 bytes, and for wrong options.
 */
export function redisTokenStore(client: RedisClientLike, options: RedisTokenStoreOptions): TokenStore {
  return new RedisTokenStore(new RedisClient(checkClient(client)), checkOptions(options))
}

interface Checked {
  readonly keys: readonly EncryptionKey[]
  readonly prefix: string
  readonly timeoutMs: number
}

/** What the store's clock showed, and when that was heard on our own. */
interface HeardClock {
  readonly shown: number
  readonly heardAt: number
}

class RedisTokenStore implements TokenStore {
  readonly timeoutMs: number
  readonly #client: RedisClient
  readonly #keys: readonly EncryptionKey[]
  readonly #prefix: string
  /** When each lease was granted, on the store's clock. */
  readonly #granted = new WeakMap<Lease, number>()
  /** By the token's name, the latest last: in a cluster names are on several nodes, each of which has a clock. */
  readonly #clocks = new Map<string, HeardClock>()

  constructor(client: RedisClient, { keys, prefix, timeoutMs }: Checked) {
    this.timeoutMs = timeoutMs
    this.#client = client
    this.#keys = keys
    this.#prefix = prefix
  }

  async get(
    identity: string,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<StoredToken | 'invalid' | undefined> {
    const found = await Promise.all(this.#keys.map((key) => this.#read(key, identity, signal)))
    let latest: { readonly order: number; readonly stored: StoredToken } | undefined
    for (const one of found)
      if (one !== undefined && one !== 'invalid' && one.order > (latest?.order ?? -1)) latest = one
    return latest?.stored ?? (found.includes('invalid') ? 'invalid' : undefined)
  }

  async set(
    identity: string,
    token: StoredToken,
    { signal, lease }: { readonly signal: AbortSignal; readonly lease?: Lease | undefined },
  ): Promise<void> {
    // Before anything is waited for, since it ends meanwhile too.
    const endsAtHere = performance.now() + token.remainingMs
    const [key] = this.#keys
    if (key === undefined) return
    const name = this.#nameIn(await key.nameOf(identity))
    // Nobody waits for it, and what was heard earlier may be of a server that another has replaced since.
    const clock = await this.#run(name, { script: CLOCK, key: name, texts: [] }, signal)
    const endsAt = Math.floor(clock.shown + endsAtHere - clock.heardAt)
    const granted = lease === undefined ? undefined : this.#granted.get(lease)
    const order = Math.max(0, Math.floor(granted ?? endsAt - token.lifetimeMs))
    const { kind, value, scopes, lifetimeMs } = token
    const encrypted = await key.encrypt(identity, { kind, order, endsAt, token: { value, scopes, lifetimeMs } })
    if (encrypted.length > MAX_VALUE) return
    await this.#run(name, { script: WRITE, key: name, texts: [encrypted, String(order), String(endsAt)] }, signal)
  }

  async lease(
    identity: string,
    { ttlMs, signal }: { readonly ttlMs: number; readonly signal: AbortSignal },
  ): Promise<Lease | undefined> {
    const [own = '', ...others] = await Promise.all(
      this.#keys.map(async (key) => this.#nameIn(await key.nameOf(identity))),
    )
    const ask = (name: string, who: string): Promise<HeardClock & { readonly rest: readonly unknown[] }> => {
      const texts = [who, String(Math.ceil(ttlMs)), String(this.#leaseTakenUntil(name))]
      return this.#run(name, { script: LEASE, key: leaseNameOf(name), texts }, signal)
    }
    // Processes that write with another key: what they write is read here, so it is waited for.
    const held = await Promise.all(others.map((name) => ask(name, '')))
    if (held.some(({ rest: [isFree] }) => numberOf(isFree) !== 1)) return undefined
    const id = HOLDER + crypto.randomUUID()
    const {
      shown,
      rest: [isOurs],
    } = await ask(own, id)
    if (numberOf(isOurs) !== 1) return undefined
    const lease: Lease = {
      release: async () => {
        const call = { script: RELEASE, key: leaseNameOf(own), texts: [id] }
        await this.#run(own, call, AbortSignal.timeout(MAX_TIMEOUT_MS))
      },
    }
    this.#granted.set(lease, shown)
    return lease
  }

  async #read(
    key: EncryptionKey,
    identity: string,
    signal: AbortSignal,
  ): Promise<{ readonly order: number; readonly stored: StoredToken } | 'invalid' | undefined> {
    const name = this.#nameIn(await key.nameOf(identity))
    const {
      shown,
      rest: [value, ttl],
    } = await this.#run(name, { script: READ, key: name, texts: [] }, signal)
    if (value === undefined || value === null) return undefined
    const decrypted = await key.decrypt(identity, textOf(value))
    return decrypted === undefined ? 'invalid' : storedOf(decrypted, shown, numberOf(ttl))
  }

  /** @param name the key of the token in Redis, also where the command works on the key of its lease. */
  async #run(
    name: string,
    call: Call,
    signal: AbortSignal,
  ): Promise<HeardClock & { readonly rest: readonly unknown[] }> {
    const [now, ...rest] = await this.#client.run(call, signal)
    const clock = { shown: numberOf(now), heardAt: performance.now() }
    this.#clocks.delete(name)
    this.#clocks.set(name, clock)
    const [oldest] = this.#clocks.keys()
    if (oldest !== undefined && this.#clocks.size > CLOCKS_KNOWN) this.#clocks.delete(oldest)
    return { ...clock, rest }
  }

  /** On the store's clock, milliseconds; 0 when it is not known: any time. */
  #leaseTakenUntil(name: string): number {
    const clock = this.#clocks.get(name)
    const ageMs = performance.now() - (clock?.heardAt ?? Number.NEGATIVE_INFINITY)
    if (clock === undefined || ageMs > CLOCK_KNOWN_MS) return 0
    return Math.ceil(clock.shown + ageMs + this.timeoutMs + LEASE_SLACK_MS)
  }

  /** In braces, so that a cluster keeps a token and its lease in one place. */
  #nameIn(name: string): string {
    return `${this.#prefix}{${name}}`
  }
}

const leaseNameOf = (name: string): string => `${name}:lease`

/** Somebody may have set another TTL, or put an old value back: the encrypted value says when the token ends. */
function storedOf(
  { kind, order, endsAt, token }: Decrypted,
  now: number,
  ttlMs: number,
): { readonly order: number; readonly stored: StoredToken } | undefined {
  const remainingMs = Math.min(endsAt - now, ttlMs < 0 ? Number.POSITIVE_INFINITY : ttlMs)
  return remainingMs > 0 ? { order, stored: { ...token, kind, remainingMs } } : undefined
}

function checkOptions(options: unknown): Checked {
  const {
    encryptionKeys,
    prefix = PREFIX,
    timeoutMs = TIMEOUT_MS,
  } = Object(options) as Readonly<Record<string, unknown>>
  if (!Array.isArray(encryptionKeys) || encryptionKeys.length === 0)
    throw new TypeError(
      'redisTokenStore needs `encryptionKeys`, a list of one key or more; make a key with `openssl rand -base64 32`',
    )
  const keys = Array.from(encryptionKeys, (key: unknown, index) => new EncryptionKey(key, `encryptionKeys[${index}]`))
  for (const [index, key] of keys.entries()) {
    const first = keys.findIndex((other) => other.isSameAs(key))
    if (first !== index) throw new TypeError(`encryptionKeys[${first}] and encryptionKeys[${index}] are the same key`)
  }
  if (typeof prefix !== 'string') throw new TypeError('`prefix` is not text')
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS))
    throw new TypeError(`\`timeoutMs\` is not a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`)
  return { keys, prefix, timeoutMs }
}
