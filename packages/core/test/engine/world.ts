/** A token endpoint, an exchange and an API's view of them, in virtual time, behind an injected fetch. */
import {
  createMaskinporten,
  type CoreRequestInit,
  type FetchFunction,
  type Maskinporten,
  type MaskinportenEvent,
  type MaskinportenOptions,
  type ResolvedSettings,
  type SettingsProvider,
  type SigningKey,
} from '@maskinporten-kit/core'
import { VirtualTime } from './virtual-time.ts'

export interface Reply {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Default: the world's. */
  readonly delayMs?: number
  readonly hang?: boolean
  readonly networkError?: boolean
  /** Of the token issued. Default: the world's. */
  readonly lifetimeSeconds?: number
}

export interface Call {
  readonly at: number
  readonly url: string
  readonly header: Record<string, unknown>
  readonly claims: Record<string, unknown>
  readonly bearer: string | undefined
}

const ISSUER = 'https://issuer.example/'
const EXCHANGE = 'https://platform.example/exchange'

export class World implements Disposable {
  readonly time: VirtualTime = new VirtualTime()
  readonly events: MaskinportenEvent[] = []
  readonly tokenCalls: Call[] = []
  readonly exchangeCalls: Call[] = []
  readonly discoveryCalls: number[] = []
  readonly settings: FakeSettings
  lifetimeSeconds = 120
  altinnLifetimeSeconds = 1800
  latencyMs = 50
  /** What the server's clock shows beside ours, milliseconds. */
  serverShift = 0
  onToken: (call: Call) => Reply | undefined = () => undefined
  onExchange: (call: Call) => Reply | undefined = () => undefined
  onDiscovery: () => Reply | undefined = () => undefined
  readonly #timers: Disposable
  readonly #made: Maskinporten[] = []
  #issued = 0

  constructor(settings: Partial<ResolvedSettings> = {}) {
    this.settings = new FakeSettings(settings)
    this.#timers = this.time.install()
  }

  create(options: MaskinportenOptions = {}): Maskinporten {
    const made = createMaskinporten(this.settings, { fetch: this.fetch, clock: this.time, ...options })
    made.subscribe((event) => this.events.push(event))
    this.#made.push(made)
    return made
  }

  get serverNow(): number {
    return this.time.now() + this.serverShift
  }

  readonly fetch: FetchFunction = async (url, init) => {
    const reply = this.#reply(url, init)
    const delayMs = reply.delayMs ?? this.latencyMs
    if (reply.hang) await new Promise(() => {})
    if (delayMs > 0) await this.time.after(delayMs)
    init.signal.throwIfAborted()
    if (reply.networkError)
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      })
    const headers = new Headers({ date: new Date(this.serverNow).toUTCString(), ...reply.headers })
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {})
    return { status: reply.status ?? 200, headers, text: async () => text }
  }

  #reply(url: string, init: CoreRequestInit): Reply {
    if (url.includes('/.well-known/')) {
      this.discoveryCalls.push(this.time.monotonic())
      const { origin } = new URL(url)
      return {
        ...this.onDiscovery(),
        ...(this.onDiscovery()?.status === undefined
          ? { body: { issuer: `${origin}/`, token_endpoint: `${origin}/token` } }
          : {}),
      }
    }
    const isToken = init.method === 'POST'
    const call = this.#decode(url, init, isToken)
    if (isToken) {
      this.tokenCalls.push(call)
      const own = this.onToken(call)
      if (own?.status !== undefined && own.status !== 200) return own
      const body = {
        access_token: `mp-${++this.#issued}-${String(call.claims['iss'])}`,
        token_type: 'Bearer',
        expires_in: own?.lifetimeSeconds ?? this.lifetimeSeconds,
        scope: call.claims['scope'],
      }
      return { body, ...own }
    }
    this.exchangeCalls.push(call)
    const own = this.onExchange(call)
    if (own?.status !== undefined && own.status !== 200) return own
    const iat = Math.floor(this.serverNow / 1000)
    const payload = Buffer.from(
      JSON.stringify({
        iat,
        exp: iat + (own?.lifetimeSeconds ?? this.altinnLifetimeSeconds),
        n: ++this.#issued,
        parent: call.bearer,
      }),
    ).toString('base64url')
    return { body: `"e30.${payload}.c2ln"`, ...own }
  }

  #decode(url: string, init: CoreRequestInit, isToken: boolean): Call {
    const at = this.time.monotonic()
    if (!isToken)
      return { at, url, header: {}, claims: {}, bearer: init.headers['authorization']?.replace('Bearer ', '') }
    const assertion = new URLSearchParams(init.body).get('assertion') ?? ''
    const [header = {}, claims = {}] = assertion
      .split('.')
      .slice(0, 2)
      .map((part): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString()))
    return { at, url, header, claims, bearer: undefined }
  }

  [Symbol.dispose](): void {
    for (const made of this.#made) void made.close()
    this.#timers[Symbol.dispose]()
  }
}

/** A provider made by hand: settings that a test changes. */
export class FakeSettings implements SettingsProvider {
  #current: ResolvedSettings
  loadMs: (() => Promise<void>) | undefined
  #loaded = false
  refreshes = 0
  onRefresh: (() => Promise<boolean>) | undefined

  constructor(settings: Partial<ResolvedSettings>) {
    this.#current = {
      revision: 1,
      authority: ISSUER,
      tokenEndpoint: `${ISSUER}token`,
      clientId: 'client-1',
      keys: [fakeKey('key-1')],
      request: { scopes: ['a:b'] },
      exchange: { url: EXCHANGE, testOrg: false },
      ...settings,
    }
  }

  change(settings: Partial<ResolvedSettings>): void {
    this.#current = { ...this.#current, ...settings, revision: this.#current.revision + 1 }
  }

  current(): ResolvedSettings | undefined {
    return this.loadMs === undefined || this.#loaded ? this.#current : undefined
  }

  async get(): Promise<ResolvedSettings> {
    await this.loadMs?.()
    this.#loaded = true
    return this.#current
  }

  async refresh(): Promise<boolean> {
    this.refreshes++
    return (await this.onRefresh?.()) ?? false
  }

  subscribe(): () => void {
    return () => {}
  }

  describe(): [] {
    return []
  }

  async close(): Promise<void> {}
}

export function fakeKey(kid: string): SigningKey {
  return { id: kid, kid, alg: 'RS256', addedAt: 0, sign: async () => new Uint8Array([1, 2, 3]) }
}

/** The body of a refusal, with the code where Maskinporten puts it. */
export function refusal(description: string, code?: string, error = 'invalid_grant'): Reply {
  return {
    status: 400,
    body: {
      error,
      error_description: `${description} (trace_id: 0123456789abcdef0123456789abcdef)`,
      ...(code === undefined ? {} : { error_uri: `https://maskinporten.no/errors/${code}` }),
    },
  }
}

export const UNKNOWN_KID: Reply = refusal(
  'Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client.',
)
