/** Prints a token, since it is asked for. */
import type { Api } from '@maskinporten-kit/apis'
import type { AccessToken, Maskinporten, ResolvedSettings, TokenRequest } from '@maskinporten-kit/core'
import { addressOf } from '../addresses.ts'
import { CommandFailed } from '../failure.ts'
import { withMaskinporten } from '../open-maskinporten.ts'
import { type ApiWish, adviceOn, findApi, requestTo } from '../registry.ts'
import { type SettingsFlags, readSettings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { curlLine } from './curl-line.ts'
import { inspectToken, inspection } from './inspection.ts'
import { type RequestFlags, requestOf } from './request-flags.ts'

export interface TokenFlags extends SettingsFlags, RequestFlags {
  readonly raw?: boolean | undefined
  readonly header?: boolean | undefined
  readonly inspect?: boolean | undefined
  /** The shell; `true`: sh. */
  readonly env?: string | true | undefined
  /** The address that the line calls; `true`: that of the API. */
  readonly curl?: string | true | undefined
  readonly credentialProcess?: boolean | undefined
}

type Form = 'raw' | 'header' | 'inspect' | 'env' | 'curl' | 'credentialProcess' | 'json'

export async function printToken(flags: TokenFlags, terminal: Terminal): Promise<void> {
  const form = formOf(flags, terminal.isJson)
  const request = requestOf(flags)
  const variable = form === 'env' ? variableFor(flags.env) : undefined
  const api = flags.api === undefined ? undefined : findApi(flags.api)
  const advise = (asked: TokenRequest, settings?: ResolvedSettings): void => {
    for (const advice of adviceOn(api, asked, settings)) terminal.say(advice)
  }
  if (form === 'curl' && typeof flags.curl === 'string') {
    advise(request)
    return terminal.result(curlLine(flags, flags.curl, process.env))
  }
  const getToken = async (maskinporten: Maskinporten): Promise<AccessToken | string> => {
    const settings = await maskinporten.settings.get()
    if (form === 'curl') {
      advise(request)
      return lineFor(api, settings, flags)
    }
    const known = api === undefined ? {} : requestTo(api, settings, wishOf(flags))
    const asked = { ...known, ...request }
    advise(asked, settings)
    return maskinporten.getToken(asked)
  }
  const token = await withMaskinporten(readSettings(flags), terminal, (maskinporten) =>
    terminal.progress({ en: 'Getting a token', nb: 'Henter et token' }, getToken(maskinporten)),
  )
  if (typeof token === 'string') return terminal.result(token)
  switch (form) {
    case 'header':
      return terminal.result(`Authorization: Bearer ${token.value}`)
    case 'inspect':
      if (terminal.isJson) return terminal.json(inspection(token))
      return terminal.result(inspectToken(token, terminal))
    case 'env':
      return terminal.result(variable?.(token.value) ?? '')
    case 'credentialProcess':
      // On one line: some programs read no more.
      return terminal.result(JSON.stringify(credential(token)))
    case 'json':
      return terminal.json(credential(token))
    case 'curl':
    case 'raw':
      return terminal.result(token.value)
  }
}

const wishOf = ({ scope, access }: TokenFlags): ApiWish => ({ scopes: scope, access })

/** Calls the address of the API. */
async function lineFor(api: Api | undefined, settings: ResolvedSettings, flags: TokenFlags): Promise<string> {
  if (api === undefined) return curlLine(flags, '', process.env)
  return curlLine(flags, await addressOf(api, settings, { org: flags.org }), process.env)
}

/** @throws CommandFailed `usage` for two forms at once. */
function formOf(flags: TokenFlags, isJson: boolean): Form {
  const forms = (['raw', 'header', 'inspect', 'env', 'curl', 'credentialProcess'] as const).filter(
    (form) => flags[form] !== undefined,
  )
  const [form, second] = forms
  // The claims have a JSON form of their own, and the line for programs is JSON already.
  const other = second ?? (isJson && form !== 'inspect' && form !== 'credentialProcess' ? ('json' as const) : undefined)
  if (form === undefined) return other ?? 'raw'
  if (other !== undefined)
    throw new CommandFailed('usage', {
      en: `${flagOf(form)} and ${flagOf(other)} are two forms of the result: give one`,
      nb: `${flagOf(form)} og ${flagOf(other)} er to former av resultatet: oppgi én`,
    })
  return form
}

const flagOf = (form: Form | undefined): string => `--${form === 'credentialProcess' ? 'credential-process' : form}`

/** The token is a JWT or another word of base64's letters, so that it needs no quoting beyond these. */
function variableFor(shell: string | true | undefined): (token: string) => string {
  if (shell === true || shell === 'sh') return (token) => `export MASKINPORTEN_TOKEN='${token}'`
  if (shell === 'powershell') return (token) => `$env:MASKINPORTEN_TOKEN = '${token}'`
  throw new CommandFailed('usage', {
    en: '--env takes sh (for bash, zsh and fish, too) or powershell',
    nb: '--env tar sh (også for bash, zsh og fish) eller powershell',
  })
}

/** What `--credential-process` and `--json` print: its members stay, and a breaking change makes `version` 2. */
interface Credential {
  readonly version: 1
  readonly token: string
  readonly token_type: 'Bearer'
  readonly kind: AccessToken['kind']
  readonly scopes: readonly string[]
  /** ISO 8601, UTC. */
  readonly expires_at: string
  /** Seconds from now. */
  readonly expires_in: number
}

function credential({ value, kind, scopes, expiresAt }: AccessToken, now: number = Date.now()): Credential {
  return {
    version: 1,
    token: value,
    token_type: 'Bearer',
    kind,
    scopes,
    expires_at: new Date(expiresAt).toISOString(),
    expires_in: Math.max(0, Math.floor((expiresAt - now) / 1000)),
  }
}
