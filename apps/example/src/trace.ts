/** What happened to one application, step by step. Facts only: the words are in texts/. */
import type { SettingsProvider, TokenKind } from '@maskinporten-kit/core'
import type { AdapterName } from './arguments.ts'
import type { ClaimDifference } from './claim-difference.ts'
import type { Jwt } from './decode-jwt.ts'

export type Freshness = 'new' | 'cache'
export type DescribedSettings = ReturnType<SettingsProvider['describe']>

interface Timed {
  /** Milliseconds: what the event says where there is one, else measured. */
  readonly ms: number
}

export interface FormStep extends Timed {
  readonly id: 'form'
  /** `{partyId}/{guid}` */
  readonly instance: string
  readonly event: string
}

export interface SettingsStep extends Timed {
  readonly id: 'settings'
  readonly freshness: Freshness
  readonly revision: number
  /** Secrets are masked. */
  readonly settings: DescribedSettings
}

export interface TokenStep extends Timed {
  readonly id: 'token'
  readonly freshness: Freshness
  readonly scopes: readonly string[]
  readonly remainingMs: number
  readonly claims: Jwt['claims']
  /** What was sent for it, without its signature; `undefined` when nothing was. */
  readonly grant: Jwt | undefined
}

export interface ExchangeStep extends Timed {
  readonly id: 'exchange'
  readonly freshness: Freshness
  /** The service owner that Altinn takes us for. */
  readonly org: string | undefined
  readonly remainingMs: number
  readonly difference: ClaimDifference
}

export interface CallStep extends Timed {
  readonly id: 'list' | 'instance' | 'data' | 'register' | 'complete'
  /** Of the token that was sent along. */
  readonly freshness: Freshness
  readonly kind: TokenKind
  readonly method: string
  readonly url: string
  readonly status: number
  /** Out of the answer: instances, data elements, bytes, persons, confirmations. */
  readonly count: number
  /** The answer's own word for it. */
  readonly word: string | undefined
}

export type Step = FormStep | SettingsStep | TokenStep | ExchangeStep | CallStep
export type StepId = Step['id']

export interface Trace {
  readonly adapter: AdapterName
  readonly steps: readonly Step[]
  /** The step that could not be taken, and why: one sentence without secrets. */
  readonly failure: { readonly id: StepId; readonly sentence: string } | undefined
}
