/** What Entra ID and Azure Key Vault answer themselves ([Entra](https://learn.microsoft.com/entra/identity-platform/reference-error-codes), [Key Vault](https://learn.microsoft.com/azure/key-vault/general/rest-error-codes)). */
import type { RefusalEntry } from './entry.ts'

const VAULT = {
  en: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes',
  nb: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes',
} as const
const OWN_CODE = {
  en: 'With this library nothing of it is written by hand: update `@azure/identity`, and look for a proxy that changes the request.',
  nb: 'Med dette biblioteket skrives ikke noe av dette for hånd: Oppdater `@azure/identity`, og se etter en proxy som endrer forespørselen.',
} as const

export const entraCodes: Readonly<Record<string, RefusalEntry>> = {
  AADSTS7000215: {
    happened: { en: 'The client secret is wrong.', nb: 'Klienthemmeligheten er feil.' },
    acts: 'settings',
    wayOut: {
      en: 'Set `kvSetting:ClientSecret` to the value of the secret, and not to its id. The portal shows the value only when the secret is made.',
      nb: 'Sett `kvSetting:ClientSecret` til verdien av hemmeligheten, ikke ID-en. Portalen viser verdien bare når hemmeligheten lages.',
    },
  },
  AADSTS7000222: {
    happened: { en: 'The client secret has ended.', nb: 'Klienthemmeligheten er utløpt.' },
    acts: ['vaultAdministrator', 'settings'],
    wayOut: {
      en: 'Make a new secret for the application in Entra ID, and set `kvSetting:ClientSecret` to its value.',
      nb: 'Lag en ny hemmelighet for applikasjonen i Entra ID, og sett `kvSetting:ClientSecret` til verdien.',
    },
  },
  AADSTS7000216: {
    happened: { en: 'The form has no client secret.', nb: 'Skjemaet har ingen klienthemmelighet.' },
    acts: 'settings',
    wayOut: { en: 'Set `kvSetting:ClientSecret`.', nb: 'Sett `kvSetting:ClientSecret`.' },
  },
  AADSTS700016: {
    happened: {
      en: 'The tenant has no application with this client id.',
      nb: 'Tenanten har ingen applikasjon med denne klient-ID-en.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Correct `kvSetting:ClientId` and `kvSetting:TenantId`: they are of Entra ID, and not those of Maskinporten.',
      nb: 'Rett `kvSetting:ClientId` og `kvSetting:TenantId`: De er fra Entra ID, ikke fra Maskinporten.',
    },
  },
  AADSTS90002: {
    happened: { en: 'The tenant does not exist.', nb: 'Tenanten finnes ikke.' },
    acts: 'settings',
    wayOut: { en: 'Correct `kvSetting:TenantId`.', nb: 'Rett `kvSetting:TenantId`.' },
  },
  AADSTS90033: {
    happened: { en: 'Entra ID had a short failure.', nb: 'Entra ID hadde en kortvarig feil.' },
    acts: ['nobody', 'vaultAdministrator'],
    wayOut: {
      en: 'Try again. If it lasts, look at Azure’s status page.',
      nb: 'Prøv igjen. Hvis det varer ved, se på statussiden til Azure.',
    },
  },
  AADSTS500011: {
    happened: {
      en: 'The resource in the scope is not known in the tenant.',
      nb: 'Ressursen i scopet er ikke kjent i tenanten.',
    },
    acts: ['developer', 'settings'],
    wayOut: {
      en: 'Ask for `https://vault.azure.net/.default`, and check that the tenant is the one of the vault.',
      nb: 'Be om `https://vault.azure.net/.default`, og sjekk at tenanten er den hvelvet hører til.',
    },
  },
  AADSTS1002012: {
    happened: { en: 'The scope does not end with `/.default`.', nb: 'Scopet slutter ikke med `/.default`.' },
    acts: 'developer',
    wayOut: { en: 'Ask for `https://vault.azure.net/.default`.', nb: 'Be om `https://vault.azure.net/.default`.' },
  },
  AADSTS900144: {
    happened: { en: 'The form lacks a parameter.', nb: 'Skjemaet mangler en parameter.' },
    acts: 'developer',
    wayOut: OWN_CODE,
  },
  AADSTS70003: {
    happened: { en: 'This `grant_type` is not supported.', nb: 'Denne verdien for `grant_type` støttes ikke.' },
    acts: 'developer',
    wayOut: OWN_CODE,
  },
}

export const vaultAnswers: Readonly<Record<string, RefusalEntry>> = {
  ForbiddenByRbac: {
    happened: {
      en: 'The identity of the app has no role in the vault that reads secrets. Here it is `KV_FORBIDDEN`.',
      nb: 'Appens identitet mangler en rolle som gir rett til å lese hemmeligheter i hvelvet. Her heter det `KV_FORBIDDEN`.',
    },
    acts: 'vaultAdministrator',
    wayOut: {
      en: 'Give it the role Key Vault Secrets User. A new role takes some minutes to count.',
      nb: 'Gi den rollen Key Vault Secrets User. Det tar noen minutter før en ny rolle gjelder.',
    },
    page: VAULT,
  },
  AccessDenied: {
    happened: {
      en: 'The access policy of the vault does not give the app the right to get secrets. Here it is `KV_FORBIDDEN`.',
      nb: 'Tilgangspolicyen i hvelvet gir ikke appen rett til å hente hemmeligheter. Her heter det `KV_FORBIDDEN`.',
    },
    acts: 'vaultAdministrator',
    wayOut: {
      en: 'Add get for secrets to the access policy.',
      nb: 'Legg til get for hemmeligheter i tilgangspolicyen.',
    },
    page: VAULT,
  },
  ForbiddenByFirewall: {
    happened: {
      en: 'The firewall of the vault does not let this address in. Here it is `KV_FIREWALL`.',
      nb: 'Brannmuren til hvelvet slipper ikke inn denne adressen. Her heter det `KV_FIREWALL`.',
    },
    acts: 'vaultAdministrator',
    wayOut: {
      en: 'Add the address of the app to the network rules of the vault.',
      nb: 'Legg adressen til appen inn i nettverksreglene til hvelvet.',
    },
    page: VAULT,
  },
  ForbiddenByConnection: {
    happened: {
      en: 'The vault takes private links only.',
      nb: 'Hvelvet tar bare imot kall gjennom Private Link.',
    },
    acts: ['vaultAdministrator', 'operations'],
    wayOut: {
      en: 'Call it by an approved private endpoint.',
      nb: 'Kall det gjennom et godkjent privat endepunkt.',
    },
    page: VAULT,
  },
  ForbiddenByPolicy: {
    happened: { en: 'A policy of the vault forbids it.', nb: 'En policy i hvelvet forbyr det.' },
    acts: 'vaultAdministrator',
    wayOut: { en: 'Ask who administers the vault.', nb: 'Spør den som administrerer hvelvet.' },
    page: VAULT,
  },
  SecretNotFound: {
    happened: {
      en: 'The vault has no secret of this name. Here it is `KV_SECRET_NOT_FOUND` or `KV_EMPTY`.',
      nb: 'Hvelvet har ingen hemmelighet med dette navnet. Her heter det `KV_SECRET_NOT_FOUND` eller `KV_EMPTY`.',
    },
    acts: 'vaultAdministrator',
    wayOut: {
      en: 'Put it there, or correct the name or the vault. A deleted secret can be recovered for some time.',
      nb: 'Legg den inn, eller rett navnet eller hvelvet. En slettet hemmelighet kan hentes tilbake en stund.',
    },
    page: VAULT,
  },
  SecretDisabled: {
    happened: {
      en: 'The secret is there, but disabled. Here it is `KV_SECRET_DISABLED`.',
      nb: 'Hemmeligheten finnes, men er deaktivert. Her heter det `KV_SECRET_DISABLED`.',
    },
    acts: 'vaultAdministrator',
    wayOut: {
      en: 'Enable it in the vault, or store a new version.',
      nb: 'Aktiver den i hvelvet, eller lagre en ny versjon.',
    },
    page: VAULT,
  },
  AKV10000: {
    happened: {
      en: 'The request came without a token. The SDKs do this once, to learn whom to ask for one.',
      nb: 'Forespørselen kom uten token. SDK-ene gjør dette én gang, for å finne ut hvem de skal spørre.',
    },
    acts: ['nobody', 'developer'],
    wayOut: {
      en: 'Nothing is to be done when a request with a token follows.',
      nb: 'Du trenger ikke gjøre noe når en forespørsel med token kommer etterpå.',
    },
    page: VAULT,
  },
  AKV10022: {
    happened: {
      en: 'The token is for another resource than Key Vault.',
      nb: 'Tokenet gjelder en annen ressurs enn Key Vault.',
    },
    acts: 'developer',
    wayOut: { en: 'Ask for `https://vault.azure.net/.default`.', nb: 'Be om `https://vault.azure.net/.default`.' },
    page: VAULT,
  },
  BadParameter: {
    happened: {
      en: 'The name of the secret has characters that are not allowed, or a value of the request cannot be.',
      nb: 'Navnet på hemmeligheten har tegn som ikke er tillatt, eller en verdi i forespørselen er ikke gyldig.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Use letters, digits and hyphens. A double hyphen stands for a colon.',
      nb: 'Bruk bokstaver, sifre og bindestrek. To bindestreker står for kolon.',
    },
    page: VAULT,
  },
}
