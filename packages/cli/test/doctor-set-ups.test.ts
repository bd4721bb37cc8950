import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClientSecretCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { type ConfigSource, fromObject } from '@maskinporten-kit/core'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { exitCodeOf } from '../src/doctor/doctor.ts'
import type { Actor } from '../src/catalogue/actors.ts'
import { explanationOf } from '../src/catalogue/explanation.ts'
import type { FactsOptions } from '../src/doctor/facts.ts'
import type { Status } from '../src/doctor/finding.ts'
import { type RealSettings, appSettings, examined, of, realSettings, scope } from './examined.ts'

let emulator: Emulator
let whole: RealSettings
beforeAll(async () => {
  emulator = await startEmulator()
})
beforeEach(async () => {
  await emulator.reset()
  whole = await realSettings(emulator)
})
afterAll(() => emulator.close())

interface Row {
  readonly settings: () => object | readonly ConfigSource[] | Promise<object | readonly ConfigSource[]>
  readonly options?: () => Partial<FactsOptions>
  readonly check: string
  readonly status: Status
  readonly code: string
  readonly actor: Actor
  readonly en: RegExp
  readonly nb: RegExp
  readonly exit?: 0 | 1 | 3
}

const otherSettings = (): Promise<RealSettings> => realSettings(emulator)
const publicHalf = ({ EncodedJwk }: RealSettings): string => {
  const { kty, n, e, kid, alg, use } = JSON.parse(Buffer.from(EncodedJwk, 'base64').toString()) as JsonWebKey & {
    kid: string
  }
  return Buffer.from(JSON.stringify({ kty, n, e, kid, alg, use })).toString('base64')
}
const withKid = ({ EncodedJwk }: RealSettings, change: object): string =>
  Buffer.from(
    JSON.stringify({ ...(JSON.parse(Buffer.from(EncodedJwk, 'base64').toString()) as object), ...change }),
  ).toString('base64')
const vault = (): ConfigSource => {
  const { credential, clientOptions } = emulator.keyVault
  const client = new SecretClient('https://kv-app.vault.azure.net', credential, {
    ...clientOptions,
    retryOptions: { maxRetries: 0 },
  })
  return fromAzureKeyVault({ client, refreshMs: 0 })
}
/** Signs in to Entra ID, as an app with kvSetting does. */
const vaultOfApplication = (): ConfigSource => {
  const { tenantId, clientId, clientSecret } = emulator.entra.registerApplication()
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    ...emulator.entra.credentialOptions,
    retryOptions: { maxRetries: 0 },
  })
  const options = { ...emulator.keyVault.clientOptions, retryOptions: { maxRetries: 0 } }
  const client = new SecretClient('https://kv-app.vault.azure.net', credential, options)
  return fromAzureKeyVault({ client, refreshMs: 0 })
}
const blank = { ClientId: '', EncodedJwk: '' }
const inVault = (secrets: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(secrets))
    emulator.keyVault.setSecret(`MaskinportenSettings--${name}`, value)
}
/** Answers everything in the place of whoever was asked. */
const answering =
  (status: number, body: string, type = 'text/html'): typeof globalThis.fetch =>
  async () =>
    new Response(body, { status, headers: { 'content-type': type, date: new Date().toUTCString() } })
const redirecting =
  (location: string): typeof globalThis.fetch =>
  async () =>
    new Response(null, { status: 302, headers: { location } })
const throwing =
  (code: string): typeof globalThis.fetch =>
  async () => {
    throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) })
  }

const rows: Readonly<Record<string, Row>> = {
  'the client of the other environment': {
    settings: () => ({ ...whole, ClientId: '11111111-2222-4333-8444-555555555555' }),
    check: 'token',
    status: 'FAIL',
    code: 'MP-100',
    actor: 'clientAdministrator',
    en: /Maskinporten test knows no active client 11111111-.* \(appsettings\.json\)/,
    nb: /Maskinporten test kjenner ingen aktiv klient 11111111-/,
  },
  'a key of prod in test': {
    settings: () => ({ ...whole, EncodedJwk: withKid(whole, { kid: 'app-prod-2026' }) }),
    check: 'token',
    status: 'FAIL',
    code: 'kid_unknown',
    actor: 'clientAdministrator',
    en: /app-prod-2026 .* not uploaded .* a prod key/,
    nb: /app-prod-2026 .* ikke lastet opp .* nøkkel for prod/,
  },
  'a key of prod in test, before any request': {
    settings: () => ({ ...whole, EncodedJwk: withKid(whole, { kid: 'app-prod-2026' }) }),
    check: 'credential',
    status: 'WARN',
    code: 'ENVIRONMENTS_MIXED',
    actor: 'settings',
    en: /app-prod-2026.* speaks of prod, but Maskinporten test is asked/,
    nb: /app-prod-2026.* tyder på prod, men det er Maskinporten test/,
  },
  'a clock that is 60 s behind': {
    settings: () => {
      emulator.clock.adjust(60_000)
      return whole
    },
    check: 'clock',
    // Core corrects it, and the token came.
    status: 'WARN',
    code: 'CLOCK_OFF',
    actor: 'operations',
    en: /(?:59|60|61) s behind/,
    nb: /(?:59|60|61) s etter/,
  },
  'a clock that is 60 s ahead': {
    settings: () => {
      emulator.clock.adjust(-60_000)
      return whole
    },
    check: 'clock',
    // Core corrects it, and the token came.
    status: 'WARN',
    code: 'CLOCK_OFF',
    actor: 'operations',
    en: /(?:59|60|61) s ahead/,
    nb: /(?:59|60|61) s foran/,
  },
  'a kid that is not uploaded': {
    settings: () => ({ ...whole, EncodedJwk: withKid(whole, { kid: 'never-uploaded' }) }),
    check: 'token',
    status: 'FAIL',
    code: 'kid_unknown',
    actor: 'clientAdministrator',
    en: /public half of never-uploaded .* is not uploaded to the client/,
    nb: /offentlige nøkkelen never-uploaded .* er ikke lastet opp på klienten/,
  },
  'the private key of another pair': {
    settings: async () => {
      const { kid } = JSON.parse(Buffer.from(whole.EncodedJwk, 'base64').toString()) as { readonly kid: string }
      return { ...whole, EncodedJwk: withKid(await otherSettings(), { kid }) }
    },
    check: 'token',
    status: 'FAIL',
    code: 'MP-124',
    actor: 'settings',
    en: /private key .* is not the one whose public half is registered/,
    nb: /private nøkkelen .* hører ikke til den offentlige nøkkelen/,
  },
  'the public key pasted': {
    settings: () => ({ ...whole, EncodedJwk: publicHalf(whole) }),
    check: 'key',
    status: 'FAIL',
    code: 'KEY_PUBLIC_ONLY',
    actor: 'settings',
    en: /only the public half/,
    nb: /bare den offentlige delen av nøkkelparet/,
    exit: 3,
  },
  'the kid pasted in the place of the key': {
    settings: () => ({ ...whole, EncodedJwk: 'kid-4711-of-the-client' }),
    check: 'key',
    status: 'FAIL',
    code: 'KEY_TOO_SHORT',
    actor: 'settings',
    en: /EncodedJwk/,
    nb: /for kort til å være en nøkkel/,
    exit: 3,
  },
  'a scope mistyped by one letter, before any request': {
    settings: () => ({ ...whole, Scope: 'altinn:serviceowner/instanses.read' }),
    check: 'scopes',
    status: 'WARN',
    code: 'SCOPE_MISSPELT',
    actor: 'settings',
    en: /does not know the scope altinn:serviceowner\/instanses\.read; .*altinn:serviceowner\/instances\.read is nearest/,
    nb: /kjenner ikke scopet altinn:serviceowner\/instanses\.read; det nærmeste er altinn:serviceowner\/instances\.read/,
  },
  'a scope mistyped by one letter, as Maskinporten refuses it': {
    settings: () => ({ ...whole, Scope: 'altinn:serviceowner/instanses.read' }),
    check: 'token',
    status: 'FAIL',
    code: 'MP-200',
    actor: 'settings',
    en: /misspelt.*altinn:serviceowner\/instances\.read/,
    nb: /skrevet feil.*altinn:serviceowner\/instances\.read/,
  },
  'a scope that the client lacks, of two': {
    settings: () => ({ ...whole, Scope: `${scope} altinn:serviceowner/instances.write` }),
    check: 'token',
    status: 'FAIL',
    code: 'MP-200',
    actor: 'clientAdministrator',
    en: /does not have the scope altinn:serviceowner\/instances\.write/,
    nb: /har ikke scopet altinn:serviceowner\/instances\.write/,
  },
  'no scope at all': {
    settings: () => ({ ...whole, Scope: '' }),
    check: 'token',
    status: 'FAIL',
    code: 'SCOPE_MISSING',
    actor: 'settings',
    en: /no scope is named/,
    nb: /ingen scopes er oppgitt/,
  },
  'a scope that its owner has not granted': {
    settings: async () => {
      emulator.maskinporten.defineScope({ name: 'skatteetaten:inntekt' })
      return { ...(await realSettings(emulator, ['skatteetaten:inntekt'])), ExhangeToAltinnToken: false }
    },
    check: 'token',
    status: 'FAIL',
    code: 'MP-250',
    actor: 'apiOwner',
    en: /owner of skatteetaten:inntekt, Norwegian Tax Administration, has not granted it to your organisation/,
    nb: /tilbyderen av skatteetaten:inntekt, Skatteetaten, har ikke gitt virksomheten tilgang/,
  },
  'no delegation': {
    settings: () => {
      emulator.maskinporten.defineScope({ name: scope, delegable: true })
      for (const one of ['991825827', '310702641']) emulator.maskinporten.grantAccess(scope, one)
      return { ...whole, ConsumerOrgNo: '310702641' }
    },
    check: 'token',
    status: 'FAIL',
    code: 'MP-251',
    actor: 'customer',
    en: /310702641 has not delegated .* to 991825827/,
    nb: /310702641 har ikke delegert .* til 991825827/,
  },
  'one’s own organisation as consumer': {
    settings: () => ({ ...whole, ConsumerOrgNo: '991825827' }),
    check: 'token',
    status: 'FAIL',
    code: 'consumer_org_is_self',
    actor: 'settings',
    en: /ConsumerOrgNo \(991825827\) is the organisation that owns the client/,
    nb: /ConsumerOrgNo \(991825827\) er virksomheten som selv eier klienten/,
  },
  'an exchange without a service-owner scope': {
    settings: async () => ({ ...(await realSettings(emulator, ['altinn:broker.read'])), ExhangeToAltinnToken: true }),
    check: 'exchange',
    status: 'WARN',
    code: 'SERVICE_OWNER_SCOPE_MISSING',
    actor: 'clientAdministrator',
    en: /without urn:altinn:org, since no scope begins with altinn:serviceowner/,
    nb: /uten urn:altinn:org, siden ingen av scopene begynner med altinn:serviceowner/,
    exit: 0,
  },
  'a raw token where Altinn’s is needed': {
    settings: () => ({ ...whole, ExhangeToAltinnToken: false, UseAltinnTestOrg: false }),
    check: 'token-kind',
    status: 'WARN',
    code: 'ALTINN_TOKEN_NEEDED',
    actor: 'settings',
    en: /takes an exchanged Altinn token only.*raw token/,
    nb: /tar bare et vekslet Altinn-token.*rått token/,
  },
  'Altinn’s token where a raw one is needed': {
    settings: async () => ({ ...(await realSettings(emulator, ['krr:global/kontaktinformasjon.read'])) }),
    check: 'token-kind',
    status: 'WARN',
    code: 'RAW_TOKEN_NEEDED',
    actor: 'settings',
    en: /takes Maskinporten's own token \(raw\)/,
    nb: /tar Maskinportens eget \(rå\) token/,
  },
  'Altinn of production for a token of test': {
    settings: () => ({ ...whole, UseAltinnTestOrg: false, TokenExchangeEnvironment: 'prod' }),
    check: 'credential',
    status: 'FAIL',
    code: 'CONFIG_AUTHORITY_CONFLICT',
    actor: 'settings',
    en: /TokenExchangeEnvironment/,
    nb: /TokenExchangeEnvironment .* et annet miljø/,
    exit: 3,
  },
  'an address of production elsewhere in the settings': {
    settings: () => [appSettings(whole, { Altinn: { Storage: 'https://platform.altinn.no/storage/api/v1/' } })],
    check: 'hosts',
    status: 'WARN',
    code: 'HOST_OF_OTHER_ENVIRONMENT',
    actor: 'settings',
    en: /platform\.altinn\.no \(Altinn:Storage, appsettings\.json\)/,
    nb: /platform\.altinn\.no \(Altinn:Storage, appsettings\.json\)/,
  },
  'a vault that may not be read': {
    settings: () => {
      emulator.keyVault.deny('ForbiddenByRbac')
      return [appSettings({ ...whole, ...blank }), vault()]
    },
    check: 'settings',
    status: 'FAIL',
    code: 'KV_FORBIDDEN',
    actor: 'vaultAdministrator',
    en: /identity may not read .*kv-app/,
    nb: /Identiteten har ikke lov til å lese .*kv-app/,
    exit: 3,
  },
  'a vault whose firewall refuses this machine': {
    settings: () => {
      emulator.keyVault.deny('ForbiddenByFirewall')
      return [appSettings({ ...whole, ...blank }), vault()]
    },
    check: 'settings',
    status: 'FAIL',
    code: 'KV_FIREWALL',
    actor: 'vaultAdministrator',
    en: /refuses this network address/,
    nb: /brannmur slipper ikke denne adressen inn/,
    exit: 3,
  },
  'an empty vault': {
    settings: () => [appSettings({ ...whole, ...blank }), vault()],
    check: 'settings',
    status: 'WARN',
    code: 'KV_EMPTY',
    actor: 'vaultAdministrator',
    en: /has none of the secrets/,
    nb: /har ingen av hemmelighetene/,
    exit: 3,
  },
  'an expired secret': {
    settings: () => {
      inVault({ ClientId: whole.ClientId })
      emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', whole.EncodedJwk, {
        expiresOn: new Date(Date.now() - 86_400_000),
      })
      return [appSettings({ ...whole, ...blank }), vault()]
    },
    check: 'settings',
    status: 'WARN',
    code: 'KV_SECRET_EXPIRED',
    actor: 'vaultAdministrator',
    en: /expired on/,
    nb: /utløpt/,
  },
  'a key that has ended by its own date': {
    settings: () => ({ ...whole, EncodedJwk: withKid(whole, { exp: Math.floor(Date.now() / 1000) - 86_400 }) }),
    check: 'key-age',
    status: 'FAIL',
    code: 'KEY_ENDED',
    actor: 'clientAdministrator',
    en: /the key ended on/,
    nb: /nøkkelen utløp/,
  },
  'a proxy in the way': {
    settings: () => whole,
    options: () => ({
      fetch: throwing('ECONNREFUSED'),
      env: { HTTPS_PROXY: 'http://user:hemmelig1@proxy.intern:8080', NODE_USE_ENV_PROXY: '1' },
    }),
    check: 'discovery',
    status: 'FAIL',
    code: 'PROXY',
    actor: 'operations',
    en: /test\.maskinporten\.no cannot be reached through the proxy proxy\.intern:8080, which HTTPS_PROXY names/,
    nb: /test\.maskinporten\.no kan ikke nås gjennom proxyen proxy\.intern:8080, som HTTPS_PROXY peker på/,
  },
  'a proxy that Node goes past': {
    settings: () => whole,
    options: () => ({ fetch: throwing('ETIMEDOUT'), env: { https_proxy: 'proxy.intern:8080' } }),
    check: 'discovery',
    status: 'FAIL',
    code: 'PROXY_NOT_USED',
    actor: 'operations',
    en: /https_proxy names the proxy proxy\.intern:8080, but Node goes past it/,
    nb: /https_proxy peker på proxyen proxy\.intern:8080, men Node går utenom den/,
  },
  'a login page in the place of Maskinporten': {
    settings: () => whole,
    options: () => ({ fetch: redirecting('https://login.intern/auth') }),
    check: 'discovery',
    status: 'FAIL',
    code: 'FOREIGN_ANSWER',
    actor: 'operations',
    en: /a redirect \(302\) came in the place of test\.maskinporten\.no: a login page/,
    nb: /en omdirigering \(302\) kom i stedet for test\.maskinporten\.no: en innloggingsside/,
  },
  'an audience that is not the issuer': {
    settings: () => ({ ...whole, AssertionAudience: 'https://test.maskinporten.no/token' }),
    check: 'audience',
    status: 'FAIL',
    code: 'MP-110',
    actor: 'settings',
    en: /aud would be https:\/\/test\.maskinporten\.no\/token .* but the issuer is https:\/\/test\.maskinporten\.no\//,
    nb: /aud blir https:\/\/test\.maskinporten\.no\/token .* men utstederen er https:\/\/test\.maskinporten\.no\//,
  },
  'an expired secret of the application that signs in to the vault': {
    settings: () => {
      emulator.faults.next('entra', { error: 'AADSTS7000222', times: 'forever' })
      return [appSettings({ ...whole, ...blank }), vaultOfApplication()]
    },
    check: 'settings',
    status: 'FAIL',
    code: 'KV_LOGIN_FAILED',
    actor: 'settings',
    en: /expired kvSetting:ClientSecret/,
    nb: /Innloggingen til Azure gikk ikke .*kvSetting:ClientSecret er utløpt/,
    exit: 3,
  },
  'a host that DNS does not know': {
    settings: () => whole,
    options: () => ({ fetch: throwing('ENOTFOUND') }),
    check: 'discovery',
    status: 'FAIL',
    code: 'NETWORK',
    actor: 'operations',
    en: /DNS does not know the host/,
    nb: /DNS kjenner ikke vertsnavnet/,
  },
  'a proxy that opens TLS': {
    settings: () => whole,
    options: () => ({ fetch: throwing('SELF_SIGNED_CERT_IN_CHAIN') }),
    check: 'discovery',
    status: 'FAIL',
    code: 'NETWORK',
    actor: 'operations',
    en: /certificate is not trusted here/,
    nb: /sertifikatet er ikke klarert her/,
  },
  'the page of a firewall': {
    settings: () => whole,
    options: () => ({ fetch: answering(403, '<html><title>Request Rejected</title>Support ID: 8812345</html>') }),
    check: 'discovery',
    status: 'FAIL',
    code: 'FOREIGN_ANSWER',
    actor: 'operations',
    en: /a web page \(403, “Request Rejected”\) came in the place of test\.maskinporten\.no: a firewall/,
    nb: /en nettside \(403, «Request Rejected»\) kom i stedet for test\.maskinporten\.no: en brannmur/,
  },
  'the page of a firewall at the token endpoint only': {
    settings: () => {
      const body = '<html><title>Request Rejected</title></html>'
      emulator.faults.next('token', { status: 403, body, headers: { 'content-type': 'text/html' }, times: 'forever' })
      return whole
    },
    check: 'token',
    status: 'FAIL',
    code: 'FOREIGN_ANSWER',
    actor: 'operations',
    en: /a web page \(403/,
    nb: /en nettside \(403/,
  },
  'a placeholder': {
    settings: () => ({ ...whole, EncodedJwk: 'retrieved from secrets' }),
    check: 'settings',
    status: 'FAIL',
    code: 'CONFIG_PLACEHOLDER',
    actor: 'settings',
    en: /EncodedJwk still holds a placeholder text/,
    nb: /EncodedJwk .*plassholdertekst/,
    exit: 3,
  },
  'an unresolved Key Vault reference': {
    settings: () => ({ ...whole, EncodedJwk: '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/x)' }),
    check: 'settings',
    status: 'FAIL',
    code: 'CONFIG_KV_REFERENCE',
    actor: 'settings',
    en: /Key Vault reference/,
    nb: /Key Vault-referanse/,
    exit: 3,
  },
  'two identities': {
    settings: async () => [
      appSettings(whole),
      fromObject({ MaskinportenSettings: { EncodedJwk: (await otherSettings()).EncodedJwk } }, { name: 'env' }),
    ],
    check: 'credential',
    status: 'FAIL',
    code: 'CONFIG_MIXED_CREDENTIALS',
    actor: 'settings',
    en: /ClientId/,
    nb: /blander to klienter/,
    exit: 3,
  },
  'two environments': {
    settings: () => ({ ...whole, Environment: 'prod', Authority: 'https://test.maskinporten.no/' }),
    check: 'credential',
    status: 'FAIL',
    code: 'CONFIG_AUTHORITY_CONFLICT',
    actor: 'settings',
    en: /says "prod" .* but .*Authority is "https:\/\/test/,
    nb: /Environment .* et annet miljø/,
    exit: 3,
  },
  'an environment that is not one': {
    settings: () => ({ ...whole, Environment: 'dev' }),
    check: 'settings',
    status: 'FAIL',
    code: 'CONFIG_ENVIRONMENT_UNKNOWN',
    actor: 'settings',
    en: /Environment is "dev"/,
    nb: /er ikke et miljø/,
    exit: 3,
  },
  'a file that is not JSON': {
    settings: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'doctor-'))
      await writeFile(join(directory, 'appsettings.json'), '{\n  "MaskinportenSettings": {\n    "ClientId" "x"\n  }\n}')
      return [fromAppSettings({ directory, refreshMs: 0, env: {} })]
    },
    check: 'settings',
    status: 'FAIL',
    code: 'JSON_SYNTAX',
    actor: 'settings',
    en: /appsettings\.json:3:\d+/,
    nb: /appsettings\.json:3:\d+ er ikke gyldig JSON/,
    exit: 3,
  },
  'nothing set at all': {
    settings: () => ({}),
    check: 'settings',
    status: 'FAIL',
    code: 'CONFIG_MISSING',
    actor: 'settings',
    en: /is missing/,
    nb: /mangler i alle kildene/,
    exit: 3,
  },
  'the application of Entra ID as client id': {
    settings: () => [
      appSettings(
        { ...whole, ClientId: '99999999-2222-4333-8444-555555555555' },
        {
          kvSetting: { ClientId: '99999999-2222-4333-8444-555555555555' },
        },
      ),
    ],
    check: 'credential',
    status: 'WARN',
    code: 'CLIENT_ID_MISTAKEN',
    actor: 'settings',
    en: /looks like the application of Entra ID/,
    nb: /ser ut som applikasjonen i Entra ID/,
  },
  'a legacy key beside the platform’s client id (v9)': {
    settings: () => [
      fromObject(
        { MaskinportenSettings: { authority: 'https://test.maskinporten.no/', clientId: whole.ClientId } },
        { name: 'maskinporten-settings.json' },
      ),
      fromObject(
        { MaskinportenSettings: { EncodedJwk: whole.EncodedJwk, Scope: scope } },
        { name: 'appsettings.json' },
      ),
    ],
    check: 'section',
    status: 'WARN',
    code: 'SECTION_MIXED',
    actor: 'settings',
    en: /platform's clientId \(maskinporten-settings\.json\) and an EncodedJwk of yours \(appsettings\.json\)/,
    nb: /clientId fra plattformen \(maskinporten-settings\.json\) og EncodedJwk fra din egen klient \(appsettings\.json\)/,
  },
  'an exchange that answers 410': {
    settings: () => {
      emulator.faults.next('exchange', {
        status: 410,
        body: { title: 'Virksomhetsbruker is no longer available' },
        times: 'forever',
      })
      return whole
    },
    check: 'exchange',
    status: 'FAIL',
    code: 'ENTERPRISE_USER',
    actor: 'settings',
    en: /has removed enterprise users/,
    nb: /har fjernet virksomhetsbrukere/,
  },
  'an exchange that answers 401': {
    settings: () => {
      emulator.faults.next('exchange', { status: 401, times: 'forever' })
      return whole
    },
    check: 'exchange',
    status: 'FAIL',
    code: 'exchange_unavailable',
    actor: 'altinn',
    en: /answered 401 to a token that Maskinporten has just given.*outage/,
    nb: /svarte 401 på et token som Maskinporten nettopp har gitt/,
  },
  'Maskinporten that is down': {
    settings: () => {
      emulator.faults.next('token', { status: 503, times: 'forever' })
      return whole
    },
    check: 'token',
    status: 'FAIL',
    code: 'server_error',
    actor: 'nobody',
    en: /answers 503/,
    nb: /svarer 503/,
  },
  'an API that refuses the call': {
    settings: () => {
      emulator.faults.next('storage', { status: 403, times: 'forever' })
      return whole
    },
    check: 'api-call',
    status: 'FAIL',
    code: 'API_403',
    actor: 'apiOwner',
    en: /platform\.tt02\.altinn\.no knows the token and refuses the call/,
    nb: /platform\.tt02\.altinn\.no kjenner tokenet og avviser kallet/,
  },
  'an API of production named for a token of test': {
    settings: () => whole,
    options: () => ({ api: 'https://platform.altinn.no/storage/api/v1/instances?org=ttd' }),
    check: 'hosts',
    status: 'WARN',
    code: 'HOST_OF_OTHER_ENVIRONMENT',
    actor: 'settings',
    en: /platform\.altinn\.no \(--api\) is of prod/,
    nb: /platform\.altinn\.no \(--api\) er i prod/,
    exit: 0,
  },
  'a raw token that an Altinn API gets': {
    settings: () => ({ ...whole, ExhangeToAltinnToken: false, UseAltinnTestOrg: false }),
    options: () => ({ api: 'https://platform.tt02.altinn.no/notexisting' }),
    check: 'token-kind',
    status: 'WARN',
    code: 'ALTINN_TOKEN_NEEDED',
    actor: 'settings',
    en: /raw token/,
    nb: /rått token/,
  },
  'an API whose address has an organisation that nobody named': {
    settings: () => whole,
    options: () => ({ api: 'altinn/app:/ttd/app/api/v1/applicationmetadata' }),
    check: 'api-call',
    status: 'FAIL',
    code: 'ADDRESS_UNKNOWN',
    actor: 'settings',
    en: /^the address of altinn\/app has the short name of an organisation$/,
    nb: /^adressen til altinn\/app inneholder kortnavnet/,
  },
  'a raw-token API with the wrong path': {
    settings: async () => ({
      ...(await realSettings(emulator, ['krr:global/kontaktinformasjon.read'])),
      ExhangeToAltinnToken: false,
      UseAltinnTestOrg: false,
    }),
    options: () => ({ api: 'https://test.kontaktregisteret.no/rest/v2/nothing' }),
    check: 'api-call',
    status: 'FAIL',
    code: 'API_404',
    actor: 'developer',
    en: /has nothing at this path/,
    nb: /har ingenting på denne stien/,
  },
}

describe('doctor names the cause of a broken set-up', () => {
  it.each(Object.entries(rows))(
    '%s',
    async (_, { settings, options, check, status, code, actor, en, nb, exit = status === 'FAIL' ? 1 : undefined }) => {
      const examination = await examined(emulator, await settings(), options?.())
      const findings = of(examination, check)
      const finding = findings.find((one) => one.code === code) ?? findings[0]
      expect(finding).toMatchObject({ status, code, actor })
      // Doctor and explain send nobody to two people.
      expect(explanationOf(code)?.acts).toContain(actor)
      expect(finding?.cause.en).toMatch(en)
      expect(finding?.cause.nb).toMatch(nb)
      expect(finding?.action?.nb ?? '').not.toBe('')
      if (exit !== undefined) expect(exitCodeOf(examination)).toBe(exit)
    },
  )

  it('finds nothing wrong with a whole one', async () => {
    const { findings } = await examined(emulator, whole)
    expect(findings.filter(({ status }) => status === 'WARN' || status === 'FAIL')).toEqual([])
    expect(findings.map(({ id }) => id)).toContain('api-call')
    expect(findings.find(({ id }) => id === 'api-call')).toMatchObject({ status: 'OK', evidence: { status: 200 } })
  })
})
