/** One entry of the catalogue of error codes: data, without a word about how it is shown. */
import type { MaskinportenErrorCode } from '@maskinporten-kit/core'
import type { Text } from '../language.ts'
import type { Actor } from './actors.ts'

/** The texts are Markdown: `code` in backticks, and links. */
export interface CodeEntry {
  /** What happened. */
  readonly happened: Text
  readonly acts: Actor | readonly Actor[]
  readonly wayOut: Text
}

/** An entry for a `detail` or a problem's code, which is the finer one. */
export interface DetailEntry extends CodeEntry {
  /** The `code` of the error that carries it; none: it is only a warning, the event `settings.warning`. */
  readonly under?: MaskinportenErrorCode | readonly MaskinportenErrorCode[] | undefined
  /** It is also, or only, a warning. */
  readonly warns?: true | undefined
}

/** An entry for what a server answers. */
export interface RefusalEntry extends CodeEntry {
  /** The page of the server’s owner that says more; none: the one of its group. */
  readonly page?: Text | undefined
}

/** Code → entry. */
export type Details = Readonly<Record<string, DetailEntry>>
