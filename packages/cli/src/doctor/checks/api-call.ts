/** Does the API itself let the token in? One GET, of what --api names, or of what is known to change nothing. */
import type { Api } from '@maskinporten-kit/apis'
import { type TokenRequest, isMaskinportenError } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { targetOf } from '../../call/target.ts'
import { CommandFailed } from '../../failure.ts'
import { requestTo } from '../../registry.ts'
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
    const { url, api, request } = call
    const kind = request.kind ?? facts.settings?.request.kind ?? 'maskinporten'
    const tokens = facts.maskinporten.with(request)
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
      return answerFinding({ url, api, kind, status: answer.status, body: facts.secrets.redact(body), facts })
    } catch (error) {
      if (isMaskinportenError(error))
        return error.code.startsWith('exchange_')
          ? exchangeFailure(error, facts)
          : refusalFinding(error, [request.scopes ?? []].flat(), facts)
      return noAnswerFinding(url, facts.observer.exchanges.at(-1)?.failure ?? 'unknown', facts.env)
    }
  },
}

interface Call {
  readonly url: string
  readonly api?: Api | undefined
  readonly request: TokenRequest
}

/** As `call` has it: the same address, kind of token, scopes and audience. */
async function callOf(facts: Facts): Promise<Call | Finding> {
  const { settings, named, ownScopes } = facts
  if (settings === undefined) return NO_API
  const word = named.url ?? (await idAndPath(facts))
  if (typeof word !== 'string') return word
  const isOther = (url: string): boolean =>
    ![undefined, facts.environment?.name ?? environmentOfHost(url)].includes(environmentOfHost(url))
  if (named.url !== undefined && isOther(named.url)) return otherHost(named.url)
  let code = 'ADDRESS_UNKNOWN'
  try {
    const { url, api, kind } = await targetOf(word, settings, facts.where)
    if (isOther(url.href)) return otherHost(url.href)
    const missing = (api?.headers ?? []).filter(({ required }) => required).map(({ name }) => name)
    if (missing.length > 0) return noHeader(word, missing)
    code = 'SCOPE_MISSING'
    const scopes = ownScopes.length > 0 ? ownScopes : undefined
    const request = api === undefined ? { kind, scopes: facts.scopes } : requestTo(api, settings, { scopes })
    return { url: url.href, api, request }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    const [en, nb] = [inTwo(error.text.en), inTwo(error.text.nb)]
    return {
      status: named.api === undefined ? 'SKIP' : 'FAIL',
      code,
      cause: { en: en[0], nb: nb[0] },
      action: { en: en[1], nb: nb[1] },
      actor: 'settings',
    }
  }
}

/** `altinn/storage:/instances?org=ttd`: what was named, or what the scopes are of. */
async function idAndPath(facts: Facts): Promise<string | Finding> {
  const { named } = facts
  const storage = facts.scopes.flatMap((scope) => apisOf(scope)).find(({ id }) => id === 'altinn/storage')
  const id = (named.api ?? storage)?.id
  if (id === undefined) return NO_API
  const path = named.path ?? (id === 'altinn/storage' ? await instancesOfOwner(facts) : undefined)
  return path === undefined ? noPath(id) : `${id}:${path}`
}

/** What is wrong, and the way out, which follows a colon. */
function inTwo(text: string): readonly [cause: string, action: string] {
  const at = text.indexOf(': ')
  if (at < 0) return [text, text]
  return [text.slice(0, at), `${text.charAt(at + 2).toUpperCase()}${text.slice(at + 3)}.`]
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

const noHeader = (word: string, names: readonly string[]): Finding => ({
  status: 'SKIP',
  code: 'NEEDS',
  cause: {
    en: `the API wants ${names.join(', ')} in each call, which doctor does not send: maskinporten call '${word}' --header @FILE`,
    nb: `API-et krever ${names.join(', ')} i hvert kall, og doctor sender ikke det: maskinporten call '${word}' --header @FIL`,
  },
  evidence: { headers: names },
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
