/** Key Vault's error bodies. Source: the service's documented codes and texts (Microsoft Learn, "REST API error codes"). */

export interface VaultErrorRow {
  readonly status: number
  readonly code: string
  /** `<name>` stands for the secret's name. */
  readonly message: string
  readonly inner?: string | undefined
}

export type VaultErrorName =
  | 'Unauthorized'
  | 'InvalidToken'
  | 'BadParameter'
  | 'BadBody'
  | 'MissingApiVersion'
  | 'NotFound'
  | 'SecretNotFound'
  | 'SecretDisabled'
  | 'ForbiddenByRbac'
  | 'AccessDenied'
  | 'ForbiddenByFirewall'
  | 'Throttled'

const vaultErrors: Readonly<Record<VaultErrorName, VaultErrorRow>> = {
  Unauthorized: { status: 401, code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' },
  InvalidToken: { status: 401, code: 'Unauthorized', message: 'AKV10022: Invalid audience or issuer in the token.' },
  BadParameter: { status: 400, code: 'BadParameter', message: 'The request URI contains an invalid name: <name>' },
  BadBody: { status: 400, code: 'BadParameter', message: 'Property value has invalid value' },
  MissingApiVersion: { status: 400, code: 'BadParameter', message: 'api-version must be specified' },
  NotFound: { status: 404, code: 'NotFound', message: 'The requested resource was not found.' },
  SecretNotFound: {
    status: 404,
    code: 'SecretNotFound',
    message:
      'A secret with (name/id) <name> was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182',
  },
  SecretDisabled: {
    status: 403,
    code: 'Forbidden',
    message: 'Operation get is not allowed on a disabled secret.',
    inner: 'SecretDisabled',
  },
  ForbiddenByRbac: {
    status: 403,
    code: 'Forbidden',
    message: 'Caller is not authorized to perform action on resource.',
    inner: 'ForbiddenByRbac',
  },
  AccessDenied: {
    status: 403,
    code: 'Forbidden',
    message: 'The user, group or application does not have secrets get permission on key vault.',
    inner: 'AccessDenied',
  },
  ForbiddenByFirewall: {
    status: 403,
    code: 'Forbidden',
    message: 'Client address is not authorized and caller is not a trusted service.',
    inner: 'ForbiddenByFirewall',
  },
  Throttled: {
    status: 429,
    code: 'Throttled',
    message: 'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
  },
}

export const vaultErrorNames: readonly string[] = Object.keys(vaultErrors)

export function isVaultErrorName(name: string): name is VaultErrorName {
  return Object.hasOwn(vaultErrors, name)
}

export function vaultError(name: VaultErrorName, secret = ''): Response {
  const row: VaultErrorRow = vaultErrors[name]
  const error = {
    code: row.code,
    message: row.message.replace('<name>', secret),
    ...(row.inner === undefined ? {} : { innererror: { code: row.inner } }),
  }
  return Response.json({ error }, { status: row.status })
}
