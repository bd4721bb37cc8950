/** Where settings come from: the contract that config sources know. They deliver raw names; only core knows what they mean. */

/** One value and where it came from. */
export interface ConfigEntry {
  /** `null` is .NET's null: the key is there, without a value. */
  reveal(): string | null
  /** The path in the spelling it had, parts separated by `:`. */
  readonly key: string
  /** `appsettings.json:4`, `env MaskinportenSettings__ClientId`, `Key Vault my-kv, MaskinportenSettings--ClientId (9a01c2d4)`. */
  readonly origin: string
  /** It came from a secret store, or the source knows. Core masks the keys it knows to be secret whatever a source says. */
  readonly secret: boolean
  /** Change marker of the store. */
  readonly version?: string | undefined
  /** Milliseconds since the Unix epoch, as the store says. */
  readonly createdAt?: number | undefined
  /** Milliseconds since the Unix epoch, as the store says. */
  readonly expiresAt?: number | undefined
}

/** Lower-cased path with `:` (`maskinportensettings:clientid`) → entry; the entry keeps the spelling it had. */
export type ConfigLayer = ReadonlyMap<string, ConfigEntry>

export interface LoadContext {
  /** The section's name, `MaskinportenSettings` unless the caller chose another. */
  readonly section: string
  /** Full paths in the documented spelling: `MaskinportenSettings:ClientId`, `kvSetting:SecretUri`, `MASKINPORTEN_CLIENT_ID`. More may be delivered. */
  readonly keys: readonly string[]
  /** What the sources before this one gave, merged. */
  readonly earlier: ConfigLayer
  readonly why: 'start' | 'poll' | 'rejected'
  /** What this source gave last time, for version compare. */
  readonly previous?: ConfigLayer | undefined
  readonly signal: AbortSignal
  /** Becomes `settings.warning`, with the source's name as origin. */
  readonly warn: (warning: { readonly code: string; readonly key: string; readonly message: string }) => void
  /** Tell what was looked for and is not there, as `/app/appsettings.json`: an error of a missing setting names it. */
  readonly absent?: ((place: string) => void) | undefined
}

/**
 * Holds no state and no timer; may be shared. Absence is a value (no entry), failure is an error: a `MaskinportenError`,
 * or an error of another class, which becomes `settings_unavailable` with the source's name and without `cause`.
 */
export interface ConfigSource {
  readonly name: string
  load(context: LoadContext): Promise<ConfigLayer>
  /**
   * How this source writes a key of `LoadContext.keys`, with its kind: `environment variable MaskinportenSettings__ClientId`.
   * `undefined`: it does not look for that key. Messages then offer what works. Absent: the key as it is.
   */
  nameOf?(key: string, section: string): string | undefined
  /** How often the provider should look again, milliseconds. Absent: never. */
  readonly refreshMs?: number | undefined
  /** Several sources in one argument, low to high: the provider asks these instead, since each may have a credential of its own. */
  readonly parts?: readonly ConfigSource[] | undefined
}
