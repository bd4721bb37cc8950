/** What a check found, and the one shape of a check. */
import type { Actor } from '../catalogue/actors.ts'
import type { Text } from '../language.ts'
import type { Facts } from './facts.ts'

/** The same words in both languages. */
export type Status = 'OK' | 'SKIP' | 'INFO' | 'WARN' | 'FAIL'

export type Evidence = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface Finding {
  readonly status: Status
  /** `MP-100`, `CONFIG_MISSING`, or a code of doctor's own, such as `CLOCK_OFF`. */
  readonly code?: string | undefined
  /** One sentence. With `OK`: what holds. */
  readonly cause: Text
  /** The next step. */
  readonly action?: Text | undefined
  /** Who must act. */
  readonly actor?: Actor | undefined
  /** For machines and for the support bundle. Never a secret. */
  readonly evidence?: Evidence | undefined
}

export const withoutSettings: Finding = {
  status: 'SKIP',
  code: 'NEEDS',
  cause: { en: 'there are no settings that can be used', nb: 'det er ingen innstillinger som kan brukes' },
  evidence: { needs: 'settings' },
}

export interface Check {
  readonly id: string
  readonly title: Text
  /** Ids of checks before it: when one of them failed or was skipped, this one is skipped. */
  readonly needs: readonly string[]
  run(facts: Facts): Promise<Finding | readonly Finding[]> | Finding | readonly Finding[]
  /** Judges it once more when all checks were run. */
  readonly atEnd?: ((finding: Finding, facts: Facts) => Promise<Finding>) | undefined
}
