/** `KEY_…`: why the text of a signing key cannot be used. No message and no entry quotes the key. */
import type { Details } from './entry.ts'

const key = { acts: 'settings', under: 'settings_invalid' } as const
const EXPORT = {
  en: 'Export the key pair again, and copy all of it.',
  nb: 'Eksporter nøkkelparet på nytt, og kopier alt.',
} as const
const BASE64 = {
  en: "Store base64 of the private JWK: `node -p \"fs.readFileSync('key.json', 'base64')\"`.",
  nb: "Lagre den private JWK-en i base64: `node -p \"fs.readFileSync('key.json', 'base64')\"`.",
} as const
const NEW_RSA = {
  en: 'Make an RSA key of 2048 bits or more, and register its public half on the client.',
  nb: 'Lag en RSA-nøkkel på 2048 bits eller mer, og registrer den offentlige delen på klienten.',
} as const

export const keyCodes: Details = {
  KEY_PUBLIC_ONLY: {
    ...key,
    happened: {
      en: 'The value holds only the public half of the key pair, or a certificate.',
      nb: 'Verdien har bare den offentlige delen av nøkkelparet, eller et sertifikat.',
    },
    wayOut: {
      en: 'Store the private key: the JWK that has `d`, or the PEM block `PRIVATE KEY`.',
      nb: 'Lagre den private nøkkelen: JWK-en som har `d`, eller PEM-blokken `PRIVATE KEY`.',
    },
  },
  KEY_NOT_BASE64: {
    ...key,
    happened: {
      en: 'The value is neither base64, JSON nor PEM. The message says what it looks like, where that is known.',
      nb: 'Verdien er verken base64, JSON eller PEM. Meldingen sier hva den ser ut som, hvis det er kjent.',
    },
    wayOut: BASE64,
  },
  KEY_NOT_TEXT: {
    ...key,
    happened: {
      en: 'The value is base64 of bytes that are not text, or it is hexadecimal.',
      nb: 'Verdien er base64 av noe som ikke er tekst, eller den er heksadesimal.',
    },
    wayOut: BASE64,
  },
  KEY_TOO_SHORT: {
    ...key,
    happened: {
      en: 'The value is much too short to be a key. It may be the kid or the client id.',
      nb: 'Verdien er altfor kort til å være en nøkkel. Den kan være kid-en eller klient-ID-en.',
    },
    wayOut: BASE64,
  },
  KEY_IS_JWT: {
    ...key,
    happened: {
      en: 'The value is a JWT (three parts with dots between), so it is a token or an assertion.',
      nb: 'Verdien er en JWT (tre deler med punktum mellom), altså et token eller en assertion.',
    },
    wayOut: BASE64,
  },
  KEY_CUT_SHORT: {
    ...key,
    happened: {
      en: 'Only the beginning of the key is left. A reader of `.env` files ended the value at a quote or a line break.',
      nb: 'Bare begynnelsen av nøkkelen er igjen. Noe som leser `.env`-filer, avsluttet verdien ved et anførselstegn eller linjeskift.',
    },
    wayOut: {
      en: 'Use base64 of the JWK, which has neither, or put single quotes around the JSON.',
      nb: 'Bruk JWK-en i base64, som ikke har noen av delene, eller sett enkle anførselstegn rundt JSON-en.',
    },
  },
  KEY_JSON_BAD: {
    ...key,
    happened: {
      en: 'The value begins like JSON and does not parse: cut short, without its double quotes, or two documents in one.',
      nb: 'Verdien begynner som JSON, men kan ikke leses: kuttet, uten de doble anførselstegnene, eller to dokumenter i ett.',
    },
    wayOut: {
      en: 'Copy it again. A shell takes double quotes away: use base64 of the JWK there.',
      nb: 'Kopier den på nytt. Et skall tar bort doble anførselstegn: Bruk JWK-en i base64 der.',
    },
  },
  KEY_NOT_JWK: {
    ...key,
    happened: { en: 'The value is JSON, and not a JWK.', nb: 'Verdien er JSON, men ikke en JWK.' },
    wayOut: {
      en: 'Store the private JWK: the object that has `kty`, `n` and `d`.',
      nb: 'Lagre den private JWK-en: objektet som har `kty`, `n` og `d`.',
    },
  },
  KEY_JWK_BAD: {
    ...key,
    happened: {
      en: 'The JWK cannot be read as an RSA key: a member is not base64url, or the `kid` holds a part of the private key.',
      nb: 'JWK-en kan ikke leses som en RSA-nøkkel: Et felt er ikke base64url, eller `kid` har en del av den private nøkkelen.',
    },
    wayOut: EXPORT,
  },
  KEY_INCOMPLETE: {
    ...key,
    happened: {
      en: 'The JWK lacks some of `n`, `e`, `d`, `p`, `q`, `dp`, `dq` and `qi`.',
      nb: 'JWK-en mangler noen av `n`, `e`, `d`, `p`, `q`, `dp`, `dq` og `qi`.',
    },
    wayOut: EXPORT,
  },
  KEY_PAIR_MISMATCH: {
    ...key,
    happened: {
      en: 'The parts of the key do not belong together, or no certificate is for its private key.',
      nb: 'Delene av nøkkelen hører ikke sammen, eller ingen av sertifikatene gjelder den private nøkkelen.',
    },
    wayOut: { en: 'Export both halves from one key store.', nb: 'Eksporter begge delene fra samme nøkkellager.' },
  },
  KEY_NOT_RSA: {
    ...key,
    happened: {
      en: 'The key is of another kind than RSA, for example EC.',
      nb: 'Nøkkelen er av en annen type enn RSA, for eksempel EC.',
    },
    wayOut: NEW_RSA,
  },
  KEY_SYMMETRIC: {
    ...key,
    happened: { en: 'The key is symmetric (`"kty":"oct"`).', nb: 'Nøkkelen er symmetrisk (`"kty":"oct"`).' },
    wayOut: NEW_RSA,
  },
  KEY_TOO_SMALL: {
    ...key,
    happened: {
      en: 'The RSA key has fewer bits than Maskinporten takes.',
      nb: 'RSA-nøkkelen har færre bits enn Maskinporten godtar.',
    },
    wayOut: NEW_RSA,
  },
  KEY_KID_MISSING: {
    ...key,
    happened: {
      en: 'The key has no kid, so Maskinporten could not know which of the client’s keys it is.',
      nb: 'Nøkkelen har ingen kid, så Maskinporten kan ikke vite hvilken av nøklene til klienten det er.',
    },
    wayOut: {
      en: 'Set `Kid` to the kid that Samarbeidsportalen shows for the key.',
      nb: 'Sett `Kid` til kid-en som Samarbeidsportalen viser for nøkkelen.',
    },
  },
  KEY_KID_TYPE: {
    ...key,
    happened: { en: 'The `kid` in the JWK is not text.', nb: '`kid` i JWK-en er ikke tekst.' },
    wayOut: { en: 'Write it in double quotes.', nb: 'Skriv den i doble anførselstegn.' },
  },
  KEY_KID_NOT_FOUND: {
    ...key,
    happened: {
      en: 'The key set has no key with the kid that `Kid` names. The message lists those that it has.',
      nb: 'Nøkkelsettet har ingen nøkkel med den kid-en som står i `Kid`. Meldingen har dem som finnes.',
    },
    wayOut: { en: 'Correct `Kid`.', nb: 'Rett `Kid`.' },
  },
  KEY_JWKS: {
    ...key,
    happened: {
      en: 'The value holds several private keys, and nothing says which one to use.',
      nb: 'Verdien har flere private nøkler, og ingenting sier hvilken som skal brukes.',
    },
    wayOut: {
      en: 'Set `Kid` to the kid that Samarbeidsportalen shows on the client.',
      nb: 'Sett `Kid` til kid-en som Samarbeidsportalen viser på klienten.',
    },
  },
  KEY_KID_AND_CHAIN: {
    ...key,
    happened: {
      en: 'The PEM holds a certificate chain, and `Kid` is set. Maskinporten takes one of the two.',
      nb: 'PEM-en har en sertifikatkjede, og `Kid` er satt. Maskinporten godtar bare én av dem.',
    },
    wayOut: {
      en: 'For a registered key delete the certificates; for an enterprise certificate delete `Kid`.',
      nb: 'For en registrert nøkkel: slett sertifikatene. For et virksomhetssertifikat: slett `Kid`.',
    },
  },
}
