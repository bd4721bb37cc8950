/** What one step needed of Maskinporten: the events, the tokens handed out and the grants sent between its start and its end. */
import {
  type AccessToken,
  createMaskinporten,
  type FetchFunction,
  type Maskinporten,
  type MaskinportenEvent,
  type SettingsProvider,
  type TokenKind,
  type TokenSource,
} from '@maskinporten-kit/core'
import { decodeJwt, type Jwt } from './decode-jwt.ts'
import type { Freshness } from './trace.ts'

export interface Watched {
  readonly maskinporten: Maskinporten
  /** The source of that kind, bound; what it hands out is noted. */
  tokens(kind: TokenKind): TokenSource
  /** From here on. One at a time: what is reported is reported to the latest. */
  begin(): Window
}

export interface Window {
  /** 'new': a token was handed out that was not known before, and an event tells of it. */
  freshness(kind: TokenKind): Freshness
  settingsChanged(): boolean
  /** Of the token or the exchange that was had in this step; `undefined` when none was. */
  durationMs(of: 'token' | 'exchange'): number | undefined
  /** The last one sent. */
  grant(): Jwt | undefined
}

export function watch(settings: SettingsProvider): Watched {
  const known = new WeakSet<AccessToken>()
  const kinds = new Map<number, TokenKind>()
  let events: MaskinportenEvent[] = []
  let tokens: AccessToken[] = []
  let grants: Jwt[] = []

  // What core sends to Maskinporten goes through here, so that the trace can show the grant that was sent.
  const fetch: FetchFunction = (input, init) => {
    const grant = decodeJwt(new URLSearchParams(init.body).get('assertion') ?? '')
    if (grant) grants.push(grant)
    return globalThis.fetch(input, init)
  }
  const maskinporten = createMaskinporten(settings, { fetch })
  maskinporten.subscribe((event) => {
    if (event.type === 'token.start') kinds.set(event.id, event.kind)
    events.push(event)
  })

  return {
    maskinporten,
    tokens(kind) {
      const source = maskinporten.with({ kind })
      return {
        async getToken(request, options) {
          const token = await source.getToken(request, options)
          tokens.push(token)
          return token
        },
      }
    },
    begin() {
      for (const token of tokens) known.add(token)
      events = []
      tokens = []
      grants = []
      const ended = (type: 'token.end' | 'exchange.end', kind?: TokenKind): number | undefined =>
        events.reduce<number | undefined>(
          (last, event) =>
            event.type === type && event.error === undefined && (kind === undefined || kinds.get(event.id) === kind)
              ? event.durationMs
              : last,
          undefined,
        )
      return {
        freshness(kind) {
          const isNew = tokens.some((token) => token.kind === kind && !known.has(token))
          return isNew && ended('token.end', kind) !== undefined ? 'new' : 'cache'
        },
        settingsChanged: () => events.some(({ type }) => type === 'settings.changed'),
        durationMs: (of) => (of === 'token' ? ended('token.end', 'maskinporten') : ended('exchange.end')),
        grant: () => grants.at(-1),
      }
    },
  }
}
