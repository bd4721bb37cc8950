/** Every name that leaves this package, each written once; the README's table has them all. */

/** Of OpenTelemetry's semantic conventions. https://opentelemetry.io/docs/specs/semconv/registry/attributes/ */
export const SEMCONV = {
  errorType: 'error.type',
  method: 'http.request.method',
  status: 'http.response.status_code',
  address: 'server.address',
  port: 'server.port',
} as const

/** Our own: the conventions have none for OAuth (1.45). Three are Altinn's too. */
export const OWN = {
  kind: 'maskinporten.kind',
  why: 'maskinporten.why',
  outcome: 'maskinporten.outcome',
  from: 'maskinporten.from',
  mpCode: 'maskinporten.mp_code',
  detail: 'maskinporten.detail',
  traceId: 'maskinporten.trace_id',
  lifetime: 'maskinporten.token.lifetime',
  scopes: 'maskinporten.scopes',
  consumerOrg: 'maskinporten.consumer_org',
  systemUserOrg: 'maskinporten.systemuser_org',
  result: 'maskinporten.result',
  operation: 'maskinporten.operation',
  reason: 'maskinporten.reason',
} as const

export const SPANS = {
  token: 'maskinporten.token',
  exchange: 'maskinporten.exchange',
  settings: 'maskinporten.settings.refresh',
} as const

export const METRICS = {
  tokenRequests: 'maskinporten.token.requests',
  tokenDuration: 'maskinporten.token.duration',
  exchangeRequests: 'maskinporten.exchange.requests',
  exchangeDuration: 'maskinporten.exchange.duration',
  settingsDuration: 'maskinporten.settings.duration',
  calls: 'maskinporten.calls',
  renewals: 'maskinporten.renewals',
  storeHits: 'maskinporten.store.hits',
  storeFailures: 'maskinporten.store.failures',
  keyRejections: 'maskinporten.key.rejections',
  clockRepairs: 'maskinporten.clock.repairs',
  tokenAge: 'maskinporten.token.age',
  tokenLifetime: 'maskinporten.token.lifetime',
  keyAge: 'maskinporten.key.age',
  keyRemaining: 'maskinporten.key.remaining',
  health: 'maskinporten.health',
} as const

/** As Altinn's app library has them: Altinn/app-lib-dotnet, `Features/Telemetry/Telemetry.Maskinporten.cs`. */
export const ALTINN = {
  tokenSpan: 'Maskinporten.GetAccessToken',
  exchangedTokenSpan: 'Maskinporten.GetAltinnExchangedAccessToken',
  tokenRequests: 'altinn_app_lib_maskinporten_token_requests',
  exchangeRequests: 'altinn_app_lib_maskinporten_altinn_exchange_requests',
  result: 'result',
} as const

/** Of the meter and the tracer. */
export const SCOPE = '@maskinporten-kit/opentelemetry'
