/** Runs the checks in their order: a check that needs a failed one is skipped, the others run. */
import { checks } from './checks.ts'
import { Facts, type FactsOptions } from './facts.ts'
import type { Check, Finding, Status } from './finding.ts'
import type { Text } from '../language.ts'

export interface CheckedFinding extends Finding {
  readonly id: string
  readonly title: Text
}

export interface Examination {
  readonly findings: readonly CheckedFinding[]
  readonly facts: Facts
}

/** Closes what it opened. */
export async function examine(options: FactsOptions): Promise<Examination> {
  const facts = new Facts(options)
  const findings: CheckedFinding[] = []
  const blocked = new Map<string, string>()
  try {
    await facts.load()
    for (const check of checks) {
      const cause = check.needs.map((id) => blocked.get(id)).find((id) => id !== undefined)
      const found = cause === undefined ? await findingsOf(check, facts) : [skipped(cause)]
      const failed = cause ?? blockedBy(check.id, found)
      if (failed !== undefined) blocked.set(check.id, failed)
      const { id, title } = check
      findings.push(...found.map((finding) => ({ id, title, ...finding })))
    }
    for (const [place, found] of findings.entries()) {
      const { atEnd } = checks.find(({ id }) => id === found.id) ?? {}
      if (atEnd !== undefined) findings[place] = { ...found, ...(await atEnd(found, facts)) }
    }
    await facts.observer.settled()
  } finally {
    await facts.close()
  }
  return { findings, facts }
}

/** A check that breaks off is told, and the others run: what is met here is by its nature strange. */
async function findingsOf(check: Check, facts: Facts): Promise<readonly Finding[]> {
  try {
    return [await check.run(facts)].flat()
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    return [
      {
        status: 'FAIL',
        code: 'CHECK_BROKE_OFF',
        cause: { en: `this check broke off (${name})`, nb: `denne sjekken brøt sammen (${name})` },
        action: {
          en: 'That is a fault of doctor: report it, with a file that --bundle writes.',
          nb: 'Det er en feil i doctor: meld fra, og legg ved en fil som --bundle skriver.',
        },
        actor: 'developer',
      },
    ]
  }
}

/** The id of the check that failed first, when those after this one cannot be done. */
function blockedBy(id: string, found: readonly Finding[]): string | undefined {
  if (found.some(({ status }) => status === 'FAIL')) return id
  const needs = found.find(({ status, code }) => status === 'SKIP' && code === 'NEEDS')?.evidence?.['needs']
  return typeof needs === 'string' ? needs : undefined
}

/** `cause`: the id of the check that failed first. */
function skipped(cause: string): Finding {
  const title = checks.find(({ id }) => id === cause)?.title ?? { en: cause, nb: cause }
  return {
    status: 'SKIP',
    code: 'NEEDS',
    cause: { en: `not done, since the check “${title.en}” failed`, nb: `ikke gjort, fordi «${title.nb}» feilet` },
    evidence: { needs: cause },
  }
}

const EXIT: Readonly<Record<Status, 0 | 1>> = { OK: 0, SKIP: 0, INFO: 0, WARN: 0, FAIL: 1 }

/** 0 without a FAIL, 3 where the settings cannot be read, else 1. */
export function exitCodeOf({ findings, facts }: Examination): 0 | 1 | 3 {
  if (facts.settingsError !== undefined) return 3
  return findings.some(({ status }) => EXIT[status] === 1) ? 1 : 0
}
