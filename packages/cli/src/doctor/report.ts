/** The result for machines: fields are added in minors, none is taken away or changes its meaning. */
import { readFileSync } from 'node:fs'
import type { Language } from '../language.ts'
import type { Examination } from './doctor.ts'
import type { Evidence, Status } from './finding.ts'

export interface Report {
  /** Of this document's form. */
  readonly version: 1
  readonly cli: string
  /** `null`: another server than Digdir's two. */
  readonly environment: 'test' | 'prod' | null
  readonly issuer: string | null
  readonly checks: readonly ReportedCheck[]
}

/** A check that found several things stands there several times. */
export interface ReportedCheck {
  readonly id: string
  readonly status: Status
  readonly code: string | null
  readonly cause: string
  readonly action: string | null
  /** `you`, `client-administrator`, `api-owner`, … */
  readonly actor: string | null
  readonly evidence: Evidence
}

/** `language`: of the sentences. */
export function reportFor({ findings, facts }: Examination, language: Language): Report {
  const report: Report = {
    version: 1,
    cli: ownVersion(),
    environment: facts.environment?.name ?? null,
    issuer: facts.environment?.issuer ?? null,
    checks: findings.map(({ id, status, code, cause, action, actor, evidence }) => ({
      id,
      status,
      code: code ?? null,
      cause: cause[language],
      action: action?.[language] ?? null,
      actor: actor ?? null,
      evidence: evidence ?? {},
    })),
  }
  return facts.secrets.redactAll(report)
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
