// One entry of the catalogue of error codes: data, without a word about how it is shown.
import type { MaskinportenErrorCode } from '@maskinporten-kit/core'

/** Who can end it. */
export type Actor =
  | 'the developer of the calling code'
  | 'the one who keeps the settings and the key'
  | 'the one who administers the client in Samarbeidsportalen'
  | 'the one who owns the API'
  | 'the one who runs the machine and its network'
  | 'the one who administers the vault in Azure'
  | 'nobody'

export interface CodeEntry {
  /** What happened. */
  readonly happened: string
  readonly acts: Actor | readonly Actor[]
  readonly wayOut: string
}

/** An entry for a `detail` or a problem's code, which is the finer one. */
export interface DetailEntry extends CodeEntry {
  /** The `code` of the error that carries it; none: it is only a warning, the event `settings.warning`. */
  readonly under?: MaskinportenErrorCode | readonly MaskinportenErrorCode[] | undefined
  /** It is also, or only, a warning. */
  readonly warns?: true | undefined
}

/** Code → entry. */
export type Details = Readonly<Record<string, DetailEntry>>
