/** Entra ID's refusals, as its token endpoint words them (Microsoft Learn, "Microsoft Entra authentication error codes"). */
import { randomUUID } from 'node:crypto'
import { entraErrorPage } from '../network/names.ts'
import { fillPlaceholders } from '../placeholders.ts'

export interface EntraErrorRow {
  readonly status: number
  readonly error: string
  /** `<name>`, `<client>` and `<tenant>` stand for what the request said. */
  readonly text: string
}

export type EntraErrorName =
  | 'AADSTS70003'
  | 'AADSTS90002'
  | 'AADSTS90033'
  | 'AADSTS500011'
  | 'AADSTS700016'
  | 'AADSTS900144'
  | 'AADSTS1002012'
  | 'AADSTS7000215'
  | 'AADSTS7000216'
  | 'AADSTS7000222'

const entraErrors: Readonly<Record<EntraErrorName, EntraErrorRow>> = {
  AADSTS70003: {
    status: 400,
    error: 'unsupported_grant_type',
    text: "The app requested an unsupported grant type '<name>'.",
  },
  AADSTS90002: {
    status: 400,
    error: 'invalid_request',
    text: "Tenant '<tenant>' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  },
  AADSTS90033: {
    status: 503,
    error: 'temporarily_unavailable',
    text: 'A transient error has occurred. Please try again.',
  },
  AADSTS500011: {
    status: 400,
    error: 'invalid_resource',
    text: 'The resource principal named <name> was not found in the tenant named <tenant>. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
  },
  AADSTS700016: {
    status: 400,
    error: 'unauthorized_client',
    text: "Application with identifier '<client>' was not found in the directory '<tenant>'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  },
  AADSTS900144: {
    status: 400,
    error: 'invalid_request',
    text: "The request body must contain the following parameter: '<name>'.",
  },
  AADSTS1002012: {
    status: 400,
    error: 'invalid_scope',
    text: 'The provided value for scope <name> is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  },
  AADSTS7000215: {
    status: 401,
    error: 'invalid_client',
    text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '<client>'.",
  },
  AADSTS7000216: {
    status: 401,
    error: 'invalid_client',
    text: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  },
  AADSTS7000222: {
    status: 401,
    error: 'invalid_client',
    text: "The provided client secret keys for app '<client>' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  },
}

export const entraErrorNames: readonly string[] = Object.keys(entraErrors)

export function isEntraErrorName(name: string): name is EntraErrorName {
  return Object.hasOwn(entraErrors, name)
}

export interface EntraErrorFacts {
  readonly tenant?: string | undefined
  readonly client?: string | undefined
  readonly name?: string | undefined
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What the answer says before its ids, for the recorder too. */
export function entraMessage(name: EntraErrorName, facts: Omit<EntraErrorFacts, 'at'>): string {
  const { tenant = '', client = '', name: given = '' } = facts
  return fillPlaceholders(entraErrors[name].text, { tenant, client, name: given })
}

export function entraError(name: EntraErrorName, facts: EntraErrorFacts): Response {
  const { status, error } = entraErrors[name]
  const said = entraMessage(name, facts)
  const timestamp = new Date(facts.at).toISOString().replace(/T(.*)\.\d+Z$/, ' $1Z')
  const [trace, correlation, code] = [randomUUID(), randomUUID(), Number(name.slice('AADSTS'.length))]
  return Response.json(
    {
      error,
      error_description: `${name}: ${said} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `${entraErrorPage}${code}`,
    },
    { status, headers: { 'cache-control': 'no-store' } },
  )
}
