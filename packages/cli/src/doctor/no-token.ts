/** No token, and no refusal either: the network, an outage, an answer of somebody else. */
import type { MaskinportenError } from '@maskinporten-kit/core'
import { explained } from './explained.ts'
import type { Facts } from './facts.ts'
import type { Finding } from './finding.ts'
import { noAnswerFinding, pageFinding } from './network.ts'

export function noTokenFinding(error: MaskinportenError, facts: Facts): Finding {
  const last = facts.observer.exchanges.at(-1)
  const evidence = { status: error.status, traceId: error.traceId, detail: error.detail, url: last?.url }
  if (last?.failure !== undefined) return noAnswerFinding(last.url, last.failure, facts.env)
  const status = last?.status ?? 0
  const isPage = /html/i.test(last?.contentType ?? '') || /^\s*<(?:!doctype|html)/i.test(last?.errorBody ?? '')
  if (last !== undefined && (isPage || status === 407 || (status >= 300 && status < 400)))
    return {
      ...pageFinding(
        { url: last.url, status, page: titleIn(last.errorBody), isRedirect: status >= 300 && status < 400 },
        facts.env,
      ),
      evidence,
    }
  if (error.code === 'request_invalid')
    return {
      status: 'FAIL',
      code: error.code,
      cause: {
        en: error.message,
        nb: `forespørselen kan ikke sendes slik den er: feltet ${error.detail ?? ''} er feil`,
      },
      action: {
        en: error.hint,
        nb: 'Rett feltet i innstillingene; scopes skilles med mellomrom og har ingen spesialtegn.',
      },
      actor: 'settings',
      evidence,
    }
  if (last !== undefined && status >= 500) return { ...pageFinding({ url: last.url, status }, facts.env), evidence }
  return {
    status: 'FAIL',
    code: error.detail ?? error.code,
    cause: {
      en: error.message.replace(`; ${error.hint}`, ''),
      nb: explained(error.code)?.happened.nb ?? error.message,
    },
    action: {
      en: 'Try again later; if it lasts, look at the network and at Digdir’s status page.',
      nb: 'Prøv igjen senere; hvis det varer ved, se på nettverket og på statussiden til Digdir.',
    },
    actor: 'nobody',
    evidence,
  }
}

const titleIn = (body = ''): string => /<title>([^<]{1,120})/i.exec(body)?.[1]?.trim() ?? ''
