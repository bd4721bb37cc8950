/** Does the API itself let the token in? One GET, of what --api names, or of what is known to change nothing. */
import { type TokenKind, isMaskinportenError } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { addressOf } from '../../addresses.ts'
import { CommandFailed } from '../../failure.ts'
import { environmentOfHost } from './hosts.ts'
import { answerFinding } from '../api-answers.ts'
import { exchangeFailure } from '../exchange-refusals.ts'
import type { Facts } from '../facts.ts'
import type { Check, Finding } from '../finding.ts'
import { decodeJwt } from '../jwt.ts'
import { noAnswerFinding } from '../network.ts'
import { refusalFinding } from '../refusals.ts'
import { apisOf } from '../registry.ts'

const LIMIT_MS = 10_000
const MAX_BODY = 2_000

export const apiCall: Check = {
  id: 'api-call',
  title: { en: 'One call to the API', nb: 'Ett kall til API-et' },
  needs: ['token', 'exchange'],
  async run(facts) {
    const call = await callOf(facts)
    if (!('url' in call)) return call
    const { url, kind } = call
    const of = environmentOfHost(url)
    if (of !== undefined && of !== (facts.environment?.name ?? of)) return otherHost(url)
    const tokens = facts.maskinporten.with({ kind, scopes: facts.scopes })
    const send = maskinportenFetch(tokens, { allow: [new URL(url).origin], fetch: facts.observer.fetch })
    try {
      const answer = await send(url, {
        headers: { accept: 'application/json' },
        redirect: 'manual',
        signal: AbortSignal.timeout(LIMIT_MS),
      })
      // Of a success only the status is looked at: the rest is none of doctor's business.
      const body = answer.status < 400 ? '' : (await answer.text()).slice(0, MAX_BODY)
      if (answer.status < 400) await answer.body?.cancel()
      return answerFinding({ url, kind, status: answer.status, body: facts.secrets.redact(body), facts })
    } catch (error) {
      if (isMaskinportenError(error))
        return error.code.startsWith('exchange_')
          ? exchangeFailure(error, facts)
          : refusalFinding(error, facts.scopes, facts)
      return noAnswerFinding(url, facts.observer.exchanges.at(-1)?.failure ?? 'unknown', facts.env)
    }
  },
}

interface Call {
  readonly url: string
  readonly kind: TokenKind
}

async function callOf(facts: Facts): Promise<Call | Finding> {
  const { settings, named } = facts
  const kind = named.api?.token.kind ?? settings?.request.kind ?? 'maskinporten'
  if (named.url !== undefined) return { url: named.url, kind }
  if (settings === undefined) return NO_API
  const storage = facts.scopes.flatMap((scope) => apisOf(scope)).find(({ id }) => id === 'altinn/storage')
  const api = named.api ?? storage
  if (api === undefined) return NO_API
  const path = named.path ?? (api.id === 'altinn/storage' ? await instancesOfOwner(facts) : undefined)
  if (path === undefined) return noPath(api.id)
  try {
    return { url: `${await addressOf(api, settings, { env: facts.env })}${path}`, kind: api.token.kind }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    // What it advises are flags of other commands.
    const cause = { en: error.text.en.replace(/: .*/s, ''), nb: error.text.nb.replace(/: .*/s, '') }
    return {
      status: named.api === undefined ? 'SKIP' : 'FAIL',
      code: 'ADDRESS_UNKNOWN',
      cause,
      action: {
        en: 'Name the whole address, such as --api https://ttd.apps.tt02.altinn.no/ttd/app.',
        nb: 'Oppgi hele adressen, for eksempel --api https://ttd.apps.tt02.altinn.no/ttd/app.',
      },
      actor: 'settings',
    }
  }
}

/** Storage's list wants the short name of the organisation, which the exchanged token says. */
async function instancesOfOwner(facts: Facts): Promise<string | undefined> {
  const { token } = await facts.token('altinn', facts.scopes)
  const org = decodeJwt(token?.value ?? '')?.claims['urn:altinn:org']
  return typeof org === 'string' ? `/instances?org=${encodeURIComponent(org)}&size=1` : undefined
}

const NO_API: Finding = {
  status: 'SKIP',
  code: 'NO_API',
  cause: {
    en: 'no API to call is known; name one with --api, such as --api altinn/storage:/instances?org=ttd',
    nb: 'det er ikke kjent hvilket API som skal kalles; oppgi det med --api, for eksempel --api altinn/storage:/instances?org=ttd',
  },
}

const noPath = (id: string): Finding => ({
  status: 'SKIP',
  code: 'NO_PATH',
  cause: {
    en: `no path of ${id} is known that reads only; name one, as --api ${id}:/path`,
    nb: `det er ikke kjent noen sti i ${id} som bare leser; oppgi en, som --api ${id}:/sti`,
  },
})

/** A token of one environment is no business of the other's. */
const otherHost = (url: string): Finding => ({
  status: 'SKIP',
  code: 'HOST_OF_OTHER_ENVIRONMENT',
  cause: {
    en: `not done, since ${new URL(url).host} is of another environment than the token`,
    nb: `ikke gjort, fordi ${new URL(url).host} er i et annet miljø enn tokenet`,
  },
})
