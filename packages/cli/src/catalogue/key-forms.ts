/** `KEY_…` of a signing key that is in a form which is not read, or of which the text is something else. */
import type { Details } from './entry.ts'

const key = { acts: 'settings', under: 'settings_invalid' } as const

export const keyForms: Details = {
  KEY_PEM_BAD: {
    ...key,
    happened: {
      en: 'The PEM or DER cannot be read: cut short, without its hyphens, several private keys, or no block that is read.',
      nb: 'PEM-en eller DER-en kan ikke leses: kuttet, uten bindestrekene, flere private nøkler, eller ingen blokk som leses.',
    },
    wayOut: {
      en: 'Store one whole block `PRIVATE KEY`, from `-----BEGIN` to `-----END … -----`.',
      nb: 'Lagre én hel blokk `PRIVATE KEY`, fra `-----BEGIN` til `-----END … -----`.',
    },
  },
  KEY_PEM_ENCRYPTED: {
    ...key,
    happened: { en: 'The PEM is protected by a password.', nb: 'PEM-en er beskyttet med passord.' },
    wayOut: {
      en: 'Decrypt it: `openssl pkey -in key.pem -out plain.pem`.',
      nb: 'Dekrypter den: `openssl pkey -in key.pem -out plain.pem`.',
    },
  },
  KEY_OPENSSH: {
    ...key,
    happened: { en: 'The value is a key of OpenSSH.', nb: 'Verdien er en OpenSSH-nøkkel.' },
    wayOut: {
      en: 'Convert it: `ssh-keygen -p -m PEM -f key`. It overwrites the file, so work on a copy.',
      nb: 'Konverter den: `ssh-keygen -p -m PEM -f key`. Det overskriver filen, så bruk en kopi.',
    },
  },
  KEY_IS_PKCS12: {
    ...key,
    happened: {
      en: 'The value is base64 of a binary key store (PKCS#12) or of a certificate.',
      nb: 'Verdien er base64 av et binært nøkkellager (PKCS#12) eller av et sertifikat.',
    },
    wayOut: {
      en: 'Convert the key store: `openssl pkcs12 -in store.p12 -nodes -out chain.pem`.',
      nb: 'Konverter nøkkellageret: `openssl pkcs12 -in store.p12 -nodes -out chain.pem`.',
    },
  },
  KEY_IS_XML: {
    ...key,
    happened: { en: 'The value is a key in .NET’s XML.', nb: 'Verdien er en nøkkel i XML fra .NET.' },
    wayOut: {
      en: 'Convert it there: `RSA.FromXmlString`, then `RSA.ExportPkcs8PrivateKeyPem`.',
      nb: 'Konverter den der: `RSA.FromXmlString`, deretter `RSA.ExportPkcs8PrivateKeyPem`.',
    },
  },
  KEY_IS_PATH: {
    ...key,
    happened: { en: 'The value is the path of a file.', nb: 'Verdien er stien til en fil.' },
    wayOut: {
      en: 'Set it to the content of that file, or read the file by `fromJsonFile` or `fromDirectory`.',
      nb: 'Sett den til innholdet i filen, eller les filen med `fromJsonFile` eller `fromDirectory`.',
    },
  },
  KEY_REFERENCE: {
    ...key,
    happened: {
      en: 'The value is a reference or an address that nothing has replaced by the key.',
      nb: 'Verdien er en referanse eller en adresse som ikke er byttet ut med nøkkelen.',
    },
    wayOut: {
      en: 'Set it to the key itself, or look at what should replace the reference.',
      nb: 'Sett den til selve nøkkelen, eller se på det som skulle byttet ut referansen.',
    },
  },
  KEY_BASE64_NESTED: {
    ...key,
    happened: { en: 'The value is base64 of base64 of base64.', nb: 'Verdien er base64 av base64 av base64.' },
    wayOut: { en: 'Encode the JWK once.', nb: 'Kod JWK-en i base64 bare én gang.' },
  },
}
