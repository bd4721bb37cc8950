/** Layers as users of the .NET client have them, and what must arrive of each, whoever reads them. */
import type { NewClientOptions } from '@maskinporten-kit/emulator'

export interface Layers {
  /** Contents of `appsettings.json`. */
  readonly base: object
  /** Contents of `appsettings.Staging.json`; with it, DOTNET_ENVIRONMENT is Staging. */
  readonly staging?: object
  /** Environment variables. Those of the emulator's endpoints stand under them. */
  readonly env?: Readonly<Record<string, string>>
}

/** A registered client's id and key, and the emulator's addresses. */
export interface Own {
  readonly ClientId: string
  readonly EncodedJwk: string
  readonly jwk: object
  readonly exchangeEndpoint: string
}

export interface LayerCase {
  readonly layers: (own: Own) => Layers
  /** Default: one scope, RS256, a kid of the emulator's own. */
  readonly client?: Partial<NewClientOptions>
  readonly header?: object
  readonly claims?: object
  /** The exchange's query; absent: no exchange. */
  readonly exchange?: Readonly<Record<string, string>>
  /** Of the header, where ours differs on purpose. */
  readonly ours?: object
}

export const SCOPE = 'altinn:serviceowner/instances.read'
export const CONSUMER = '974760673'

const guide = {
  Environment: 'test',
  ClientId: '',
  Scope: SCOPE,
  EncodedJwk: '',
  ExhangeToAltinnToken: true,
  EnableDebugLog: true,
}
const section = (values: object): Layers['base'] => ({ MaskinportenSettings: values })
const inEnv = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`MaskinportenSettings__${key}`, value]))
const withKey = ({ ClientId, EncodedJwk }: Own): object => ({ ClientId, EncodedJwk, Scope: SCOPE, Environment: 'test' })
const wrapped = (base64: string): string => base64.replaceAll(/.{76}/g, '$&\r\n')

export const layerCases: Readonly<Record<string, LayerCase>> = {
  'the guide’s section, id and key from the environment': {
    layers: ({ ClientId, EncodedJwk }) => ({ base: section(guide), env: inEnv({ ClientId, EncodedJwk }) }),
    claims: { scope: SCOPE },
    exchange: {},
  },
  'UseAltinnTestOrg in the file, in another case': {
    layers: (own) => ({ base: section({ ...withKey(own), exhangetoaltinntoken: 'TRUE', USEALTINNTESTORG: 'True' }) }),
    exchange: { test: 'true' },
  },
  'a file of the environment over the base, and variables over both': {
    client: { scopes: ['a:base', 'a:staging', 'a:env'] },
    layers: (own) => ({
      base: section({ ...withKey(own), Scope: 'a:base', ExhangeToAltinnToken: true, UseAltinnTestOrg: false }),
      staging: section({ Scope: 'a:staging', UseAltinnTestOrg: true }),
      env: { MASKINPORTENSETTINGS__SCOPE: 'a:env', MaskinportenSettings__ClientId: own.ClientId },
    }),
    claims: { scope: 'a:env' },
    exchange: { test: 'true' },
  },
  'a switch put off by a variable': {
    layers: (own) => ({
      base: section({ ...withKey(own), ExhangeToAltinnToken: true }),
      env: inEnv({ ExhangeToAltinnToken: 'false' }),
    }),
  },
  'blank as unset': {
    layers: (own) => ({
      base: section({ ...withKey(own), Resource: 'https://api.example.no', ConsumerOrgNo: CONSUMER, Kid: '' }),
      env: inEnv({ Environment: '', Resource: '', ConsumerOrgNo: '', UseAltinnTestOrg: '', EnableDebugLogging: '' }),
    }),
  },
  'switches that are misspelt and enterprise users, which nobody heeds': {
    layers: (own) => ({
      base: section({
        ...withKey(own),
        ExhangeToAltinnToken: true,
        UseAltinTestOrg: true,
        EnableDebugLoging: true,
        EnterpriseUserName: 'user',
        EnterpriseUserPassword: 'password',
        OverwriteAuthorizationHeader: true,
      }),
    }),
    exchange: {},
  },
  'ConsumerOrgNo and Resource': {
    client: { scopes: ['a:delegated'] },
    layers: (own) => ({
      base: section({ ...withKey(own), Scope: 'a:delegated', ConsumerOrgNo: CONSUMER }),
      env: inEnv({ Resource: 'https://api.example.no/a' }),
    }),
    claims: { consumer_org: CONSUMER, resource: ['https://api.example.no/a'] },
  },
  'a Kid over the key’s own, and scopes in any order': {
    client: { scopes: ['b:two', 'a:one'], kid: 'registered' },
    layers: ({ ClientId, jwk }) => ({
      base: section({
        ClientId,
        EncodedJwk: Buffer.from(JSON.stringify({ ...jwk, kid: 'its-own' })).toString('base64'),
        Kid: 'registered',
        Scope: 'b:two a:one',
        Environment: 'test',
      }),
    }),
    header: { kid: 'registered' },
    claims: { scope: 'a:one b:two' },
  },
  'a key for RS512': {
    client: { alg: 'RS512' },
    layers: (own) => ({ base: section(withKey(own)) }),
    header: { alg: 'RS256' },
    ours: { alg: 'RS512' },
  },
  'base64 in lines of 76, and an exchange endpoint with a query of its own': {
    layers: (own) => ({
      base: section({ ...withKey(own), EncodedJwk: wrapped(own.EncodedJwk), ExhangeToAltinnToken: true }),
      env: inEnv({ UseAltinnTestOrg: 'true', TokenExchangeEndpoint: `${own.exchangeEndpoint}?tenant=a` }),
    }),
    exchange: { tenant: 'a', test: 'true' },
  },
}
