/** `KV_…`: Azure Key Vault and the sign-in to it. */
import type { Details } from './entry.ts'

const vault = { acts: 'vaultAdministrator', under: 'settings_unavailable' } as const
const network = { acts: 'operations', under: 'settings_unavailable' } as const
const settings = { acts: 'settings', under: 'settings_invalid' } as const
const warning = { acts: 'vaultAdministrator', warns: true } as const

export const vaultCodes: Details = {
  KV_SECRET_NOT_FOUND: {
    ...vault,
    warns: true,
    happened: {
      en: 'With `required: true`: the vault has none of the secrets that were asked for. As a warning: a secret is gone, and its last value stays in use.',
      nb: 'Med `required: true`: Hvelvet har ingen av hemmelighetene det ble spurt etter. Som advarsel: En hemmelighet er borte, og den siste verdien brukes videre.',
    },
    wayOut: {
      en: 'Create the secret in the vault that the message names.',
      nb: 'Opprett hemmeligheten i hvelvet som meldingen nevner.',
    },
  },
  KV_FORBIDDEN: {
    ...vault,
    happened: { en: 'The identity may not read the secret.', nb: 'Identiteten har ikke lov til å lese hemmeligheten.' },
    wayOut: {
      en: 'Give it the role "Key Vault Secrets User" or the access policy "get". A new role takes some minutes to count.',
      nb: 'Gi den rollen «Key Vault Secrets User» eller get i tilgangspolicyen. Det tar noen minutter før en ny rolle gjelder.',
    },
  },
  KV_FIREWALL: {
    ...vault,
    happened: {
      en: 'The vault’s firewall refuses the network address of this machine.',
      nb: 'Brannmuren til hvelvet slipper ikke inn nettverksadressen til denne maskinen.',
    },
    wayOut: {
      en: 'Add the address to the firewall, or reach the vault by its private endpoint.',
      nb: 'Legg adressen inn i brannmuren, eller nå hvelvet gjennom det private endepunktet.',
    },
  },
  KV_UNAUTHORIZED: {
    ...vault,
    acts: 'settings',
    happened: {
      en: 'The vault did not accept the token of the identity. It is usually of another tenant.',
      nb: 'Hvelvet godtok ikke tokenet til identiteten. Som regel er det fra en annen tenant.',
    },
    wayOut: { en: 'Correct `kvSetting:TenantId`.', nb: 'Rett `kvSetting:TenantId`.' },
  },
  KV_LOGIN_FAILED: {
    ...vault,
    acts: ['settings', 'vaultAdministrator'],
    happened: {
      en: 'The sign-in to Entra ID failed, so the vault was not asked. The message gives the AADSTS code, if there is one.',
      nb: 'Innloggingen i Entra ID feilet, så hvelvet ble ikke spurt. Meldingen har AADSTS-koden, hvis det er en.',
    },
    wayOut: {
      en: 'On your own machine run `az login`. Elsewhere check the managed identity, or the three values of `kvSetting`.',
      nb: 'På din egen maskin: kjør `az login`. Ellers: sjekk den administrerte identiteten (managed identity), eller de tre verdiene i `kvSetting`.',
    },
  },
  KV_IDENTITY_MISSING: {
    ...vault,
    acts: 'developer',
    happened: {
      en: 'The package `@azure/identity` is needed for the sign-in, and is not installed.',
      nb: 'Pakken `@azure/identity` trengs for innloggingen, men er ikke installert.',
    },
    wayOut: {
      en: 'Run `npm install @azure/identity`, or give a `credential` or a `client` of your own.',
      nb: 'Kjør `npm install @azure/identity`, eller bruk en egen `credential` eller `client`.',
    },
  },
  KV_THROTTLED: {
    ...vault,
    acts: 'nobody',
    happened: {
      en: 'The vault answers 429: it was asked too often, by this app or by others.',
      nb: 'Hvelvet svarer 429: Det ble spurt for ofte, av denne appen eller av andre.',
    },
    wayOut: {
      en: 'Wait. If it lasts, raise `refreshMs`, or give the app a vault of its own.',
      nb: 'Vent. Hvis det varer ved, øk `refreshMs`, eller gi appen sitt eget hvelv.',
    },
  },
  KV_DNS: {
    ...network,
    happened: { en: 'The name of the vault is not known here.', nb: 'Navnet på hvelvet er ikke kjent herfra.' },
    wayOut: {
      en: 'Check `kvSetting:SecretUri`, and the DNS of a private endpoint.',
      nb: 'Sjekk `kvSetting:SecretUri`, og DNS for et privat endepunkt.',
    },
  },
  KV_UNREACHABLE: {
    ...network,
    happened: { en: 'There is no connection to the vault.', nb: 'Det er ingen forbindelse til hvelvet.' },
    wayOut: { en: 'Check the network and the proxy.', nb: 'Sjekk nettverket og proxyen.' },
  },
  KV_TLS: {
    ...network,
    happened: {
      en: 'The vault’s certificate is not trusted. Often a proxy inspects TLS.',
      nb: 'Sertifikatet til hvelvet er ikke klarert. Ofte er det en proxy som åpner TLS-trafikken.',
    },
    wayOut: {
      en: 'Set `NODE_EXTRA_CA_CERTS` to the file of the proxy’s certificate authority, before the process starts.',
      nb: 'Sett `NODE_EXTRA_CA_CERTS` til filen med sertifikatutstederen til proxyen, før prosessen starter.',
    },
  },
  KV_TIMEOUT: {
    ...network,
    happened: {
      en: 'The vault, or the sign-in to it, did not answer in time.',
      nb: 'Hvelvet, eller innloggingen til det, svarte ikke i tide.',
    },
    wayOut: {
      en: 'Check the network, and that sign-in is possible from here.',
      nb: 'Sjekk nettverket, og at det går an å logge inn herfra.',
    },
  },
  KV_BAD_RESPONSE: {
    ...network,
    happened: {
      en: 'The answer is not JSON. Often it is the page of a proxy.',
      nb: 'Svaret er ikke JSON. Ofte er det en side fra en proxy.',
    },
    wayOut: {
      en: 'Look at what stands between this machine and the vault.',
      nb: 'Se på det som står mellom denne maskinen og hvelvet.',
    },
  },
  KV_CHALLENGE: {
    ...vault,
    acts: 'settings',
    happened: {
      en: 'The address is not one of Azure’s vaults, so no token is sent there.',
      nb: 'Adressen hører ikke til et hvelv hos Azure, så det sendes ikke noe token dit.',
    },
    wayOut: { en: 'Correct `kvSetting:SecretUri`.', nb: 'Rett `kvSetting:SecretUri`.' },
  },
  KV_FAILED: {
    ...vault,
    happened: {
      en: 'Reading failed for another reason. The message gives the class and the code of Azure’s error.',
      nb: 'Lesingen feilet av en annen grunn. Meldingen har klassen og koden til feilen fra Azure.',
    },
    wayOut: {
      en: 'Try again. If it lasts, look at the vault’s log.',
      nb: 'Prøv igjen. Hvis det varer ved, se i loggen til hvelvet.',
    },
  },
  KV_CONFIG_MISSING: {
    ...settings,
    happened: {
      en: 'Some of the four values of `kvSetting` are missing. The message names them.',
      nb: 'Noen av de fire verdiene i `kvSetting` mangler. Meldingen nevner dem.',
    },
    wayOut: {
      en: 'Set all four for a client secret, or only `kvSetting:SecretUri` to sign in with `DefaultAzureCredential`.',
      nb: 'Sett alle fire for å bruke en klienthemmelighet, eller bare `kvSetting:SecretUri` for å logge inn med `DefaultAzureCredential`.',
    },
  },
  KV_ADDRESS: {
    ...settings,
    happened: {
      en: 'The address of the vault is not an https address, or it is the address of one secret.',
      nb: 'Adressen til hvelvet er ikke en https-adresse, eller den er adressen til én hemmelighet.',
    },
    wayOut: {
      en: 'Use the vault URI as the portal shows it: `https://my-kv.vault.azure.net/`.',
      nb: 'Bruk adressen til hvelvet slik portalen viser den: `https://my-kv.vault.azure.net/`.',
    },
  },
  KV_NAME: {
    ...settings,
    acts: 'developer',
    happened: {
      en: 'A name in `names` or `prefix` cannot be the name of a secret.',
      nb: 'Et navn i `names` eller `prefix` kan ikke være navnet på en hemmelighet.',
    },
    wayOut: {
      en: 'Use letters, digits and hyphens, at most 127.',
      nb: 'Bruk bokstaver, sifre og bindestrek, høyst 127 tegn.',
    },
  },
  KV_INACTIVE: {
    ...settings,
    under: 'settings_unavailable',
    warns: true,
    happened: {
      en: 'No vault is named, so this source gives nothing. It is an error only with `required: true`.',
      nb: 'Ikke noe hvelv er oppgitt, så denne kilden gir ingenting. Det er bare en feil med `required: true`.',
    },
    wayOut: {
      en: 'Set `kvSetting:SecretUri`. Where the app needs no vault, such as on your own machine, ignore the warning.',
      nb: 'Sett `kvSetting:SecretUri`. Trenger appen ikke noe hvelv, som på din egen maskin, se bort fra advarselen.',
    },
  },
  KV_SECRET_DISABLED: {
    ...warning,
    happened: {
      en: 'A secret is disabled. If it had a value before, that value stays in use.',
      nb: 'En hemmelighet er deaktivert. Hadde den en verdi før, brukes den videre.',
    },
    wayOut: { en: 'Enable it, or delete it.', nb: 'Aktiver den, eller slett den.' },
  },
  KV_SECRET_EMPTY: {
    ...warning,
    happened: {
      en: 'A secret has become empty. Its last value stays in use.',
      nb: 'En hemmelighet er blitt tom. Den siste verdien brukes videre.',
    },
    wayOut: { en: 'Store a new version with a value.', nb: 'Lagre en ny versjon med en verdi.' },
  },
  KV_SECRET_EXPIRED: {
    ...warning,
    happened: {
      en: 'A secret is past its expiry date. It is used all the same.',
      nb: 'En hemmelighet har passert utløpsdatoen. Den brukes likevel.',
    },
    wayOut: { en: 'Store a new version, with a new date.', nb: 'Lagre en ny versjon, med en ny dato.' },
  },
  KV_SECRET_NOT_YET_VALID: {
    ...warning,
    happened: {
      en: 'The date from which a secret is valid is still to come. It is used all the same.',
      nb: 'En hemmelighet er ikke gyldig ennå, ifølge datoen som er satt på den. Den brukes likevel.',
    },
    wayOut: {
      en: 'Correct the dates of the secret, or the clock of this machine.',
      nb: 'Rett datoene på hemmeligheten, eller klokken på denne maskinen.',
    },
  },
  KV_EMPTY: {
    ...warning,
    happened: {
      en: 'The vault has none of the secrets that were asked for. The message lists their names.',
      nb: 'Hvelvet har ingen av hemmelighetene det ble spurt etter. Meldingen har navnene.',
    },
    wayOut: {
      en: 'Create those that you need, or give their own names by the option `names`.',
      nb: 'Opprett dem du trenger, eller oppgi navnene du bruker, med valget `names`.',
    },
  },
}
