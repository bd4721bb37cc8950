/** What is wrong with the settings, in both languages. English are core's own words, which name the place and the way out. */
import type { MaskinportenError, SettingsProblem } from '@maskinporten-kit/core'
import { actorOf, explained } from './explained.ts'
import type { Finding, Status } from './finding.ts'

/** Of which check a problem is. */
export type ProblemPlace = 'settings' | 'credential' | 'key'

const CREDENTIAL = new Set([
  'CONFIG_MIXED_CREDENTIALS',
  'CONFIG_AUTHORITY_CONFLICT',
  'CONFIG_CLIENT_ID',
  'CONFIG_ISSUER_AMBIGUOUS',
  'CONFIG_ISSUER_ASSUMED',
])

export function placeOf({ code, key }: Pick<SettingsProblem, 'code' | 'key'>): ProblemPlace {
  if (CREDENTIAL.has(code)) return 'credential'
  return code.startsWith('KEY_') ||
    code === 'CONFIG_KID' ||
    (code === 'CONFIG_UNSUPPORTED' && /x509|pkcs|store/i.test(key))
    ? 'key'
    : 'settings'
}

/** `status` is `FAIL` for a problem and `WARN` for a warning. */
export function problemFinding(problem: SettingsProblem, status: Status): Finding {
  const { code, key, origin, message } = problem
  const [what, way] = sentences(message)
  const where = origin === '' || message.includes(origin) ? '' : ` (${origin})`
  const [nb, nbWay] = norwegian(code, key, origin) ?? [`${what}${where}`, way]
  return {
    status,
    code,
    cause: { en: `${what}${where}`, nb },
    action: way === '' && nbWay === '' ? undefined : { en: way, nb: nbWay },
    actor: actorOf(code),
    evidence: { key, origin },
  }
}

/** Settings that cannot be used, with each problem and its way out on a line. */
export function inBokmaal(error: MaskinportenError): string {
  const problems = error.problems ?? []
  const findings = problems.length === 0 ? [failureFinding(error)] : problems.map((one) => problemFinding(one, 'FAIL'))
  const lines = findings.map(({ cause, action }) => [cause.nb, action?.nb].filter(Boolean).join('. '))
  return problems.length === 0 ? lines.join('') : ['innstillingene kan ikke brukes:', ...lines].join('\n- ')
}

/** A source that could not be read, which is one problem and stops the load. */
export function failureFinding(error: MaskinportenError): Finding {
  const code = error.detail ?? error.code
  const what = error.message.endsWith(error.hint) ? error.message.slice(0, -error.hint.length) : error.message
  const [nb, nbWay] = norwegian(code, '', placeIn(error.message)) ?? [error.message, error.hint]
  return {
    status: 'FAIL',
    code,
    cause: { en: what.replace(/[;. ]+$/, ''), nb },
    action: { en: capital(error.hint), nb: nbWay },
    actor: actorOf(code),
    evidence: { status: error.status, traceId: error.traceId },
  }
}

/** The vault and the secret, why the sign-in failed, or the place in a file, as the messages of sources write them. */
function placeIn(message: string): string {
  const login = LOGIN.find(([english]) => message.includes(english))?.[1]
  const vault = /\(vault [^)]*\)/.exec(message)?.[0]?.slice(1, -1)
  const file = /[^\s(]+\.json(?::\d+){0,2}/.exec(message)?.[0] ?? ''
  return (
    [login, vault?.replace('vault', 'hvelvet').replace('secret', 'hemmeligheten')]
      .filter((part) => part !== undefined)
      .join('; ') || file
  )
}

const LOGIN: readonly (readonly [english: string, nb: string])[] = [
  ['expired kvSetting:ClientSecret', 'kvSetting:ClientSecret er utløpt'],
  ['wrong kvSetting:ClientSecret', 'kvSetting:ClientSecret er feil'],
  ['unknown kvSetting:ClientId', 'Entra ID kjenner ikke kvSetting:ClientId'],
  ['unknown kvSetting:TenantId', 'Entra ID kjenner ikke kvSetting:TenantId'],
  ['the vault is in another tenant', 'hvelvet er i en annen tenant'],
  ['there is no identity', 'det finnes ingen identitet å logge inn som'],
]

/** The first sentence, and those after it. */
function sentences(message: string): readonly [first: string, rest: string] {
  const end = /[.?!:]\s+(?=[A-Z(])/.exec(message)
  if (end === null) return [message.replace(/\.$/, ''), '']
  return [message.slice(0, end.index), message.slice(end.index + end[0].length)]
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Cause and way out in bokmål; from the catalogue where this file has no words of its own. */
function norwegian(code: string, key: string, origin: string): readonly [cause: string, action: string] | undefined {
  const place = [key, origin && (key ? `(${origin})` : origin)].filter(Boolean).join(' ')
  const own = NORWEGIAN[code]
  if (own !== undefined) return [own[0].replace('{}', place), own[1]]
  const known = explained(code)
  return known && [`${place}: ${known.happened.nb}`, known.wayOut.nb]
}

const KEY_VALUE = 'den private JWK-en i base64'

/** `{}` is the setting and where it is. */
const NORWEGIAN: Readonly<Record<string, readonly [cause: string, action: string]>> = {
  CONFIG_MISSING: [
    '{} mangler i alle kildene',
    'Sett den i appsettings.json, som miljøvariabel (med __ mellom delene) eller som hemmelighet i hvelvet (med --). Nøkkelen hører ikke hjemme i en fil som sjekkes inn.',
  ],
  CONFIG_PLACEHOLDER: [
    '{} er fortsatt en plassholdertekst, ikke en verdi',
    'Sett den virkelige verdien som miljøvariabel eller som hemmelighet i hvelvet, og kontroller at hvelvet blir lest.',
  ],
  CONFIG_KV_REFERENCE: [
    '{} er en Key Vault-referanse som plattformen ikke har slått opp',
    'Sjekk appens identitet og referansens status i App Service.',
  ],
  CONFIG_MIXED_CREDENTIALS: [
    '{} blander to klienter: klient-ID og nøkkel er ikke fra samme kilde',
    'Sett klient-ID og nøkkel i samme kilde, og slett den andre klientens verdier.',
  ],
  CONFIG_CONFLICT: ['{} er satt to ganger med ulike verdier', 'Behold den riktige, og slett den andre.'],
  CONFIG_AUTHORITY_CONFLICT: [
    '{} peker på et annet miljø enn en annen innstilling gjør',
    'Slett den av innstillingene som er feil, så bare ett miljø er nevnt.',
  ],
  CONFIG_ENVIRONMENT_UNKNOWN: [
    '{} er ikke et miljø',
    'Bruk "test" eller "prod", eller sett Authority til utstederens adresse.',
  ],
  CONFIG_ENVIRONMENT_RETIRED: [
    '{} er et miljø som ikke finnes lenger',
    'Bruk "test" og en klient som er registrert der.',
  ],
  CONFIG_SCOPE: ['{} skiller scopes med komma eller semikolon', 'Skill dem med mellomrom.'],
  CONFIG_CLIENT_ID: ['{} har et mellomrom i seg', 'Fjern mellomrommet.'],
  CONFIG_UNKNOWN_KEY: ['{} er ikke navnet på en innstilling og blir ikke lest', 'Rett navnet, eller slett den.'],
  CONFIG_NO_EFFECT: ['{} har ingen virkning', 'Slett den, eller slå på innstillingen den hører til.'],
  CONFIG_ENTERPRISE_USER: [
    '{} blir ikke brukt: Altinn har fjernet virksomhetsbrukere',
    'Slett EnterpriseUserName og EnterpriseUserPassword, og bruk en systembruker.',
  ],
  CONFIG_ENDPOINT_ELSEWHERE: [
    '{} sender forespørselen til en annen server enn utstederen',
    'Sjekk at den serveren er din egen gateway; slett ellers innstillingen.',
  ],
  KEY_PUBLIC_ONLY: [
    '{} er bare den offentlige delen av nøkkelparet',
    `Sett den til ${KEY_VALUE}. Er den tapt, lag et nytt nøkkelpar og registrer den offentlige nøkkelen på klienten.`,
  ],
  KEY_KID_MISSING: [
    '{} har ingen kid',
    'Legg til "kid" i JWK-en, eller sett Kid til den som står i Samarbeidsportalen.',
  ],
  KEY_NOT_RSA: ['{} er ikke en RSA-nøkkel', 'Lag en RSA-nøkkel på 2048 bits: maskinporten keys create.'],
  KEY_TOO_SMALL: ['{} er for kort', 'Lag en RSA-nøkkel på 2048 bits: maskinporten keys create.'],
  KEY_TOO_SHORT: ['{} er for kort til å være en nøkkel', `Sett den til ${KEY_VALUE}, ikke til kid eller klient-ID.`],
  KEY_NOT_BASE64: ['{} er ikke base64', `Sett den til ${KEY_VALUE}.`],
  KEY_JSON_BAD: ['{} er en ødelagt JWK', 'Kopier hele verdien på nytt; den er kuttet eller limt inn to ganger.'],
  KEY_IS_JWT: ['{} er et token (JWT), ikke en nøkkel', `Sett den til ${KEY_VALUE}.`],
  KEY_IS_PKCS12: ['{} er et virksomhetssertifikat (PKCS#12), ikke en JWK', 'Gjør det om til PEM med openssl pkcs12.'],
  KEY_PAIR_MISMATCH: [
    '{} henger ikke sammen: privat og offentlig del er fra hver sin nøkkel',
    'Hent nøkkelparet på nytt.',
  ],
  KV_FORBIDDEN: [
    'Identiteten har ikke lov til å lese {}',
    'Gi den rollen "Key Vault Secrets User" (eller tilgangen «get»); en ny rolle virker etter noen minutter.',
  ],
  KV_FIREWALL: [
    'Hvelvets brannmur slipper ikke denne adressen inn ({})',
    'Legg adressen til i brannmuren, eller bruk det private endepunktet.',
  ],
  KV_UNAUTHORIZED: ['Hvelvet godtok ikke innloggingen ({})', 'Sjekk kvSetting:TenantId.'],
  KV_LOGIN_FAILED: [
    'Innloggingen til Azure gikk ikke ({})',
    'Sjekk kvSetting (ClientId, ClientSecret, TenantId), eller logg inn med az login.',
  ],
  KV_DNS: ['Det finnes ikke noe hvelv på adressen ({})', 'Sjekk kvSetting:SecretUri.'],
  KV_TLS: [
    'Sertifikatet til hvelvet er ikke klarert her ({})',
    'Bak en proxy som åpner TLS: sett NODE_EXTRA_CA_CERTS før start.',
  ],
  KV_UNREACHABLE: ['Hvelvet kan ikke nås ({})', 'Sjekk nettverk og proxy.'],
  KV_TIMEOUT: ['Hvelvet svarte ikke i tide ({})', 'Sjekk nettverket, og at innlogging er mulig herfra.'],
  KV_EMPTY: [
    'Hvelvet har ingen av hemmelighetene ({})',
    'Opprett hemmelighetene som trengs: maskinporten key-vault push.',
  ],
  KV_SECRET_DISABLED: ['En hemmelighet i hvelvet er deaktivert ({})', 'Aktiver den, eller slett den.'],
  KV_SECRET_EXPIRED: ['En hemmelighet i hvelvet er utløpt ({})', 'Lagre en ny versjon av den.'],
  KV_SECRET_NOT_YET_VALID: ['En hemmelighet i hvelvet gjelder ikke ennå ({})', 'Sjekk datoene på den.'],
  KV_INACTIVE: [
    'Hvelvet blir ikke lest: ingen adresse er satt ({})',
    'Sett kvSetting:SecretUri hvis hemmelighetene er i et hvelv.',
  ],
  JSON_SYNTAX: ['{} er ikke gyldig JSON', 'Rett filen på linjen som er nevnt.'],
}
