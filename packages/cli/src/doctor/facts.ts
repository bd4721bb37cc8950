/** What the checks look at. Each fact is gathered once, when the first check asks for it. */
import {
  type AccessToken,
  type ConfigLayer,
  type ConfigSource,
  type Maskinporten,
  type MaskinportenError,
  type MaskinportenEvent,
  type ResolvedSettings,
  type TokenKind,
  createMaskinporten,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'
import type { Whereabouts } from '../addresses.ts'
import { type AskedEnvironment, environmentIn, environmentOfIssuer } from './environment.ts'
import { type DiscoveryAnswer, discover } from './discovery.ts'
import { type NamedApi, namedApi } from './named-api.ts'
import { type Observer, observe } from './observe.ts'
import { Secrets } from './redact.ts'
import { watched } from './watched-source.ts'

export interface FactsOptions {
  readonly sources: readonly ConfigSource[]
  /** Default `MaskinportenSettings`. */
  readonly section?: string | undefined
  /** Default `globalThis.fetch`, looked up at each request. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Default `process.env`: for the proxies it names. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Scopes beside those of the settings. */
  readonly scopes?: readonly string[] | undefined
  /** An API of the registry, or an address: what `--api` named. */
  readonly api?: string | undefined
  /** Short name of an organisation, for an address that has it. */
  readonly org?: string | undefined
  /** Stands in the place of the API's address of the registry. */
  readonly baseUrl?: string | undefined
  /** Hears core's events, and whether the settings want them written (`EnableDebugLog`). */
  readonly onEvent?: ((event: MaskinportenEvent, isDebugging: boolean) => void) | undefined
}

export interface NamedLayer {
  readonly source: string
  readonly layer: ConfigLayer
}

/** One request for a token, and how it ended. */
export interface TokenOutcome {
  readonly kind: TokenKind
  readonly scopes: readonly string[]
  readonly token?: AccessToken | undefined
  readonly error?: MaskinportenError | undefined
}

export type SettingsWarning = Extract<MaskinportenEvent, { readonly type: 'settings.warning' }>

const SECRET = /jwk|secret$|password|pkcs|x509|key/i
/** A vault has some that are not secret, and a message that did not name them would help nobody. */
const TOLD =
  /(?:environment|authority|clientid|client_id|scopes?|kid|resource|consumerorgno|endpoint|secreturi|tenantid|issuer|_url|_uri|kty|alg|use)$/i

export class Facts {
  readonly section: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly secrets: Secrets = new Secrets()
  readonly observer: Observer
  /** As the sources gave them, low to high. */
  readonly layers: NamedLayer[] = []
  readonly events: MaskinportenEvent[] = []
  readonly maskinporten: Maskinporten
  settings: ResolvedSettings | undefined
  settingsError: MaskinportenError | undefined
  readonly named: NamedApi
  readonly where: Whereabouts
  /** Those beside the settings'. */
  readonly ownScopes: readonly string[]
  readonly #outcomes = new Map<string, Promise<TokenOutcome>>()
  #discovery: Promise<DiscoveryAnswer> | undefined

  constructor(options: FactsOptions) {
    this.section = options.section ?? 'MaskinportenSettings'
    this.env = options.env ?? process.env
    this.ownScopes = options.scopes ?? []
    this.named = namedApi(options.api)
    this.where = { org: options.org, baseUrl: options.baseUrl, env: this.env }
    this.observer = observe(options.fetch, this.secrets)
    const sources = options.sources.map((source) => watched(source, (name, layer) => this.#see(name, layer)))
    const provider = settingsFrom(sources, { section: this.section })
    this.maskinporten = createMaskinporten(provider, { fetch: this.observer.fetch })
    this.maskinporten.subscribe((event) => {
      this.events.push(event)
      const debugging = this.valueOf('EnableDebugLog') ?? this.valueOf('EnableDebugLogging')
      options.onEvent?.(event, debugging?.toLowerCase() === 'true')
    })
  }

  /** Reads the settings. Nothing is asked but the sources. */
  async load(): Promise<void> {
    try {
      this.settings = await this.maskinporten.settings.get()
    } catch (error) {
      if (!isMaskinportenError(error)) throw error
      this.settingsError = error
    }
  }

  get warnings(): readonly SettingsWarning[] {
    return this.events.filter((event): event is SettingsWarning => event.type === 'settings.warning')
  }

  get environment(): AskedEnvironment | undefined {
    return this.settings === undefined
      ? environmentIn(
          this.layers.map(({ layer }) => layer),
          this.section,
        )
      : environmentOfIssuer(this.settings.authority)
  }

  /** Those of the settings, and those that were asked about; also where the settings as a whole cannot be used. */
  get scopes(): readonly string[] {
    const set = this.valueOf('Scope') ?? this.valueOf('MASKINPORTEN_SCOPES') ?? ''
    return [...new Set([...set.split(/[\s,;]+/), ...this.ownScopes])].filter((scope) => scope !== '')
  }

  /** The highest source's, of the section or of NAIS' names. */
  entryOf(name: string): ReturnType<ConfigLayer['get']> {
    const path = (/^maskinporten_/i.test(name) || name.includes(':') ? name : `${this.section}:${name}`).toLowerCase()
    return this.layers
      .toReversed()
      .map(({ layer }) => layer.get(path))
      .find((entry) => (entry?.reveal()?.trim() ?? '') !== '')
  }

  valueOf(name: string): string | undefined {
    return this.entryOf(name)?.reveal()?.trim()
  }

  discovery(): Promise<DiscoveryAnswer> {
    this.#discovery ??= discover(this.environment?.issuer ?? '', this.settings?.metadataUrl, this.observer)
    return this.#discovery
  }

  /** Each request once. */
  token(kind: TokenKind, scopes: readonly string[]): Promise<TokenOutcome> {
    const name = JSON.stringify([kind, scopes])
    const outcome = this.#outcomes.get(name) ?? this.#ask(kind, scopes)
    this.#outcomes.set(name, outcome)
    return outcome
  }

  /** What was asked of the token endpoint and the exchange so far. */
  outcomes(): Promise<readonly TokenOutcome[]> {
    return Promise.all(this.#outcomes.values())
  }

  async close(): Promise<void> {
    await this.maskinporten.close()
  }

  async #ask(kind: TokenKind, scopes: readonly string[]): Promise<TokenOutcome> {
    try {
      const token = await this.maskinporten.getToken({ kind, scopes })
      this.secrets.add(token.value)
      return { kind, scopes, token }
    } catch (error) {
      if (!isMaskinportenError(error)) throw error
      return { kind, scopes, error }
    }
  }

  #see(source: string, layer: ConfigLayer): void {
    const place = this.layers.findIndex((one) => one.source === source)
    if (place < 0) this.layers.push({ source, layer })
    else this.layers[place] = { source, layer }
    for (const entry of layer.values())
      if (!TOLD.test(entry.key) && (entry.secret || SECRET.test(entry.key))) this.secrets.add(entry.reveal() ?? '')
  }
}
