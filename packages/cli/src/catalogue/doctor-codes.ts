/** What `maskinporten doctor` finds that neither a server nor the library has a code for. Doctor names it with the values at hand. */
import type { CodeEntry } from './entry.ts'

const KEY_END = {
  en: 'Make a new key and register it before the old one ends: `maskinporten keys rotate` does it in the right order.',
  nb: 'Lag en ny nøkkel og registrer den før den gamle utløper: `maskinporten keys rotate` gjør det i riktig rekkefølge.',
} as const
const NOTHING = { en: 'Nothing needs to be done.', nb: 'Du trenger ikke gjøre noe.' } as const
export const doctorCodes: Readonly<Record<string, CodeEntry>> = {
  NEEDS: {
    happened: {
      en: 'A check was left out, since one that it depends on failed.',
      nb: 'En sjekk ble hoppet over, fordi en den bygger på, feilet.',
    },
    acts: 'nobody',
    wayOut: {
      en: 'Mend the check that failed, and run doctor again.',
      nb: 'Rett det som feilet, og kjør doctor igjen.',
    },
  },
  SECTION_MIXED: {
    happened: {
      en: 'The section `MaskinportenSettings` holds the platform’s client and a key of your own. Altinn’s app library v9 merges the two into credentials of neither client.',
      nb: 'Seksjonen `MaskinportenSettings` har plattformens klient og en egen nøkkel. Altinns app-bibliotek v9 fletter de to sammen til noe som ikke hører til noen av klientene.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Move your own client to a section of another name, and name it by `section` of `settingsFrom`.',
      nb: 'Flytt din egen klient til en seksjon med et annet navn, og oppgi den med `section` i `settingsFrom`.',
    },
  },
  CLIENT_ID_MISTAKEN: {
    happened: {
      en: 'The client id looks like something else, such as a kid or an organisation number.',
      nb: 'Klient-ID-en ser ut som noe annet, for eksempel en kid eller et organisasjonsnummer.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Set `ClientId` to the id that Samarbeidsportalen shows for the client.',
      nb: 'Sett `ClientId` til ID-en som Samarbeidsportalen viser for klienten.',
    },
  },
  ENVIRONMENTS_MIXED: {
    happened: {
      en: 'A name in the settings speaks of test and the environment of production, or the reverse. Then the key may be of the other environment.',
      nb: 'Et navn i innstillingene tyder på test og miljøet på produksjon, eller omvendt. Da kan nøkkelen være fra det andre miljøet.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Give each environment a client and a key of its own, or correct `Environment`.',
      nb: 'Bruk egen klient og egen nøkkel i hvert miljø, eller rett `Environment`.',
    },
  },
  ENVIRONMENT_OTHER: {
    happened: {
      en: 'The settings name a server of their own, so no address can be said to be of another environment.',
      nb: 'Innstillingene oppgir en egen server, så ingen adresse kan sies å være fra et annet miljø.',
    },
    acts: 'nobody',
    wayOut: NOTHING,
  },
  HOST_OF_OTHER_ENVIRONMENT: {
    happened: {
      en: 'An address is of another environment than the token, and refuses it.',
      nb: 'En adresse er i et annet miljø enn tokenet, og avviser det.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Take the address of the token’s environment, or correct `Environment`.',
      nb: 'Bruk adressen i miljøet til tokenet, eller rett `Environment`.',
    },
  },
  CHECK_BROKE_OFF: {
    happened: { en: 'A check of doctor broke off.', nb: 'En sjekk i doctor brøt sammen.' },
    acts: 'developer',
    wayOut: {
      en: 'That is a fault of doctor: report it, with a file that `--bundle` writes.',
      nb: 'Det er en feil i doctor: meld fra, og legg ved en fil som `--bundle` skriver.',
    },
  },
  ADDRESS_UNKNOWN: {
    happened: {
      en: 'The address of the API is not known for these settings, or it has the short name of an organisation that was not named.',
      nb: 'Adressen til API-et er ikke kjent for disse innstillingene, eller den inneholder kortnavnet til en virksomhet som ikke ble oppgitt.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Give `--org` or `--base-url`, or the whole address to `--api`.',
      nb: 'Oppgi `--org` eller `--base-url`, eller hele adressen til `--api`.',
    },
  },
  FOREIGN_ANSWER: {
    happened: {
      en: 'A web page or a redirect came in the place of the server’s answer. It is of a firewall, a proxy, or the login of a network.',
      nb: 'Det kom en nettside eller en omdirigering i stedet for svaret fra serveren. Den er fra en brannmur, en proxy eller innloggingen til et nettverk.',
    },
    acts: 'operations',
    wayOut: {
      en: 'Have the host opened in the firewall or the proxy.',
      nb: 'Få adressen åpnet i brannmuren eller proxyen.',
    },
  },
  PROXY_NOT_USED: {
    happened: {
      en: 'A variable names a proxy, and Node does not use it by itself.',
      nb: 'En variabel oppgir en proxy, men Node bruker den ikke av seg selv.',
    },
    acts: 'operations',
    wayOut: {
      en: 'Set `NODE_USE_ENV_PROXY=1` before the process starts (Node 22.21, 24.5 or newer).',
      nb: 'Sett `NODE_USE_ENV_PROXY=1` før prosessen starter (Node 22.21, 24.5 eller nyere).',
    },
  },
  CLOCK_OFF: {
    happened: {
      en: 'The clock of this machine differs from the server’s. Maskinporten allows ten seconds.',
      nb: 'Klokken på denne maskinen avviker fra serverens. Maskinporten tillater ti sekunder.',
    },
    acts: 'operations',
    wayOut: {
      en: 'Synchronise the clock with NTP, in a virtual machine also on its host.',
      nb: 'Synkroniser klokken med NTP, i en virtuell maskin også på verten.',
    },
  },
  CLOCK_UNKNOWN: {
    happened: {
      en: 'The answer has no `Date`, so the clock could not be compared.',
      nb: 'Svaret har ingen `Date`, så klokken kunne ikke sammenlignes.',
    },
    acts: 'nobody',
    wayOut: NOTHING,
  },
  SCOPE_MISSING: {
    happened: {
      en: 'No scope is named, so there is nothing to ask for.',
      nb: 'Ingen scopes er oppgitt, så det er ingenting å be om.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Set `Scope` to the scopes of the API that you call. `maskinporten apis` finds them.',
      nb: 'Sett `Scope` til scopene for API-et du kaller. `maskinporten apis` finner dem.',
    },
  },
  SCOPE_MISSPELT: {
    happened: {
      en: 'The registry does not know the scope, and knows one that is almost the same.',
      nb: 'Registeret kjenner ikke scopet, men har et som er nesten likt.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Compare it letter by letter, and correct `Scope`.',
      nb: 'Sammenlign tegn for tegn, og rett `Scope`.',
    },
  },
  SCOPE_UNKNOWN: {
    happened: {
      en: 'The registry does not have the scope. It does not have all scopes, so it may be right.',
      nb: 'Registeret har ikke scopet. Det har ikke alle scopes, så det kan være riktig likevel.',
    },
    acts: 'nobody',
    wayOut: NOTHING,
  },
  SCOPE_NOT_GRANTED: {
    happened: {
      en: 'The token lacks a scope that was asked for.',
      nb: 'Tokenet mangler et scope som det ble bedt om.',
    },
    acts: 'clientAdministrator',
    wayOut: {
      en: 'Add the scope to the client in Samarbeidsportalen, then ask again.',
      nb: 'Legg scopet på klienten i Samarbeidsportalen, og prøv igjen.',
    },
  },
  KEY_ENDED: {
    happened: { en: 'The key has ended.', nb: 'Nøkkelen er utløpt.' },
    acts: 'clientAdministrator',
    wayOut: {
      en: 'Make a new key, and register it on the client.',
      nb: 'Lag en ny nøkkel, og registrer den på klienten.',
    },
  },
  KEY_ENDS_SOON: {
    happened: { en: 'The key ends soon.', nb: 'Nøkkelen utløper snart.' },
    acts: 'clientAdministrator',
    wayOut: KEY_END,
  },
  KEY_END_UNKNOWN: {
    happened: {
      en: 'Nothing here says when the key ends. At Maskinporten it lives one year from its upload.',
      nb: 'Ingenting her sier når nøkkelen utløper. Hos Maskinporten gjelder den i ett år fra den ble lastet opp.',
    },
    acts: 'clientAdministrator',
    wayOut: {
      en: 'Look in Samarbeidsportalen, or run `maskinporten keys status`.',
      nb: 'Se i Samarbeidsportalen, eller kjør `maskinporten keys status`.',
    },
  },
  NO_EXCHANGE: {
    happened: {
      en: 'The settings ask for Maskinporten’s own token, so nothing is exchanged.',
      nb: 'Innstillingene ber om Maskinporten sitt eget token, så ingenting veksles.',
    },
    acts: 'nobody',
    wayOut: {
      en: 'For Altinn’s APIs set `ExhangeToAltinnToken` to true.',
      nb: 'For API-ene til Altinn: sett `ExhangeToAltinnToken` til true.',
    },
  },
  EXCHANGE_ENVIRONMENT: {
    happened: {
      en: 'The token is of one environment, and the exchange of the other.',
      nb: 'Tokenet er fra det ene miljøet, og vekslingen er i det andre.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Make `Environment` and `TokenExchangeEnvironment` belong together.',
      nb: 'La `Environment` og `TokenExchangeEnvironment` høre sammen.',
    },
  },
  ENTERPRISE_USER: {
    happened: {
      en: 'Altinn has taken enterprise users (virksomhetsbruker) away, and the exchange answers 410.',
      nb: 'Altinn støtter ikke lenger virksomhetsbrukere, og vekslingen svarer 410.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Use a system user (systembruker), and delete `EnterpriseUserName` and `EnterpriseUserPassword`.',
      nb: 'Bruk en systembruker, og slett `EnterpriseUserName` og `EnterpriseUserPassword`.',
    },
  },
}
