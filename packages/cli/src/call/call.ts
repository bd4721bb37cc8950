/** One call of an API with a token. */
import type { AccessToken, BindableTokenSource, ResolvedSettings, TokenRequest } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { CommandFailed } from '../failure.ts'
import { refuseExisting } from '../files/write-file.ts'
import { withMaskinporten } from '../open-maskinporten.ts'
import { adviceOn, requestTo } from '../registry.ts'
import { type SettingsFlags, readSettings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { type RequestFlags, requestOf } from '../token/request-flags.ts'
import { documentOf, head, refuseBytesOnTerminal, save, stream } from './answer.ts'
import { whyRefused } from './refused.ts'
import { bodyOf, headersOf, methodAndTarget } from './request-parts.ts'
import { type Target, targetOf } from './target.ts'

export interface CallFlags extends SettingsFlags, Omit<RequestFlags, 'api'> {
  /** `-` is standard input. */
  readonly body?: string | undefined
  readonly header?: readonly string[] | undefined
  readonly include?: boolean | undefined
  readonly output?: string | undefined
  readonly force?: boolean | undefined
  readonly baseUrl?: string | undefined
}

export async function call(words: readonly string[], given: CallFlags, terminal: Terminal): Promise<void> {
  // As elsewhere, - is the standard stream.
  const flags = given.output === '-' ? { ...given, output: undefined } : given
  const { method, word } = methodAndTarget(words, flags.body !== undefined)
  const headers = await headersOf(flags.header)
  if (flags.output !== undefined && flags.force !== true) await refuseExisting([flags.output])
  const body = await bodyOf(flags.body)
  if (body !== undefined && !headers.has('content-type')) headers.set('content-type', body.type)
  // A redirect would take the headers and the body to where nobody sent them.
  const init: RequestInit = { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body: body.bytes }) }
  await withMaskinporten(readSettings(flags), terminal, async (maskinporten) => {
    const settings = await maskinporten.settings.get()
    const target = await targetOf(word, settings, { org: flags.org, baseUrl: flags.baseUrl })
    refuseWithoutHeaders(target, headers)
    const request = requestFor(target, settings, flags, method)
    for (const advice of adviceOn(target.api, request, settings)) terminal.say(advice)
    const tokens = lastToken(maskinporten.with(request))
    const send = maskinportenFetch(tokens, { allow: target.url.origin })
    const sent = send(target.url, init).catch(unreachable(target))
    const answer = await terminal.progress({ en: `Calling ${target.url.host}`, nb: `Kaller ${target.url.host}` }, sent)
    await show(answer, target, flags, terminal)
    if (!isFailed(answer)) return
    const token = tokens.last()
    if (token !== undefined) throw new CommandFailed('failed', whyRefused({ method, target, answer, token, settings }))
  })
}

function requestFor({ api, kind }: Target, settings: ResolvedSettings, flags: CallFlags, method: string): TokenRequest {
  const isWriting = !/^(?:GET|HEAD|OPTIONS)$/.test(method)
  const wish = { scopes: flags.scope, access: flags.access, isWriting }
  return { ...(api === undefined ? { kind } : requestTo(api, settings, wish)), ...requestOf(flags) }
}

/** Remembers the token that was sent, for what is said of a refusal. */
function lastToken(
  tokens: BindableTokenSource,
): Pick<BindableTokenSource, 'getToken'> & { readonly last: () => AccessToken | undefined } {
  let last: AccessToken | undefined
  return {
    getToken: async (request, options) => (last = await tokens.getToken(request, options)),
    last: () => last,
  }
}

async function show(answer: Response, { url }: Target, flags: CallFlags, terminal: Terminal): Promise<void> {
  if (flags.output !== undefined && !isFailed(answer)) {
    if (flags.include === true) terminal.say(head(answer).trimEnd())
    return save(answer, flags.output, flags.force === true)
  }
  if (terminal.isJson) return terminal.json(await documentOf(answer, url))
  refuseBytesOnTerminal(answer, terminal)
  // A file was asked for, and this is not what belongs into it.
  const to = flags.output === undefined ? process.stdout : process.stderr
  if (flags.include === true) to.write(head(answer))
  await stream(answer, to)
}

/** Of a 3xx nothing came that was asked for. */
const isFailed = ({ status }: Response): boolean => status >= 300

function unreachable({ url }: Target): (error: unknown) => never {
  return (error) => {
    // fetch says "fetch failed", and its cause says why.
    const cause = error instanceof TypeError ? error.cause : undefined
    if (cause === undefined) throw error
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'no connection'
    throw new CommandFailed('failed', {
      en: `${url.origin} cannot be reached (${code})`,
      nb: `${url.origin} kan ikke nås (${code})`,
    })
  }
}

/** Some APIs want a key of their own in each call. */
function refuseWithoutHeaders({ api }: Target, headers: Headers): void {
  const missing = (api?.headers ?? []).filter(({ name, required }) => required && !headers.has(name))
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name).join(', ')
  throw new CommandFailed('usage', {
    en: `${api?.id} wants ${names} in each call (${missing[0]?.meaning.en}): give it with --header @FILE`,
    nb: `${api?.id} vil ha ${names} i hvert kall (${missing[0]?.meaning.nb}): oppgi det med --header @FIL`,
  })
}
