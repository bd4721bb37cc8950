/** `kvSetting`: the vault's address, and who asks. Read from the layers below. */
import { type ConfigEntry, type ConfigLayer, type LoadContext, MaskinportenError } from '@maskinporten-kit/core'

const NAMES = ['SecretUri', 'ClientId', 'TenantId', 'ClientSecret'] as const
const PATH = 'kvSetting'

export interface KvSetting {
  readonly vaultUrl: string
  /** An Entra application; absent: `DefaultAzureCredential`. */
  readonly application?:
    | { readonly tenantId: string; readonly clientId: string; readonly clientSecret: string }
    | undefined
}

/** `undefined`: nothing is set. `vaultUrl` and `signsIn` say what the options give already. */
export function readKvSetting(
  earlier: ConfigLayer,
  vaultUrl: string | undefined,
  signsIn: boolean,
  warn: LoadContext['warn'],
): KvSetting | undefined {
  const found = new Map(NAMES.map((name) => [name, valueOf(earlier, name, warn)]))
  const text = (name: (typeof NAMES)[number]): string | undefined => found.get(name)?.text
  const address = vaultUrl ?? text('SecretUri')
  const asked = NAMES.filter((name) => !(name === 'SecretUri' ? vaultUrl !== undefined : signsIn))
  const given = asked.filter((name) => text(name) !== undefined)
  const missing = asked.filter((name) => text(name) === undefined)
  if (address === undefined && given.length === 0) return undefined
  const onlyAddress = given.every((name) => name === 'SecretUri')
  if (address === undefined || (!onlyAddress && missing.length > 0)) throw incomplete(missing, given, earlier)
  const [clientId, tenantId, clientSecret] = [text('ClientId'), text('TenantId'), text('ClientSecret')]
  const application =
    !signsIn && clientId !== undefined && tenantId !== undefined && clientSecret !== undefined
      ? { clientId, tenantId, clientSecret }
      : undefined
  return { vaultUrl: checkedAddress(address, found.get('SecretUri')?.entry), application }
}

/** Older Altinn services write each value as a list of one. */
function valueOf(
  earlier: ConfigLayer,
  name: string,
  warn: LoadContext['warn'],
): { readonly entry: ConfigEntry; readonly text: string } | undefined {
  const path = `${PATH}:${name}`.toLowerCase()
  for (const entry of [earlier.get(path), earlier.get(`${path}:0`)]) {
    const text = entry?.reveal()?.trim()
    if (entry === undefined || text === undefined || text === '') continue
    const bare = /^(["'`])(.*)\1$/s.exec(text)?.[2]?.trim()
    if (bare === '') continue
    if (bare !== undefined)
      warn({
        code: 'CONFIG_QUOTES',
        key: entry.key,
        message: `${entry.key} has quotes around it; they were taken off. Delete them.`,
      })
    return { entry, text: bare ?? text }
  }
  return undefined
}

function incomplete(missing: readonly string[], given: readonly string[], earlier: ConfigLayer): MaskinportenError {
  const list = (names: readonly string[]): string => names.map((name) => `${PATH}:${name}`).join(' and ')
  const is = (names: readonly string[]): string => (names.length === 1 ? 'is' : 'are')
  const sources = [
    ...new Set([...earlier.values()].map(({ origin }) => origin.replace(/(?::\d+)+$|(?<=^env) .*/g, ''))),
  ]
  const others = given.filter((name) => name !== 'SecretUri')
  const hint = missing.includes('SecretUri')
    ? `Set ${wayToSet(missing)}.`
    : `Simplest: delete ${list(others)}; then your own sign-in is used (az login on your machine, managed identity in Azure). Or set ${wayToSet(missing)}.`
  const set = given.length === 0 ? '' : ` (${list(given)} ${is(given)} set)`
  const message = `${list(missing)} ${is(missing)} missing${set}. Looked in ${sources.join(', ') || 'no source'}. ${hint}`
  const problems = missing.map((name) => ({
    code: 'KV_CONFIG_MISSING',
    key: `${PATH}:${name}`,
    origin: sources.join(', '),
    message,
  }))
  return new MaskinportenError('settings_invalid', message, { detail: 'KV_CONFIG_MISSING', hint, problems })
}

/** The client secret never into a file that is checked in. */
function wayToSet(missing: readonly string[]): string {
  const names = missing.filter((name) => name !== 'ClientSecret').map((name) => `${PATH}:${name}`)
  const secret = `the client secret as the environment variable ${PATH}__ClientSecret (with fromEnv() before fromAzureKeyVault()), never in appsettings.json`
  if (!missing.includes('ClientSecret')) return names.join(' and ')
  return names.length === 0 ? secret : `${names.join(' and ')}, and ${secret}`
}

function checkedAddress(text: string, entry: ConfigEntry | undefined): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (
    url?.protocol === 'https:' &&
    PLACEHOLDER.exec(text) === null &&
    url.pathname === '/' &&
    url.search + url.hash + url.username === ''
  )
    return url.origin
  const hint = 'Use the Vault URI from the Azure portal, such as https://my-kv.vault.azure.net/.'
  const key = entry?.key ?? 'vaultUrl'
  const message = `${key} ${whyWrong(text, url)}. ${hint}`
  const origin = entry?.origin ?? 'options'
  return raise(
    new MaskinportenError('settings_invalid', message, {
      detail: 'KV_ADDRESS',
      hint,
      problems: [{ code: 'KV_ADDRESS', key, origin, message }],
    }),
  )
}

/** `<your-vault>`, `{vault}`, `${VAULT}`: no address holds these signs. */
const PLACEHOLDER = /<[^<>]{0,40}>|\$?\{+[^{}]{0,40}\}+|\[[^[\]:]{0,40}\]/

function whyWrong(text: string, url: URL | undefined): string {
  const [placeholder] = PLACEHOLDER.exec(text) ?? []
  if (placeholder !== undefined) return `still holds a placeholder, ${placeholder}`
  if (!/^https?:\/\//i.test(text)) return 'has no https:// before it'
  if (url === undefined) return 'is not a valid address'
  if (url.username + url.password !== '') return 'has a user name or password in it'
  return url.protocol === 'http:'
    ? 'is http, and a vault answers on https only'
    : 'has more than the address of the vault, such as the path of a secret'
}

function raise(error: MaskinportenError): never {
  throw error
}
