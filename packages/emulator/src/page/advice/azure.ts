/** Refusals of Azure Key Vault and of Entra ID (Microsoft Learn). */
import type { Advice } from './row.ts'
import type { EntraErrorName } from '../../entra/error-table.ts'
import type { VaultErrorName } from '../../key-vault/error-table.ts'

export const vaultAdvice: Readonly<Record<VaultErrorName, Advice>> = {
  Unauthorized: {
    who: 'you',
    why: {
      en: 'The request came without a token. The SDKs do this once, to learn whom to ask for one.',
      nb: 'Forespørselen kom uten token. SDK-ene gjør dette én gang, for å finne ut hvem de skal spørre.',
    },
    wayOut: {
      en: 'Nothing is to be done when a request with a token follows.',
      nb: 'Du trenger ikke gjøre noe når en forespørsel med token kommer etterpå.',
    },
  },
  InvalidToken: {
    who: 'you',
    why: {
      en: 'The token is not one of this tenant, was changed, or has ended.',
      nb: 'Tokenet er ikke fra denne tenanten, er endret eller er utløpt.',
    },
    wayOut: {
      en: 'Sign in with an application that the emulator knows.',
      nb: 'Logg inn med en applikasjon som emulatoren kjenner.',
    },
  },
  WrongAudience: {
    who: 'you',
    why: {
      en: 'The token is for another resource than Key Vault.',
      nb: 'Tokenet gjelder en annen ressurs enn Key Vault.',
    },
    wayOut: {
      en: 'Ask for the scope https://vault.azure.net/.default.',
      nb: 'Be om scopet https://vault.azure.net/.default.',
    },
  },
  BadParameter: {
    who: 'you',
    why: {
      en: 'The name of the secret has characters that are not allowed.',
      nb: 'Navnet på hemmeligheten har tegn som ikke er tillatt.',
    },
    wayOut: {
      en: 'Use letters, digits and hyphens. A double hyphen stands for a colon.',
      nb: 'Bruk bokstaver, sifre og bindestrek. To bindestreker står for kolon.',
    },
  },
  BadBody: {
    who: 'you',
    why: {
      en: 'The body, or a parameter, has a value that cannot be.',
      nb: 'Innholdet eller en parameter har en verdi som ikke er gyldig.',
    },
    wayOut: { en: 'Send a JSON object with value.', nb: 'Send et JSON-objekt med value.' },
  },
  MissingApiVersion: {
    who: 'you',
    why: { en: 'The query lacks api-version.', nb: 'Adressen mangler api-version.' },
    wayOut: { en: 'Send api-version, as the SDKs do.', nb: 'Send api-version, slik SDK-ene gjør.' },
  },
  NotFound: {
    who: 'you',
    why: { en: 'Key Vault has no such address here.', nb: 'Key Vault har ingen slik adresse her.' },
    wayOut: { en: 'Only secrets are emulated.', nb: 'Bare hemmeligheter er emulert.' },
  },
  SecretNotFound: {
    who: 'you',
    why: { en: 'The vault has no secret of this name.', nb: 'Hvelvet har ingen hemmelighet med dette navnet.' },
    wayOut: {
      en: 'Put it there, or correct the name or the vault.',
      nb: 'Legg den inn, eller rett navnet eller hvelvet.',
    },
  },
  SecretDisabled: {
    who: 'you',
    why: { en: 'The secret is there, but disabled.', nb: 'Hemmeligheten finnes, men er deaktivert.' },
    wayOut: {
      en: 'Enable it in the vault, or read another version.',
      nb: 'Aktiver den i hvelvet, eller les en annen versjon.',
    },
  },
  ForbiddenByRbac: {
    who: 'you',
    why: {
      en: 'The identity of the app has no role in the vault that reads secrets.',
      nb: 'Appens identitet mangler en rolle som gir rett til å lese hemmeligheter i hvelvet.',
    },
    wayOut: {
      en: 'Give it the role Key Vault Secrets User. A new role takes some minutes to count.',
      nb: 'Gi den rollen Key Vault Secrets User. Det tar noen minutter før en ny rolle gjelder.',
    },
  },
  AccessDenied: {
    who: 'you',
    why: {
      en: 'The access policy of the vault does not give the app the right to get secrets.',
      nb: 'Tilgangspolicyen i hvelvet gir ikke appen rett til å hente hemmeligheter.',
    },
    wayOut: {
      en: 'Add get for secrets to the access policy.',
      nb: 'Legg til get for hemmeligheter i tilgangspolicyen.',
    },
  },
  ForbiddenByFirewall: {
    who: 'you',
    why: {
      en: 'The firewall of the vault does not let this address in.',
      nb: 'Brannmuren til hvelvet slipper ikke inn denne adressen.',
    },
    wayOut: {
      en: 'Add the address of the app to the network rules of the vault.',
      nb: 'Legg adressen til appen inn i nettverksreglene til hvelvet.',
    },
  },
  ForbiddenByConnection: {
    who: 'you',
    why: { en: 'The vault takes private links only.', nb: 'Hvelvet tar bare imot kall gjennom Private Link.' },
    wayOut: { en: 'Call it by an approved private endpoint.', nb: 'Kall det gjennom et godkjent privat endepunkt.' },
  },
  ForbiddenByPolicy: {
    who: 'you',
    why: { en: 'A policy of the vault forbids it.', nb: 'En policy i hvelvet forbyr det.' },
    wayOut: { en: 'Ask who administers the vault.', nb: 'Spør den som administrerer hvelvet.' },
  },
  Throttled: {
    who: 'you',
    why: { en: 'The vault got too many requests.', nb: 'Hvelvet fikk for mange forespørsler.' },
    wayOut: {
      en: 'Wait, and ask less often: keep what you have read.',
      nb: 'Vent, og spør sjeldnere: Ta vare på det du har lest.',
    },
  },
}

export const entraAdvice: Readonly<Record<EntraErrorName, Advice>> = {
  AADSTS70003: {
    who: 'you',
    why: { en: 'This grant type is not supported.', nb: 'Denne verdien for grant_type støttes ikke.' },
    wayOut: { en: 'Send grant_type=client_credentials.', nb: 'Send grant_type=client_credentials.' },
  },
  AADSTS90002: {
    who: 'you',
    why: { en: 'The tenant in the address does not exist.', nb: 'Tenanten i adressen finnes ikke.' },
    wayOut: {
      en: 'Use the tenant id of the emulator: entra.tenantId.',
      nb: 'Bruk tenant-ID-en til emulatoren: entra.tenantId.',
    },
  },
  AADSTS90033: {
    who: 'you',
    why: { en: 'Entra ID had a short failure.', nb: 'Entra ID hadde en kortvarig feil.' },
    wayOut: { en: 'Send the request again.', nb: 'Send forespørselen på nytt.' },
  },
  AADSTS500011: {
    who: 'you',
    why: {
      en: 'The resource in the scope is not known in the tenant.',
      nb: 'Ressursen i scopet er ikke kjent i tenanten.',
    },
    wayOut: { en: 'Ask for https://vault.azure.net/.default.', nb: 'Be om https://vault.azure.net/.default.' },
  },
  AADSTS700016: {
    who: 'you',
    why: {
      en: 'The tenant has no application with this client id.',
      nb: 'Tenanten har ingen applikasjon med denne klient-ID-en.',
    },
    wayOut: {
      en: 'Register the application, or correct the client id.',
      nb: 'Registrer applikasjonen, eller rett klient-ID-en.',
    },
  },
  AADSTS900144: {
    who: 'you',
    why: { en: 'The form lacks a parameter.', nb: 'Skjemaet mangler en parameter.' },
    wayOut: {
      en: 'Send grant_type, client_id, client_secret and scope.',
      nb: 'Send grant_type, client_id, client_secret og scope.',
    },
  },
  AADSTS1002012: {
    who: 'you',
    why: { en: 'The scope does not end with /.default.', nb: 'Scopet slutter ikke med /.default.' },
    wayOut: { en: 'Ask for https://vault.azure.net/.default.', nb: 'Be om https://vault.azure.net/.default.' },
  },
  AADSTS7000215: {
    who: 'you',
    why: { en: 'The client secret is wrong.', nb: 'Klienthemmeligheten er feil.' },
    wayOut: {
      en: 'Send the value of the secret, and not its id.',
      nb: 'Send verdien av hemmeligheten, ikke ID-en.',
    },
  },
  AADSTS7000216: {
    who: 'you',
    why: { en: 'The form has no client secret.', nb: 'Skjemaet har ingen klienthemmelighet.' },
    wayOut: { en: 'Send client_secret.', nb: 'Send client_secret.' },
  },
  AADSTS7000222: {
    who: 'you',
    why: { en: 'The client secret has ended.', nb: 'Klienthemmeligheten er utløpt.' },
    wayOut: { en: 'Make a new secret for the application.', nb: 'Lag en ny hemmelighet for applikasjonen.' },
  },
}
