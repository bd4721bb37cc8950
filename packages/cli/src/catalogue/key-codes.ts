// `KEY_…`: what can be wrong with the text of a signing key. No message and no entry quotes the key.
import type { Details } from './entry.ts'

const key = { acts: 'the one who keeps the settings and the key', under: 'settings_invalid' } as const
const warning = { acts: 'the one who keeps the settings and the key', warns: true } as const
const EXPORT = 'Export the key pair again, and copy all of it.'
const BASE64 = "Store base64 of the private JWK: `node -p \"fs.readFileSync('key.json', 'base64')\"`."

export const keyCodes: Details = {
  KEY_PUBLIC_ONLY: {
    ...key,
    happened: 'The value holds only the public half of the key pair, or a certificate.',
    wayOut: 'Store the private key: the JWK that has `d`, or the PEM block `PRIVATE KEY`.',
  },
  KEY_NOT_BASE64: {
    ...key,
    happened: 'The value is neither base64, JSON nor PEM. The message says what it looks like, where that is known.',
    wayOut: BASE64,
  },
  KEY_NOT_TEXT: {
    ...key,
    happened: 'The value is base64 of bytes that are not text, or it is hexadecimal.',
    wayOut: BASE64,
  },
  KEY_TOO_SHORT: {
    ...key,
    happened: 'The value is much too short to be a key. It may be the kid or the client id.',
    wayOut: BASE64,
  },
  KEY_CUT_SHORT: {
    ...key,
    happened:
      'Only the beginning of the key is left. A reader of `.env` files ended the value at a quote or a line break.',
    wayOut: 'Use base64 of the JWK, which has neither, or put single quotes around the JSON.',
  },
  KEY_JSON_BAD: {
    ...key,
    happened:
      'The value begins like JSON and does not parse: cut short, without its double quotes, or two documents in one.',
    wayOut: 'Copy it again. A shell takes double quotes away: use base64 of the JWK there.',
  },
  KEY_NOT_JWK: {
    ...key,
    happened: 'The value is JSON, and not a JWK.',
    wayOut: 'Store the private JWK: the object that has `kty`, `n` and `d`.',
  },
  KEY_JWK_BAD: {
    ...key,
    happened:
      'The JWK cannot be read as an RSA key: a member is not base64url, or the `kid` holds a part of the private key.',
    wayOut: EXPORT,
  },
  KEY_INCOMPLETE: {
    ...key,
    happened: 'The JWK lacks some of `n`, `e`, `d`, `p`, `q`, `dp`, `dq` and `qi`.',
    wayOut: EXPORT,
  },
  KEY_PAIR_MISMATCH: {
    ...key,
    happened: 'The parts of the key do not belong together, or no certificate is for its private key.',
    wayOut: 'Export both halves from one key store.',
  },
  KEY_NOT_RSA: {
    ...key,
    happened: 'The key is of another kind than RSA, for example EC.',
    wayOut: 'Make an RSA key of 2048 bits or more, and register its public half on the client.',
  },
  KEY_SYMMETRIC: {
    ...key,
    happened: 'The key is symmetric (`"kty":"oct"`).',
    wayOut: 'Make an RSA key of 2048 bits or more, and register its public half on the client.',
  },
  KEY_TOO_SMALL: {
    ...key,
    happened: 'The RSA key has fewer bits than Maskinporten takes.',
    wayOut: 'Make an RSA key of 2048 bits or more, and register its public half on the client.',
  },
  KEY_KID_MISSING: {
    ...key,
    happened: 'The key has no kid, so Maskinporten could not know which of the client’s keys it is.',
    wayOut: 'Set `Kid` to the kid that Samarbeidsportalen shows for the key.',
  },
  KEY_KID_TYPE: {
    ...key,
    happened: 'The `kid` in the JWK is not text.',
    wayOut: 'Write it in double quotes.',
  },
  KEY_KID_NOT_FOUND: {
    ...key,
    happened: 'The key set has no key with the kid that `Kid` names. The message lists those that it has.',
    wayOut: 'Correct `Kid`.',
  },
  KEY_JWKS: {
    ...key,
    happened: 'The value holds several private keys, and nothing says which one to use.',
    wayOut: 'Set `Kid` to the kid that Samarbeidsportalen shows on the client.',
  },
  KEY_KID_AND_CHAIN: {
    ...key,
    happened: 'The PEM holds a certificate chain, and `Kid` is set. Maskinporten takes one of the two.',
    wayOut: 'For a registered key delete the certificates; for an enterprise certificate delete `Kid`.',
  },
  KEY_PEM_BAD: {
    ...key,
    happened:
      'The PEM or DER cannot be read: cut short, without its hyphens, several private keys, or no block that is read.',
    wayOut: 'Store one whole block `PRIVATE KEY`, from `-----BEGIN` to `-----END … -----`.',
  },
  KEY_PEM_ENCRYPTED: {
    ...key,
    happened: 'The PEM is protected by a password.',
    wayOut: 'Decrypt it: `openssl pkey -in key.pem -out plain.pem`.',
  },
  KEY_OPENSSH: {
    ...key,
    happened: 'The value is a key of OpenSSH.',
    wayOut: 'Convert it: `ssh-keygen -p -m PEM -f key`. It overwrites the file, so work on a copy.',
  },
  KEY_IS_PKCS12: {
    ...key,
    happened: 'The value is base64 of a binary key store (PKCS#12) or of a certificate.',
    wayOut: 'Convert the key store: `openssl pkcs12 -in store.p12 -nodes -out chain.pem`.',
  },
  KEY_IS_XML: {
    ...key,
    happened: 'The value is a key in .NET’s XML.',
    wayOut: 'Convert it there: `RSA.FromXmlString`, then `RSA.ExportPkcs8PrivateKeyPem`.',
  },
  KEY_IS_JWT: {
    ...key,
    happened: 'The value is a JWT (three parts with dots between), so it is a token or an assertion.',
    wayOut: BASE64,
  },
  KEY_IS_PATH: {
    ...key,
    happened: 'The value is the path of a file.',
    wayOut: 'Set it to the content of that file, or read the file by `fromJsonFile` or `fromDirectory`.',
  },
  KEY_REFERENCE: {
    ...key,
    happened: 'The value is a reference or an address that nothing has replaced by the key.',
    wayOut: 'Set it to the key itself, or look at what should replace the reference.',
  },
  KEY_BASE64_NESTED: {
    ...key,
    happened: 'The value is base64 of base64 of base64.',
    wayOut: 'Encode the JWK once.',
  },
  KEY_DOUBLE_BASE64: {
    ...warning,
    happened: 'The value is base64 of base64. It was decoded twice.',
    wayOut: 'Encode the JWK once.',
  },
  KEY_RAW_JSON: {
    ...warning,
    happened: 'The value is the JWK itself where base64 of it is expected. It was read.',
    wayOut: 'Nothing needs to be done. Base64 is safer in env files.',
  },
  KEY_TRIMMED: {
    ...warning,
    happened:
      'Quotes, backslashes, line breaks or invisible characters stood around the key or in it. They were taken off.',
    wayOut: 'Store the key without them.',
  },
  KEY_UNWRAPPED_JSON: {
    ...warning,
    happened: 'The key stood inside other JSON, and was taken out.',
    wayOut: 'Store the private JWK alone.',
  },
  KEY_UNWRAPPED_JWKS: {
    ...warning,
    happened: 'The value is a key set (JWKS). Its private key was taken out.',
    wayOut: 'Store the private JWK alone.',
  },
  KEY_UNWRAPPED_LIST: {
    ...warning,
    happened: 'The value is a list with one key, which was taken out.',
    wayOut: 'Store the private JWK alone.',
  },
  KEY_UTF16: {
    ...warning,
    happened: 'The value is base64 of UTF-16 text, which PowerShell writes by default. It was read.',
    wayOut: 'Encode the text as UTF-8.',
  },
  KEY_ALG: {
    ...warning,
    happened: 'The JWK names an `alg` that Maskinporten does not take. RS256 is used.',
    wayOut: 'Set `alg` to RS256, RS384 or RS512, or delete it.',
  },
  KEY_USE: {
    ...warning,
    happened: 'The JWK has another `use` than `sig`.',
    wayOut: 'Register the key with `"use":"sig"`.',
  },
  KEY_KID_OVERRIDDEN: {
    ...warning,
    happened: 'The JWK has another `kid` than the setting `Kid`. The setting is used.',
    wayOut: 'Delete one of the two.',
  },
  KEY_KID_REUSED: {
    ...warning,
    happened: 'A new key has the kid of the key before it, so Maskinporten may take one for the other.',
    wayOut: 'Give each key a kid of its own, and register it.',
  },
}
