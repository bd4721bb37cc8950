/** Can the issuer be reached, and does its metadata name itself? */
import type { DiscoveryAnswer } from '../discovery.ts'
import { nameOfEnvironment } from '../environment.ts'
import type { Facts } from '../facts.ts'
import type { Check, Finding } from '../finding.ts'
import { noAnswerFinding, pageFinding } from '../network.ts'

export const discoveryCheck: Check = {
  id: 'discovery',
  title: { en: 'Maskinporten’s metadata', nb: 'Metadata fra Maskinporten' },
  needs: [],
  async run(facts) {
    const { environment } = facts
    if (environment === undefined)
      return {
        status: 'SKIP',
        code: 'NEEDS',
        cause: {
          en: 'the settings name no environment',
          nb: 'innstillingene nevner ikke noe miljø; sett Environment til test eller prod',
        },
        evidence: { needs: 'settings' },
      }
    const answer = await facts.discovery()
    const failed = findingOf(answer, facts, environment.issuer)
    // Tokens do not hang on it where the settings name the token endpoint.
    if (failed !== undefined)
      return facts.settings?.tokenEndpoint === undefined ? failed : { ...failed, status: 'WARN' }
    return {
      status: 'OK',
      cause: {
        en: `${nameOfEnvironment(environment).en} answers at ${answer.url}`,
        nb: `${nameOfEnvironment(environment).nb} svarer på ${answer.url}`,
      },
      evidence: {
        url: answer.url,
        status: answer.status,
        issuer: answer.issuer,
        tokenEndpoint: answer.tokenEndpoint,
      },
    }
  },
}

function findingOf(answer: DiscoveryAnswer, facts: Facts, issuer: string): Finding | undefined {
  const { url, status, failure, page, isRedirect } = answer
  if (failure !== undefined) return noAnswerFinding(url, failure, facts.env)
  if (page !== undefined || isRedirect === true || (status ?? 0) >= 400) return pageFinding(answer, facts.env)
  if (answer.issuer === undefined || answer.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, ''))
    return {
      status: 'FAIL',
      code: 'metadata_invalid',
      cause: {
        en: `the metadata at ${url} names the issuer ${answer.issuer ?? '(none)'}, not ${issuer}`,
        nb: `metadata på ${url} oppgir utstederen ${answer.issuer ?? '(ingen)'}, ikke ${issuer}`,
      },
      action: {
        en: 'Set Authority to the issuer that the metadata names, or Environment to test or prod.',
        nb: 'Sett Authority til utstederen som står i metadata, eller Environment til test eller prod.',
      },
      actor: 'settings',
      evidence: { url, issuer: answer.issuer },
    }
  return undefined
}
