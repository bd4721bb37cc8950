/** Which words the page and the terminal need, in each language. */
import type { AdapterName } from '../arguments.ts'
import type { FormError, FormField } from '../form.ts'
import type { Freshness, Step, StepId } from '../trace.ts'

export type Language = 'nb' | 'en'

export interface Texts {
  readonly language: Language
  readonly name: string
  readonly notice: string
  readonly skip: string
  readonly otherLanguage: { readonly language: Language; readonly name: string }
  readonly footer: string
  readonly form: {
    readonly title: string
    readonly intro: string
    readonly allRequired: string
    readonly labels: Readonly<Record<FormField, string>>
    readonly hints: Readonly<Record<FormField, string>>
    readonly errors: Readonly<Record<FormField, Readonly<Record<FormError, string>>>>
    readonly errorTitle: string
    readonly errorPrefix: string
    readonly adapter: string
    readonly adapterHint: string
    readonly adapters: Readonly<Record<AdapterName, string>>
    readonly send: string
  }
  readonly result: {
    readonly received: string
    readonly failed: string
    readonly reference: (instance: string) => string
    readonly notification: (word: string) => string
    readonly panel: string
    readonly panelIntro: (adapter: AdapterName) => string
    readonly another: string
    readonly done: string
    readonly notDone: string
    readonly step: Readonly<Record<StepId, string>>
    readonly freshness: Readonly<Record<Freshness, string>>
    readonly tokenFreshness: Readonly<Record<Freshness, string>>
    readonly details: string
    readonly event: string
    readonly instance: string
    readonly settings: string
    readonly from: string
    readonly grantHeader: string
    readonly grantClaims: string
    readonly noGrant: string
    readonly signature: string
    readonly tokenClaims: string
    readonly noClaims: string
    readonly added: string
    readonly removed: string
    readonly changed: string
    readonly kept: string
    readonly became: string
    readonly call: string
    readonly status: string
    readonly token: string
    readonly nothing: string
  }
  readonly refused: {
    readonly title: string
    readonly notFound: string
    readonly notOurs: string
    readonly tooLarge: string
    readonly unexpected: string
    readonly back: string
  }
  /** What a step did, in one line. */
  readonly what: (step: Step) => string
  /** Milliseconds, with one decimal. */
  readonly ms: (value: number) => string
}
