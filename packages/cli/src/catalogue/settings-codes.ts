/** `CONFIG_…`: what can be wrong with the value of a setting. What is about addresses is in `issuer-codes.ts`. */
import type { Details } from './entry.ts'

const settings = { acts: 'settings', under: 'settings_invalid' } as const
const warning = { acts: 'settings', warns: true } as const

export const settingsCodes: Details = {
  CONFIG_MISSING: {
    ...settings,
    happened: {
      en: 'A setting that is needed has no value in any source. The message says where it was looked for.',
      nb: 'En innstilling som trengs, har ingen verdi i noen kilde. Meldingen sier hvor den ble lett etter.',
    },
    wayOut: {
      en: 'Set it in one of the sources, under a name that the message gives.',
      nb: 'Sett den i en av kildene, under et navn som står i meldingen.',
    },
  },
  CONFIG_PLACEHOLDER: {
    ...settings,
    warns: true,
    happened: {
      en: 'The value is a placeholder such as `TODO: add to local secrets`, `<your key>` or `${CLIENT_ID}`. As a warning: the value of another source is used instead.',
      nb: 'Verdien er en plassholder, som `TODO: add to local secrets`, `<your key>` eller `${CLIENT_ID}`. Som advarsel: Verdien fra en annen kilde brukes i stedet.',
    },
    wayOut: {
      en: 'Set the real value, or delete the placeholder. If the value is in a vault, check that the vault’s source is in the list.',
      nb: 'Sett den virkelige verdien, eller slett plassholderen. Ligger verdien i et hvelv, sjekk at hvelvet er med i listen over kilder.',
    },
  },
  CONFIG_KV_REFERENCE: {
    ...settings,
    happened: {
      en: 'The value is still `@Microsoft.KeyVault(…)`: the host did not replace the reference with the secret. App Service never does so in a file.',
      nb: 'Verdien er fortsatt `@Microsoft.KeyVault(…)`: Verten byttet ikke ut referansen med hemmeligheten. App Service gjør aldri det i en fil.',
    },
    wayOut: {
      en: 'Set the reference as an environment variable of the app in the Azure portal, and look at its status there.',
      nb: 'Sett referansen som miljøvariabel for appen i Azure-portalen, og se på statusen der.',
    },
  },
  CONFIG_CONFLICT: {
    ...settings,
    happened: {
      en: 'One setting has two values: two spellings of it, two names that differ in case only, two forms of the key, or a signer beside a key.',
      nb: 'En innstilling har to verdier: to skrivemåter, to navn som bare skiller på store og små bokstaver, to former av nøkkelen, eller en signering ved siden av en nøkkel.',
    },
    wayOut: {
      en: 'Keep one of the two that the message names.',
      nb: 'Behold den ene av de to som meldingen nevner.',
    },
  },
  CONFIG_MIXED_CREDENTIALS: {
    ...settings,
    happened: {
      en: 'The client id comes from one source and the signing key from another, and one of them has a set of its own. A key belongs to one client.',
      nb: 'Klient-ID-en kommer fra én kilde og signeringsnøkkelen fra en annen, og en av dem har begge deler selv. En nøkkel hører til én klient.',
    },
    wayOut: {
      en: 'Set client id and key in the same source.',
      nb: 'Sett klient-ID og nøkkel i samme kilde.',
    },
  },
  CONFIG_CLIENT_ID: {
    ...settings,
    happened: {
      en: 'The client id is not one: a key, an organisation number, or text with a character that no id has.',
      nb: 'Klient-ID-en er ikke en klient-ID: Den er en nøkkel, et organisasjonsnummer, eller har et tegn som ingen ID har.',
    },
    wayOut: {
      en: 'Set it to the id that Samarbeidsportalen shows for the client.',
      nb: 'Sett den til ID-en som Samarbeidsportalen viser for klienten.',
    },
  },
  CONFIG_KID: {
    ...settings,
    happened: {
      en: 'The kid looks like a key, or holds a character that nobody sees, for example a zero-width space.',
      nb: 'kid-en ser ut som en nøkkel, eller har et usynlig tegn, for eksempel et mellomrom uten bredde.',
    },
    wayOut: {
      en: 'Write the kid by hand, or copy it again from Samarbeidsportalen.',
      nb: 'Skriv kid-en for hånd, eller kopier den på nytt fra Samarbeidsportalen.',
    },
  },
  CONFIG_QUOTES: {
    ...warning,
    happened: {
      en: 'The value has quotes around it, which Docker’s `--env-file` keeps. They were taken off.',
      nb: 'Verdien har anførselstegn rundt seg, som `--env-file` i Docker beholder. De ble tatt bort.',
    },
    wayOut: { en: 'Delete the quotes.', nb: 'Slett anførselstegnene.' },
  },
  CONFIG_SCOPE: {
    ...settings,
    happened: {
      en: 'The scopes are separated by commas or semicolons.',
      nb: 'Scopene er skilt med komma eller semikolon.',
    },
    wayOut: { en: 'Separate them by spaces: `a:b c:d`.', nb: 'Skill dem med mellomrom: `a:b c:d`.' },
  },
  CONFIG_RESOURCE: {
    ...settings,
    happened: {
      en: '`Resource` is not an absolute address, or has a `#`. Maskinporten would answer `invalid_target`.',
      nb: '`Resource` er ikke en absolutt adresse, eller har en `#`. Maskinporten ville svart `invalid_target`.',
    },
    wayOut: {
      en: 'Give the absolute address that the API’s owner has told you.',
      nb: 'Bruk den absolutte adressen du har fått av API-tilbyderen.',
    },
  },
  CONFIG_ORGNO: {
    ...settings,
    happened: {
      en: '`ConsumerOrgNo` is not a Norwegian organisation number: nine digits, of which the last is a check digit.',
      nb: '`ConsumerOrgNo` er ikke et norsk organisasjonsnummer: ni sifre, der det siste er et kontrollsiffer.',
    },
    wayOut: { en: 'Correct the number. `0192:` before it is fine.', nb: 'Rett nummeret. `0192:` foran går bra.' },
  },
  CONFIG_BOOLEAN: {
    ...settings,
    happened: {
      en: 'A switch is neither `true` nor `false`. `1` and `yes` are not read, as in .NET.',
      nb: 'En av/på-innstilling er verken `true` eller `false`. Som i .NET godtas ikke `1` og `yes`.',
    },
    wayOut: { en: 'Use `true` or `false`.', nb: 'Bruk `true` eller `false`.' },
  },
  CONFIG_UNSUPPORTED: {
    ...settings,
    warns: true,
    happened: {
      en: 'The key is in a form that is not read: the Windows certificate store, or PKCS#12. As a warning: it is not needed, since there is another key.',
      nb: 'Nøkkelen har en form som ikke leses: sertifikatlageret i Windows, eller PKCS#12. Som advarsel: Den trengs ikke, siden det er en annen nøkkel.',
    },
    wayOut: {
      en: 'Convert it: `openssl pkcs12 -in store.p12 -nodes -out chain.pem`. Beside a usable key, delete it.',
      nb: 'Konverter den: `openssl pkcs12 -in store.p12 -nodes -out chain.pem`. Er det en brukbar nøkkel ved siden av, slett den.',
    },
  },
  CONFIG_ENTERPRISE_USER: {
    ...warning,
    happened: {
      en: 'The settings name an enterprise user (virksomhetsbruker), which Altinn has removed. It is ignored.',
      nb: 'Innstillingene har en virksomhetsbruker, som Altinn ikke støtter lenger. Den ses bort fra.',
    },
    wayOut: {
      en: 'Use a system user (systembruker), and delete both settings.',
      nb: 'Bruk en systembruker, og slett begge innstillingene.',
    },
  },
  CONFIG_NO_EFFECT: {
    ...warning,
    happened: {
      en: 'A setting of the .NET client changes nothing here.',
      nb: 'En innstilling fra .NET-klienten endrer ingenting her.',
    },
    wayOut: {
      en: 'Delete it. `UseAltinnTestOrg` needs the exchange: set `ExhangeToAltinnToken` too.',
      nb: 'Slett den. `UseAltinnTestOrg` krever tokenveksling: Sett også `ExhangeToAltinnToken`.',
    },
  },
  CONFIG_UNKNOWN_KEY: {
    ...warning,
    happened: {
      en: 'The section holds a name that is not a setting.',
      nb: 'Seksjonen har et navn som ikke er en innstilling.',
    },
    wayOut: {
      en: 'Correct the name, or delete it. [All settings](settings.md).',
      nb: 'Rett navnet, eller slett det. [Alle innstillinger](../../en/reference/settings.md).',
    },
  },
  CONFIG_SIGNER: {
    ...settings,
    acts: 'developer',
    happened: {
      en: 'The signer is not an object with a function `sign`, has an algorithm that Maskinporten does not take, or not exactly one of `kid` and `x5c`.',
      nb: 'Det som signerer, er ikke et objekt med funksjonen `sign`, har en algoritme som Maskinporten ikke godtar, eller har ikke nøyaktig én av `kid` og `x5c`.',
    },
    wayOut: {
      en: 'Give it RS256, RS384 or RS512, and the kid of a registered key or the chain of an enterprise certificate.',
      nb: 'Gi den RS256, RS384 eller RS512, og enten kid-en til en registrert nøkkel eller sertifikatkjeden til et virksomhetssertifikat.',
    },
  },
  CONFIG_NAMES: {
    ...settings,
    acts: 'developer',
    happened: {
      en: 'The option `names` of `fromEnv` or `fromAzureKeyVault` is the wrong way round: it has a setting where the name of a variable or a secret belongs.',
      nb: 'Valget `names` til `fromEnv` eller `fromAzureKeyVault` er snudd: Det har en innstilling der navnet på en variabel eller hemmelighet skal stå.',
    },
    wayOut: {
      en: 'Write it as setting → variable or secret: `{ EncodedJwk: "my-secret" }`.',
      nb: 'Skriv innstilling → variabel eller hemmelighet: `{ EncodedJwk: "my-secret" }`.',
    },
  },
  CONFIG_DEPTH: {
    ...settings,
    happened: {
      en: 'The settings are nested more than 64 levels deep.',
      nb: 'Innstillingene har mer enn 64 nivåer inni hverandre.',
    },
    wayOut: { en: 'Flatten them.', nb: 'Bruk færre nivåer.' },
  },
  CONFIG_PROXY_CLEARTEXT: {
    acts: 'operations',
    warns: true,
    happened: {
      en: 'A request over plain http to this machine goes through the proxy of `HTTP_PROXY`, with assertion and token in clear.',
      nb: 'En forespørsel over ukryptert http til denne maskinen går gjennom proxyen i `HTTP_PROXY`, med assertion og token i klartekst.',
    },
    wayOut: { en: 'Name the host in `NO_PROXY`.', nb: 'Legg vertsnavnet til i `NO_PROXY`.' },
  },
}
