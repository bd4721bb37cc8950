/** Who signs instead of a key of the settings: a caller's signer, or signers that are loaded. */
import { isAlgorithm } from '../keys/signer.ts'
import type { Signer, SignerSource } from '../keys/signer.ts'
import { createConfigLayer } from '../sources/config-layer.ts'
import type { ConfigLayer, ConfigSource, LoadContext } from '../sources/config-source.ts'
import type { Lookup } from './lookup.ts'

const SIGNER = { key: 'signer', origin: 'options' }

/** Signers load like settings: last of all sources, as a layer that names them. One that is given is loaded once. */
export class SignersAsSource implements ConfigSource {
  readonly name = 'signer'
  readonly refreshMs: number | undefined
  readonly #source: SignerSource
  readonly #signers = new WeakMap<ConfigLayer, readonly Signer[]>()

  constructor(signer: Signer | SignerSource) {
    this.#source = 'load' in signer ? signer : { load: async () => [signer] }
    this.refreshMs = this.#source.refreshMs
  }

  async load({ signal, why }: LoadContext): Promise<ConfigLayer> {
    const signers = await this.#source.load({ signal, why })
    const names = signers.map(({ alg, kid, x5c }) => [alg, kid, x5c?.[0]].join(' '))
    const layer = createConfigLayer({ signers: names }, { origin: this.name })
    this.#signers.set(layer, signers)
    return layer
  }

  signersOf(layer: ConfigLayer | undefined): readonly Signer[] {
    return (layer && this.#signers.get(layer)) ?? []
  }
}

export function checkSigners(lookup: Lookup, signers: readonly Signer[]): void {
  if (signers.length === 0) lookup.problem('CONFIG_SIGNER', SIGNER, 'loads, and gives no signer. Give at least one.')
  for (const signer of signers) checkSigner(lookup, signer)
}

function checkSigner(lookup: Lookup, { alg, kid, x5c }: Signer): void {
  if (!isAlgorithm(alg))
    lookup.problem('CONFIG_SIGNER', SIGNER, 'has an alg that Maskinporten does not take. Use RS256, RS384 or RS512.')
  if ((kid === undefined) === (x5c === undefined))
    lookup.problem(
      'CONFIG_SIGNER',
      SIGNER,
      'needs a kid or an x5c, and one of them only. Give the kid of a registered key, or the chain of an enterprise certificate.',
    )
}
