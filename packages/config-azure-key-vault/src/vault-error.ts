/** What Azure's errors mean, in our words: theirs may hold a secret, so nothing but codes is taken from them. */
import { MaskinportenError } from '@maskinporten-kit/core'

interface VaultErrorRow {
  readonly code: string
  readonly message: string
  readonly retryable?: boolean
}

/** Of AADSTS codes: what is wrong, and the way out. */
const LOGIN_REASONS: Readonly<Record<string, readonly [string, string]>> = {
  '7000215': [
    'wrong kvSetting:ClientSecret',
    "Set it to the value of one of the application's secrets, not to its id.",
  ],
  '7000222': ['expired kvSetting:ClientSecret', 'Make a new secret for the application, and set it.'],
  '700016': [
    'unknown kvSetting:ClientId',
    "Set it to the application's id in Entra ID; the Maskinporten client's is another.",
  ],
  '90002': ['unknown kvSetting:TenantId', "Set it to the directory's id in Entra ID."],
}

/** `vault` is its short name, `secret` the secret's; `timedOut` tells our own deadline from the caller's abort. */
export function vaultError(
  error: unknown,
  vault: string,
  secret: string,
  timedOut: number | undefined,
): MaskinportenError {
  const status = numberAt(error, 'statusCode')
  const {
    code,
    message,
    retryable = false,
  } = timedOut === undefined ? rowFor(error, status, vault, secret) : timeout(vault, timedOut)
  const hint = message.slice(message.indexOf('. ') + 2)
  const what = message.slice(0, -hint.length - 2)
  return new MaskinportenError('settings_unavailable', `${what} (vault ${vault}, secret ${secret}). ${hint}`, {
    detail: code,
    hint,
    status,
    traceId: requestIdOf(error),
    retryable,
  })
}

/** Whether the secret is not there, or is but may not be read by anybody. */
export function absenceOf(error: unknown): 'absent' | 'disabled' | undefined {
  const status = numberAt(error, 'statusCode')
  if (status === 404) return 'absent'
  return status === 403 && innerCodeOf(error) === 'SecretDisabled' ? 'disabled' : undefined
}

const timeout = (vault: string, ms: number): VaultErrorRow => ({
  code: 'KV_TIMEOUT',
  message: `${vault} did not answer within ${ms / 1000} s. Check the network, and that sign-in is possible from here.`,
  retryable: true,
})

function rowFor(error: unknown, status: number | undefined, vault: string, secret: string): VaultErrorRow {
  const name = textAt(error, 'name')
  const code = textAt(error, 'code')
  const inner = innerCodeOf(error)
  if (name === 'CredentialUnavailableError' || /Authentication(?:Required)?Error$/.test(name))
    return login(error, vault)
  if (status === 404)
    return { code: 'KV_SECRET_NOT_FOUND', message: `Key Vault ${vault} has no secret "${secret}". Create it there.` }
  if (inner === 'SecretDisabled')
    return {
      code: 'KV_SECRET_DISABLED',
      message: `Secret "${secret}" in ${vault} is disabled. Enable it, or delete it.`,
    }
  if (/^ForbiddenBy(?:Firewall|Connection)$/.test(inner)) {
    return {
      code: 'KV_FIREWALL',
      message: `${vault} refuses this network address. Add it to the vault's firewall or use the private endpoint.`,
    }
  }
  if (status === 403) {
    const why = /^[A-Za-z]{1,40}$/.test(inner) ? ` (${inner})` : ''
    return {
      code: 'KV_FORBIDDEN',
      message: `The identity may not read "${secret}" in ${vault}${why}. It needs "Key Vault Secrets User" or the access policy "get"; new role assignments take some minutes.`,
    }
  }
  if (status === 401)
    return { code: 'KV_UNAUTHORIZED', message: `${vault} did not accept the token. Check kvSetting:TenantId.` }
  if (status === 429)
    return { code: 'KV_THROTTLED', message: `${vault} throttled the request. Ask it less often.`, retryable: true }
  const words = wordsOf(error)
  if (words.includes('does not match the requested domain')) {
    return {
      code: 'KV_CHALLENGE',
      message: `The address of ${vault} is not an Azure vault host. Check kvSetting:SecretUri.`,
    }
  }
  if (code === 'PARSE_ERROR') {
    return {
      code: 'KV_BAD_RESPONSE',
      message: `${vault} answered with something that is not JSON (a proxy page?). Look at what stands between.`,
      retryable: true,
    }
  }
  if (/^(?:ENOTFOUND|EAI_AGAIN)$/.test(code))
    return {
      code: 'KV_DNS',
      message: `No vault is found at the address of ${vault}. Check kvSetting:SecretUri.`,
      retryable: true,
    }
  if (/CERT|SIGNATURE|^ERR_TLS|^SELF_SIGNED|^DEPTH_ZERO/.test(code)) {
    return {
      code: 'KV_TLS',
      message: `The certificate of ${vault} is not trusted. Behind a TLS-inspecting proxy, set NODE_EXTRA_CA_CERTS before start.`,
    }
  }
  if (/^E[A-Z]+$/.test(code) || code === 'REQUEST_SEND_ERROR') {
    return {
      code: 'KV_UNREACHABLE',
      message: `Could not reach ${vault} (${code}). Check the network and the proxy.`,
      retryable: true,
    }
  }
  const what = status === undefined ? (/^\w{1,40}$/.test(code) ? code : 'no code') : `status ${status}`
  return {
    code: 'KV_FAILED',
    message: `Reading from ${vault} failed (${what}). Try again, or look at the vault.`,
    retryable: status === undefined || status >= 500,
  }
}

/** By shape: in Jest an error of Node or of its fetch is of another `Error` class than the one that is seen here. */
function wordsOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : ''
}

function login(error: unknown, vault: string): VaultErrorRow {
  const words = wordsOf(error)
  const [found, number = ''] = /AADSTS(\d{4,8})/.exec(words) ?? []
  const [reason, way] = LOGIN_REASONS[number] ?? noReason(words, found === undefined && isWithoutIdentity(error))
  const what = [found, reason].filter((part) => part !== undefined).join(': ')
  return {
    code: 'KV_LOGIN_FAILED',
    message: `Could not sign in to Entra ID for ${vault}${what === '' ? '' : ` (${what})`}. ${way}`,
    retryable: found === undefined,
  }
}

/** `DefaultAzureCredential` found nobody to sign in as. */
const isWithoutIdentity = (error: unknown): boolean =>
  /^(?:CredentialUnavailable|AggregateAuthentication)Error$/.test(textAt(error, 'name'))

/** The vault names its tenant, and a credential of another one refuses before it asks Entra ID. */
function noReason(words: string, isWithout: boolean): readonly [string | undefined, string] {
  if (words.includes('AdditionallyAllowedTenants'))
    return ['the vault is in another tenant', 'Set kvSetting:TenantId to that of the vault.']
  return isWithout
    ? ['there is no identity', 'On your own machine run az login; in Azure give the host a managed identity.']
    : [undefined, 'Check that the identity exists, and that it can sign in from here.']
}

function innerCodeOf(error: unknown): string {
  const inner =
    at(at(at(error, 'details'), 'error'), 'innerError') ?? at(at(at(error, 'details'), 'error'), 'innererror')
  return textAt(inner, 'code')
}

function requestIdOf(error: unknown): string | undefined {
  const headers = at(at(error, 'response'), 'headers')
  const get = at(headers, 'get')
  if (typeof get !== 'function') return undefined
  const id: unknown = get.call(headers, 'x-ms-request-id')
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : undefined
}

const at = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

function textAt(value: unknown, name: string): string {
  const found = at(value, name)
  return typeof found === 'string' ? found : ''
}

function numberAt(value: unknown, name: string): number | undefined {
  const found = at(value, name)
  return typeof found === 'number' ? found : undefined
}
