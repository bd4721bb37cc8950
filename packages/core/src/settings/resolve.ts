/** Makes the settings in force from the layers, or one error with everything that is wrong. */
import { MaskinportenError, type SettingsProblem } from '../errors.ts'
import type { TokenRequest } from '../token-source.ts'
import { readAuthority } from './issuer.ts'
import { type CredentialKey, readCredential } from './credential.ts'
import { readExchange, readTokenEndpoint } from './exchange.ts'
import { readConsumerOrg, readResource, readScopes, readSwitch } from './fields.ts'
import type { Signer } from '../keys/signer.ts'
import type { SourceLayer } from '../sources/source-loader.ts'
import { type ExplainedProblem, Lookup } from './lookup.ts'
import { explainNothing } from './missing.ts'
import type { SettingsOptions } from './settings-provider.ts'
import type { ResolvedSettings } from './settings-provider.ts'
import { reportUnusedKeys } from './unused-keys.ts'

export const DEFAULT_SECTION = 'MaskinportenSettings'

/** Without `revision` and `keys`: the provider adds them. */
export type Resolution = {
  readonly keys: readonly CredentialKey[]
  readonly warnings: readonly SettingsProblem[]
  readonly isDebugging: boolean
} & (
  | { readonly settings: Omit<ResolvedSettings, 'revision' | 'keys'>; readonly error?: undefined }
  | { readonly settings?: undefined; readonly error: MaskinportenError }
)

export interface ProviderOptions extends SettingsOptions {
  /** The settings are one plain object, so messages name its properties. */
  readonly isPlain?: boolean | undefined
}

export interface ResolveOptions extends ProviderOptions {
  /** The signers that `signer` gave, newest first; `undefined`: the key is in the settings. */
  readonly signers?: readonly Signer[] | undefined
}

/** `sourceWarnings`: the warnings of the sources at their last load. `now`: milliseconds since the Unix epoch. `previousKey`: the key in force. */
export async function resolve(
  layers: readonly SourceLayer[],
  sourceWarnings: readonly SettingsProblem[],
  options: ResolveOptions,
  now: number,
  previousKey?: Partial<CredentialKey>,
): Promise<Resolution> {
  const lookup = new Lookup(layers, options.section ?? DEFAULT_SECTION, sourceWarnings, options.isPlain)
  const { clientId, clientIdOrigin, owner, keys, hasKey } = await readCredential(lookup, options, now, previousKey)
  const authority = readAuthority(lookup, owner, hasKey)
  const exchanges = readSwitch(lookup, ['ExhangeToAltinnToken', 'ExchangeToAltinnToken'])
  const testOrg = readSwitch(lookup, ['UseAltinnTestOrg'])
  const isDebugging = readSwitch(lookup, ['EnableDebugLogging', 'EnableDebugLog'])
  const tokenEndpoint = readTokenEndpoint(lookup, authority)
  const exchange = readExchange(lookup, authority?.issuer, exchanges, testOrg)
  const request: TokenRequest = Object.freeze({
    scopes: readScopes(lookup),
    resource: readResource(lookup),
    consumerOrg: readConsumerOrg(lookup),
    kind: exchanges ? 'altinn' : 'maskinporten',
  })
  await reportUnusedKeys(lookup, { exchanges, keyLevel: keys.length > 0 ? owner : -1, issuer: authority?.issuer })
  const { explained, warnings } = lookup
  return explained.length > 0 || authority === undefined || clientId === undefined
    ? { error: invalid(explained, explainNothing(lookup), options.isPlain), keys, warnings, isDebugging }
    : {
        settings: {
          authority: authority.issuer,
          audience: authority.audience,
          metadataUrl: authority.metadataUrl,
          tokenEndpoint,
          clientId,
          request,
          exchange,
          credential: options.isPlain ? undefined : { clientIdOrigin, keyOrigin: keys[0]?.entry?.origin ?? 'signer' },
        },
        keys,
        warnings,
        isDebugging,
      }
}

/** One error for all problems. Problems with the same cause share one line. If we looked in the same places for all lines, the places are listed once. */
function invalid(
  explained: readonly ExplainedProblem[],
  nothing: ReturnType<typeof explainNothing>,
  isPlain = false,
): MaskinportenError {
  const problems = explained.map(({ problem }) => problem)
  const groups = grouped(explained)
  const tails = new Set(groups.map(([{ tail }]) => tail))
  const [common = ''] = tails.size === 1 && groups.length > 1 ? tails : []
  const lines = groups.map((group) => {
    const [{ tail }] = group
    const own = common === '' && tail !== '' ? ` ${tail}` : ''
    return `${lineOf(group, isPlain)}${own}`
  })
  const message =
    lines.length === 1
      ? `the settings are wrong: ${lines[0]}`
      : [
          nothing === undefined
            ? `${lines.length} things are wrong with the settings:`
            : `no settings were found: ${nothing.cause} ${nothing.fix}, or set these:`,
          ...lines.map((line) => `- ${line}`),
          ...(common === '' ? [] : [common]),
        ].join('\n')
  const steps = explained.map(({ problem, subject, step }) =>
    problem.code === 'CONFIG_MISSING'
      ? (step ?? `set ${subject}`)
      : `correct ${subject}${isPlain ? '' : originOf(problem)}`,
  )
  const [last = '', ...others] = [...new Set(steps)].toReversed()
  const todo = others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`
  return new MaskinportenError('settings_invalid', message, {
    detail: problems[0]?.code,
    problems,
    hint: lines.length === 1 ? lines[0] : nothing === undefined ? `To do: ${todo}.` : `${nothing.fix}, or ${todo}.`,
  })
}

type Group = readonly [ExplainedProblem, ...ExplainedProblem[]]

/** Problems whose messages differ only in the setting's name: `A is …` and `B is …` become `A and B are …`. */
function grouped(explained: readonly ExplainedProblem[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const one of explained) {
    const { words, text, tail, problem } = one
    const cause = `${words?.startsWith('is ') ? words : text} ${tail} ${originOf(problem)}`
    const group = groups.get(cause)
    groups.set(cause, group === undefined ? [one] : [...group, one])
  }
  return [...groups.values()]
}

/** The origin follows the names of the settings, so that the line ends with the way out. */
function lineOf(group: Group, isPlain: boolean): string {
  const [{ words, text, problem }] = group
  const origin = isPlain ? '' : originOf(problem)
  if (words === undefined) return text + origin
  const subjects = [...new Set(group.map(({ subject }) => subject))]
  const names = subjects.join(', ').replace(/, (?=[^,]*$)/, ' and ')
  const isPlural = subjects.length > 1
  const verbs = isPlural ? words.replace(/^is /, 'are ').replace(', but it is ', ', but they are ') : words
  return `${names}${origin} ${verbs}`
}

/** Where the value is, unless the message names the place. A missing setting has no place, and an option is in the code. */
function originOf({ code, origin, message }: SettingsProblem): string {
  const isSaid =
    code === 'CONFIG_MISSING' ||
    origin === 'options' ||
    message.includes(`${origin})`) ||
    message.includes(`in ${origin} and `)
  return origin === '' || isSaid ? '' : ` (from ${origin})`
}
