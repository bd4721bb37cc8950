/** `keys create --to-key-vault`: the pair goes straight into a vault, and the private half is never on a disk. */
import { confirmChange } from '../confirm.ts'
import { refuseExisting, writeFileWhole } from '../files/write-file.ts'
import { type KeySize, createKey, encodeJwk, refuseKid } from '../keys/create-key.ts'
import { publicHalfOf } from '../keys/public-half.ts'
import { DEFAULT_SECTION, localSourcesOf, readLayer } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { originOf, vaultOf } from './address.ts'
import { keySetting, secretName } from './key-secrets.ts'
import { dialectOf } from './push-key.ts'
import { planSecrets, putSecrets, refuseOthers } from './put-secrets.ts'
import { openVault } from './secret-client.ts'

export interface CreateInVaultOptions {
  /** Address of the vault; who signs in to it is in the settings here, or is you. */
  readonly keyVault: string
  readonly section?: string | undefined
  /** Default: legacy. */
  readonly dialect?: string | undefined
  readonly bits: KeySize
  readonly kid: string | undefined
  readonly publicFile: string
  readonly isForced: boolean
}

/** @throws CommandFailed when the vault has a key of that name, or the public file is there, and nothing is forced. */
export async function createInVault(options: CreateInVaultOptions, terminal: Terminal): Promise<void> {
  const { keyVault, section = DEFAULT_SECTION, bits, kid, publicFile, isForced } = options
  const name = secretName(section, keySetting[dialectOf(options.dialect)])
  refuseKid(kid)
  if (!isForced) await refuseExisting([publicFile])
  const layer = await readLayer(localSourcesOf({}), section)
  const store = await openVault(vaultOf(layer, keyVault) ?? { url: originOf(keyVault) })
  const { publicJwk, privateJwk } = await createKey({ bits, kid })
  const value = encodeJwk(privateJwk)
  const { thumbprint } = await publicHalfOf(value)
  const planned = await terminal.progress(
    { en: `Looking into ${store.name}`, nb: `Ser i ${store.name}` },
    planSecrets(store, [{ name, value, thumbprint }]),
  )
  refuseOthers(planned, store.name, isForced)
  terminal.say({
    en: `Stores a new RSA key of ${bits} bits, kid ${publicJwk.kid}, as ${name} in ${store.url}`,
    nb: `Lagrer en ny RSA-nøkkel på ${bits} bits, kid ${publicJwk.kid}, som ${name} i ${store.url}`,
  })
  await confirmChange(terminal)
  const [put] = await terminal.progress(
    { en: `Writing to ${store.name}`, nb: `Skriver til ${store.name}` },
    putSecrets(store, planned, isForced),
  )
  // The vault has the private half: its public half is told before a disk can fail.
  if (terminal.isJson)
    terminal.json({
      kid: publicJwk.kid,
      alg: publicJwk.alg,
      thumbprint,
      vault: store.url,
      secret: name,
      version: put?.version ?? null,
      publicFile,
      jwks: { keys: [publicJwk] },
    })
  else terminal.result(JSON.stringify([publicJwk], null, 2))
  await writeFileWhole(publicFile, `${JSON.stringify([publicJwk], null, 2)}\n`, { isReplacing: isForced })
  if (terminal.isJson) return
  terminal.say({
    en: `Its public half is in ${publicFile}, too. Next: maskinporten register --key ${publicFile}`,
    nb: `Den offentlige delen ligger også i ${publicFile}. Neste steg: maskinporten register --key ${publicFile}`,
  })
}
