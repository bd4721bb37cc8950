/** What Azure's refusals mean for who runs the command. Theirs may hold a secret, so nothing but codes is taken from them. */
import { CommandFailed } from '../failure.ts'
import type { Text } from '../language.ts'
import { memberOf, textAt } from '../member.ts'

interface Attempt {
  readonly vault: string
  readonly secret: string
  readonly what: 'get' | 'set'
  readonly timedOutAfterMs: number | undefined
}

/** There is no such secret, or no such version of it. */
export const absent = (error: unknown): boolean => memberOf(error, 'statusCode') === 404

export function vaultFailure(error: unknown, attempt: Attempt): CommandFailed {
  if (error instanceof CommandFailed) return error
  return new CommandFailed('failed', textOf(error, attempt))
}

function textOf(error: unknown, { vault, secret, what, timedOutAfterMs }: Attempt): Text {
  const status = memberOf(error, 'statusCode')
  const code = textAt(error, 'code')
  const inner = innerCodeOf(error)
  const name = textAt(error, 'name')
  if (timedOutAfterMs !== undefined)
    return {
      en: `the vault ${vault} did not answer within ${timedOutAfterMs / 1000} s; check the network, and that sign-in is possible from here`,
      nb: `hvelvet ${vault} svarte ikke innen ${timedOutAfterMs / 1000} s; sjekk nettverket, og at innlogging er mulig herfra`,
    }
  if (/Credential|Authentication/.test(name)) return loginText(error, vault)
  if (inner === 'SecretDisabled')
    return {
      en: `the secret ${secret} in ${vault} is disabled; enable it or delete it`,
      nb: `hemmeligheten ${secret} i ${vault} er deaktivert; aktiver den eller slett den`,
    }
  if (/^ForbiddenBy(?:Firewall|Connection)$/.test(inner))
    return {
      en: `the vault ${vault} refuses this network address (${inner}); add it to the firewall of the vault, or use the private endpoint`,
      nb: `hvelvet ${vault} avviser denne nettverksadressen (${inner}); legg den til i brannmuren til hvelvet, eller bruk det private endepunktet`,
    }
  if (status === 403) return forbiddenText(vault, secret, what, inner)
  if (status === 401)
    return {
      en: `the vault ${vault} did not accept the token; check kvSetting:TenantId, or sign in to the tenant of the vault (az login --tenant)`,
      nb: `hvelvet ${vault} godtok ikke tokenet; sjekk kvSetting:TenantId, eller logg inn i tenanten til hvelvet (az login --tenant)`,
    }
  if (status === 409)
    return {
      en: `the secret ${secret} in ${vault} is deleted but not purged; recover it (az keyvault secret recover), or purge it`,
      nb: `hemmeligheten ${secret} i ${vault} er slettet, men ikke fjernet for godt; gjenopprett den (az keyvault secret recover), eller fjern den`,
    }
  if (status === 429)
    return {
      en: `the vault ${vault} throttled the request; try again in a minute`,
      nb: `hvelvet ${vault} bremser forespørslene; prøv igjen om et minutt`,
    }
  return networkText(error, vault, code, status)
}

function forbiddenText(vault: string, secret: string, what: Attempt['what'], inner: string): Text {
  const why = /^[A-Za-z]{1,40}$/.test(inner) ? ` (${inner})` : ''
  return what === 'set'
    ? {
        en: `you may not set ${secret} in the vault ${vault}${why}; you need the role "Key Vault Secrets Officer", or the access policies "get" and "set"; a new role takes some minutes`,
        nb: `du har ikke lov til å sette ${secret} i hvelvet ${vault}${why}; du trenger rollen «Key Vault Secrets Officer», eller tilgangspolicyene «get» og «set»; en ny rolle tar noen minutter`,
      }
    : {
        en: `you may not read ${secret} in the vault ${vault}${why}; you need the role "Key Vault Secrets Officer" (to read only: "Key Vault Secrets User"), or the access policy "get"; a new role takes some minutes`,
        nb: `du har ikke lov til å lese ${secret} i hvelvet ${vault}${why}; du trenger rollen «Key Vault Secrets Officer» (bare for å lese: «Key Vault Secrets User»), eller tilgangspolicyen «get»; en ny rolle tar noen minutter`,
      }
}

function loginText(error: unknown, vault: string): Text {
  const [code] = /AADSTS\d{4,8}/.exec(textAt(error, 'message')) ?? []
  const why = code === undefined ? '' : ` (${code})`
  return {
    en: `could not sign in to Entra ID for the vault ${vault}${why}; run az login, or set kvSetting:TenantId, kvSetting:ClientId and kvSetting__ClientSecret of an application`,
    nb: `kunne ikke logge inn i Entra ID for hvelvet ${vault}${why}; kjør az login, eller sett kvSetting:TenantId, kvSetting:ClientId og kvSetting__ClientSecret for en applikasjon`,
  }
}

function networkText(error: unknown, vault: string, code: string, status: unknown): Text {
  if (/^(?:ENOTFOUND|EAI_AGAIN)$/.test(code))
    return {
      en: `no vault is found at the address of ${vault}; check --key-vault or kvSetting:SecretUri`,
      nb: `det finnes ikke noe hvelv på adressen til ${vault}; sjekk --key-vault eller kvSetting:SecretUri`,
    }
  if (/CERT|SIGNATURE|^ERR_TLS|^SELF_SIGNED|^DEPTH_ZERO/.test(code))
    return {
      en: `the certificate of the vault ${vault} is not trusted; behind a TLS-inspecting proxy, or for an emulated vault, set NODE_EXTRA_CA_CERTS`,
      nb: `sertifikatet til hvelvet ${vault} er ikke klarert; bak en proxy som inspiserer TLS, eller for et emulert hvelv, sett NODE_EXTRA_CA_CERTS`,
    }
  const words = textAt(error, 'message')
  if (words.includes('does not match the requested domain'))
    return {
      en: `the address of ${vault} is not an Azure vault host; check --key-vault or kvSetting:SecretUri`,
      nb: `adressen til ${vault} er ikke et Azure-hvelv; sjekk --key-vault eller kvSetting:SecretUri`,
    }
  const what = typeof status === 'number' ? `status ${status}` : /^\w{1,40}$/.test(code) ? code : 'no code'
  return {
    en: `the vault ${vault} could not be used (${what}); check the network and the proxy, and try again`,
    nb: `hvelvet ${vault} kunne ikke brukes (${what}); sjekk nettverket og proxyen, og prøv igjen`,
  }
}

function innerCodeOf(error: unknown): string {
  const refusal = memberOf(memberOf(error, 'details'), 'error')
  return textAt(memberOf(refusal, 'innerError') ?? memberOf(refusal, 'innererror'), 'code')
}
