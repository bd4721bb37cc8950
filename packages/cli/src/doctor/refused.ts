/** What is known of a refusal, and how its row is written. Source of all rows: Digdir, «Feilsøking» (docs.digdir.no, maskinporten_feilsoking). */
import type { Text } from '../language.ts'
import type { Actor } from '../catalogue/actors.ts'

export interface Refused {
  readonly clientId: string
  readonly clientIdOrigin: string
  readonly kid: string
  readonly keyOrigin: string
  /** As a subject. */
  readonly environment: Text
  /** Address of Samarbeidsportalen in this environment. */
  readonly portal: string
  /** The scope that was refused. */
  readonly scope: string
  readonly scopes: readonly string[]
  /** Who owns the scope's API, as far as the registry knows. */
  readonly owner: Text | undefined
  readonly description: string
  readonly consumerOrg: string | undefined
  readonly audience: string | undefined
  readonly authority: string
  /** Numbers of nine digits in the server's words, in their order. */
  readonly organisations: readonly string[]
  /** What says that key or client are of the other environment. */
  readonly other: { readonly of: 'test' | 'prod'; readonly by: string } | undefined
  readonly certificate: boolean
}

export interface Row {
  readonly cause: Text
  readonly action: Text
  readonly actor: Actor
}

export const row = (actor: Actor, en: readonly [string, string], nb: readonly [string, string]): Row => ({
  actor,
  cause: { en: en[0], nb: nb[0] },
  action: { en: en[1], nb: nb[1] },
})
