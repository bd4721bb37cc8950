/** Key Vault's error bodies. Source: the service's documented codes and texts (Microsoft Learn, "REST API error codes"). */
import { fillPlaceholders } from '../placeholders.ts'

export interface VaultErrorRow {
  readonly status: number
  readonly code: string
  /** `<name>`, `<vault>`, `<caller>` and `<found>` stand for what the request said. */
  readonly message: string
  readonly inner?: string | undefined
}

/** The kinds of 403 that a vault gives to a caller whom it knows. */
export type VaultDenial =
  | 'ForbiddenByRbac'
  | 'AccessDenied'
  | 'ForbiddenByFirewall'
  | 'ForbiddenByConnection'
  | 'ForbiddenByPolicy'

export type VaultErrorName =
  | 'Unauthorized'
  | 'InvalidToken'
  | 'WrongAudience'
  | 'BadParameter'
  | 'BadBody'
  | 'MissingApiVersion'
  | 'NotFound'
  | 'SecretNotFound'
  | 'SecretDisabled'
  | VaultDenial
  | 'Throttled'

const vaultErrors: Readonly<Record<VaultErrorName, VaultErrorRow>> = {
  Unauthorized: { status: 401, code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' },
  InvalidToken: {
    status: 401,
    code: 'Unauthorized',
    message: 'Error validating token: it is not of this tenant, not intact or not alive.',
  },
  WrongAudience: {
    status: 401,
    code: 'Unauthorized',
    message: 'AKV10022: Invalid audience. Expected https://vault.azure.net, found: <found>.',
  },
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
    message:
      "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: <caller>\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nResource: '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/emulator/providers/microsoft.keyvault/vaults/<vault>/secrets/<name>'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\nVault: <vault>;location=norwayeast\r\n",
    inner: 'ForbiddenByRbac',
  },
  AccessDenied: {
    status: 403,
    code: 'Forbidden',
    message:
      "The user, group or application '<caller>' does not have secrets get permission on key vault '<vault>;location=norwayeast'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
    inner: 'AccessDenied',
  },
  ForbiddenByFirewall: {
    status: 403,
    code: 'Forbidden',
    message:
      'Client address is not authorized and caller is not a trusted service.\r\nClient address: 127.0.0.1\r\nCaller: <caller>\r\nVault: <vault>;location=norwayeast',
    inner: 'ForbiddenByFirewall',
  },
  ForbiddenByConnection: {
    status: 403,
    code: 'Forbidden',
    message:
      'Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\nCaller: <caller>\r\nVault: <vault>;location=norwayeast',
    inner: 'ForbiddenByConnection',
  },
  ForbiddenByPolicy: {
    status: 403,
    code: 'Forbidden',
    message: 'The policy of key vault <vault> denies this request.\r\nCaller: <caller>',
    inner: 'ForbiddenByPolicy',
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

export const vaultDenials: readonly VaultDenial[] = [
  'ForbiddenByRbac',
  'AccessDenied',
  'ForbiddenByFirewall',
  'ForbiddenByConnection',
  'ForbiddenByPolicy',
]

export interface VaultErrorFacts {
  readonly name?: string | undefined
  readonly vault?: string | undefined
  readonly caller?: string | undefined
  readonly found?: string | undefined
}

/** What the answer says, for the recorder too. */
export function vaultMessage(error: VaultErrorName, facts: VaultErrorFacts = {}): string {
  const { name = '', vault = '', caller = '', found = '' } = facts
  return fillPlaceholders(vaultErrors[error].message, { name, vault, caller, found })
}

export function vaultError(error: VaultErrorName, facts: VaultErrorFacts = {}): Response {
  const { status, code, inner } = vaultErrors[error]
  const body = {
    error: {
      code,
      message: vaultMessage(error, facts),
      ...(inner === undefined ? {} : { innererror: { code: inner } }),
    },
  }
  return Response.json(body, { status })
}
