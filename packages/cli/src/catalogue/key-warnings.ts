/** `KEY_…` that are only warnings: the signing key was read all the same. */
import type { Details } from './entry.ts'

const warning = { acts: 'settings', warns: true } as const
const ALONE = { en: 'Store the private JWK alone.', nb: 'Lagre bare den private JWK-en.' } as const

export const keyWarnings: Details = {
  KEY_DOUBLE_BASE64: {
    ...warning,
    happened: {
      en: 'The value is base64 of base64. It was decoded twice.',
      nb: 'Verdien er base64 av base64. Den ble dekodet to ganger.',
    },
    wayOut: { en: 'Encode the JWK once.', nb: 'Kod JWK-en i base64 bare én gang.' },
  },
  KEY_RAW_JSON: {
    ...warning,
    happened: {
      en: 'The value is the JWK itself where base64 of it is expected. It was read.',
      nb: 'Verdien er selve JWK-en der base64 av den er ventet. Den ble lest.',
    },
    wayOut: {
      en: 'Nothing needs to be done. Base64 is safer in env files.',
      nb: 'Du trenger ikke gjøre noe. Base64 er tryggere i env-filer.',
    },
  },
  KEY_TRIMMED: {
    ...warning,
    happened: {
      en: 'Quotes, backslashes, line breaks or invisible characters stood around the key or in it. They were taken off.',
      nb: 'Det sto anførselstegn, omvendte skråstreker, linjeskift eller usynlige tegn rundt nøkkelen eller i den. De ble tatt bort.',
    },
    wayOut: { en: 'Store the key without them.', nb: 'Lagre nøkkelen uten dem.' },
  },
  KEY_UNWRAPPED_JSON: {
    ...warning,
    happened: {
      en: 'The key stood inside other JSON, and was taken out.',
      nb: 'Nøkkelen sto inne i annen JSON, og ble hentet ut.',
    },
    wayOut: ALONE,
  },
  KEY_UNWRAPPED_JWKS: {
    ...warning,
    happened: {
      en: 'The value is a key set (JWKS). Its private key was taken out.',
      nb: 'Verdien er et nøkkelsett (JWKS). Den private nøkkelen ble hentet ut.',
    },
    wayOut: ALONE,
  },
  KEY_UNWRAPPED_LIST: {
    ...warning,
    happened: {
      en: 'The value is a list with one key, which was taken out.',
      nb: 'Verdien er en liste med én nøkkel, som ble hentet ut.',
    },
    wayOut: ALONE,
  },
  KEY_UTF16: {
    ...warning,
    happened: {
      en: 'The value is base64 of UTF-16 text, which PowerShell writes by default. It was read.',
      nb: 'Verdien er base64 av tekst i UTF-16, som PowerShell skriver om ikke annet er sagt. Den ble lest.',
    },
    wayOut: { en: 'Encode the text as UTF-8.', nb: 'Bruk UTF-8 for teksten.' },
  },
  KEY_ALG: {
    ...warning,
    happened: {
      en: 'The JWK names an `alg` that Maskinporten does not take. RS256 is used.',
      nb: 'JWK-en har en `alg` som Maskinporten ikke godtar. RS256 brukes.',
    },
    wayOut: {
      en: 'Set `alg` to RS256, RS384 or RS512, or delete it.',
      nb: 'Sett `alg` til RS256, RS384 eller RS512, eller slett den.',
    },
  },
  KEY_USE: {
    ...warning,
    happened: { en: 'The JWK has another `use` than `sig`.', nb: 'JWK-en har en annen `use` enn `sig`.' },
    wayOut: { en: 'Register the key with `"use":"sig"`.', nb: 'Registrer nøkkelen med `"use":"sig"`.' },
  },
  KEY_KID_OVERRIDDEN: {
    ...warning,
    happened: {
      en: 'The JWK has another `kid` than the setting `Kid`. The setting is used.',
      nb: 'JWK-en har en annen `kid` enn innstillingen `Kid`. Innstillingen brukes.',
    },
    wayOut: { en: 'Delete one of the two.', nb: 'Slett den ene.' },
  },
  KEY_KID_REUSED: {
    ...warning,
    happened: {
      en: 'A new key has the kid of the key before it, so Maskinporten may take one for the other.',
      nb: 'En ny nøkkel har samme kid som nøkkelen før, så Maskinporten kan ta den ene for den andre.',
    },
    wayOut: {
      en: 'Give each key a kid of its own, and register it.',
      nb: 'Gi hver nøkkel sin egen kid, og registrer den.',
    },
  },
}
