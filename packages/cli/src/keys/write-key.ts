/** `keys create`: the pair as files, and what to do with each. */
import { resolve } from 'node:path'
import { ignoreInGit } from '../files/git-ignore.ts'
import { refuseExisting, writeFileWhole } from '../files/write-file.ts'
import type { Text } from '../language.ts'
import { type EnvironmentName, portalFields, selfServicePortals } from '../portals.ts'
import type { Terminal } from '../terminal.ts'
import { type KeySize, type NewKey, createKey, encodeJwk, refuseKid } from './create-key.ts'

export interface WriteKeyOptions {
  readonly bits: KeySize
  readonly kid: string | undefined
  /** What the files' names begin with; may be a path. */
  readonly out: string
  readonly environment: EnvironmentName
  /** Base64 of the private key too: to a file, or to standard output where it is `-`. */
  readonly encoded: string | undefined
  readonly isForced: boolean
}

/** Where `keys create` writes when nothing else is asked, and where the other commands look. */
const defaultKeyName = 'maskinporten'

export interface KeyFiles {
  /** The private JWK: 0600. */
  readonly privateFile: string
  /** The public half in a list, `[ {…} ]`, as Samarbeidsportalen wants it pasted. */
  readonly publicFile: string
}

export const keyFilesOf = (name: string = defaultKeyName): KeyFiles => ({
  privateFile: `${name}.private.jwk.json`,
  publicFile: `${name}.public.jwks.json`,
})

export async function writeKey(options: WriteKeyOptions, terminal: Terminal): Promise<void> {
  const { bits, kid, out, environment, encoded, isForced } = options
  const { privateFile, publicFile } = keyFilesOf(out)
  const encodedFile = encoded === '-' ? undefined : encoded
  const secrets = encodedFile === undefined ? [privateFile] : [privateFile, encodedFile]
  refuseKid(kid)
  if (!isForced) await refuseExisting([...secrets, publicFile], OTHER_NAME)
  const key = await terminal.progress({ en: 'Making the key', nb: 'Lager nøkkelen' }, createKey({ bits, kid }))
  const ignored = await ignoreInGit(secrets)
  await writeFileWhole(privateFile, pretty(key.privateJwk), { isPrivate: true, isReplacing: isForced })
  if (encodedFile !== undefined)
    await writeFileWhole(encodedFile, `${encodeJwk(key.privateJwk)}\n`, { isPrivate: true, isReplacing: isForced })
  await writeFileWhole(publicFile, pretty([key.publicJwk]), { isReplacing: isForced })

  terminal.say(written(key, bits, { privateFile, publicFile }))
  if (encodedFile !== undefined)
    terminal.say({ en: `Private in base64:  ${encodedFile}`, nb: `Privat i base64:    ${encodedFile}` })
  if (ignored.length > 0)
    terminal.say({
      en: `.gitignore now has: ${ignored.join(', ')}`,
      nb: `.gitignore har nå:  ${ignored.join(', ')}`,
    })
  if (terminal.isJson) terminal.json(documentOf(key, { privateFile, publicFile }, environment, encodedFile))
  else terminal.result(encoded === '-' ? encodeJwk(key.privateJwk) : pretty([key.publicJwk]))
  terminal.say(nextStep(environment, publicFile, terminal))
}

/** The key there may be the one in use. */
const OTHER_NAME: Text = {
  en: 'name other files with --out NAME, or destroy the key there with --force',
  nb: 'velg andre filer med --out NAVN, eller ødelegg nøkkelen som er der, med --force',
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function written({ publicJwk: { kid } }: NewKey, bits: number, { privateFile, publicFile }: KeyFiles): Text {
  return {
    en: `A new RSA key of ${bits} bits, kid ${kid}
Private, yours:     ${privateFile}
Public:             ${publicFile}`,
    nb: `En ny RSA-nøkkel på ${bits} bits, kid ${kid}
Privat, bare din:   ${privateFile}
Offentlig:          ${publicFile}`,
  }
}

/** The result for machines: nothing private in it. */
function documentOf(
  { publicJwk }: NewKey,
  { privateFile, publicFile }: KeyFiles,
  environment: EnvironmentName,
  encodedFile: string | undefined,
): object {
  return {
    kid: publicJwk.kid,
    alg: publicJwk.alg,
    files: {
      private: resolve(privateFile),
      public: resolve(publicFile),
      ...(encodedFile === undefined ? {} : { encoded: resolve(encodedFile) }),
    },
    jwks: { keys: [publicJwk] },
    portal: selfServicePortals[environment],
  }
}

function nextStep(environment: EnvironmentName, publicFile: string, terminal: Terminal): Text {
  const width = Math.max(...portalFields.map(({ field }) => terminal.text(field).length))
  const fields = portalFields
    .map(({ field, content }) => `  ${terminal.text(field).padEnd(width)}  ${terminal.text(content)}`)
    .join('\n')
  return {
    en: `
Next: register the public key (${publicFile}) on a client.
With an administration client at Digdir:  maskinporten register
By hand at ${selfServicePortals[environment]}:
${fields}
A client may have five keys. Test and production each get their own.`,
    nb: `
Neste steg: registrer den offentlige nøkkelen (${publicFile}) på en klient.
Med en administrasjonsklient hos Digdir:  maskinporten register
For hånd på ${selfServicePortals[environment]}:
${fields}
En klient kan ha fem nøkler. Test og produksjon får hver sin.`,
  }
}
