/** What signs instead of a key of the settings: a caller's signer, or signers that are loaded. */
import { MaskinportenError } from '../errors.ts'
import { kindOf } from '../kind-of.ts'
import { isAlgorithm } from '../keys/signer.ts'
import type { Signer, SignerSource } from '../keys/signer.ts'
import { createConfigLayer } from '../sources/config-layer.ts'
import type { ConfigLayer, ConfigSource, LoadContext } from '../sources/config-source.ts'
import type { Lookup } from './lookup.ts'

const SIGNER = { key: 'signer', origin: 'options' }

/** Signers load like settings: as the last source, in a layer that names them. A signer that the caller gave is loaded once. */
export class SignersAsSource implements ConfigSource {
  readonly name = 'signer'
  readonly refreshMs: number | undefined
  readonly #source: SignerSource
  readonly #signers = new WeakMap<ConfigLayer, readonly Signer[]>()

  constructor(signer: Signer | SignerSource) {
    this.#source = isSource(signer) ? signer : { load: async () => [signer] }
    this.refreshMs = this.#source.refreshMs
  }

  async load({ signal, why }: LoadContext): Promise<ConfigLayer> {
    if (typeof this.#source.load !== 'function')
      throw wrongSigner('has a load that is not a function', 'Give one that resolves to a list of signers')
    const signers: unknown = await this.#source.load({ signal, why })
    if (!isList(signers))
      throw wrongSigner(`loads ${kindOf(signers)} instead of a list of signers`, 'Let load() resolve to a list')
    const names = signers.map((signer) => {
      const { alg, kid, x5c } = Object(signer) as Partial<Signer>
      return [alg, kid, x5c?.[0]].join(' ')
    })
    const layer = createConfigLayer({ signers: names }, { origin: this.name })
    this.#signers.set(layer, signers)
    return layer
  }

  signersOf(layer: ConfigLayer | undefined): readonly Signer[] {
    return (layer && this.#signers.get(layer)) ?? []
  }
}

export function checkSigners(lookup: Lookup, signers: readonly Signer[]): void {
  if (signers.length === 0) lookup.problem('CONFIG_SIGNER', SIGNER, 'loads an empty list. Give at least one signer.')
  for (const signer of signers) checkSigner(lookup, signer)
}

const isSource = (signer: unknown): signer is SignerSource =>
  typeof signer === 'object' && signer !== null && 'load' in signer
const isList = (signers: unknown): signers is readonly Signer[] => Array.isArray(signers)

function wrongSigner(what: string, hint: string): MaskinportenError {
  const problem = { code: 'CONFIG_SIGNER', ...SIGNER, message: `signer ${what}. ${hint}.` }
  return new MaskinportenError('settings_invalid', problem.message, {
    detail: problem.code,
    hint: `${hint}.`,
    problems: [problem],
  })
}

function checkSigner(lookup: Lookup, signer: Signer): void {
  if (typeof signer !== 'object' || signer === null) {
    lookup.problem('CONFIG_SIGNER', SIGNER, `is ${kindOf(signer)}. Give an object with alg, kid and the function sign.`)
    return
  }
  const { alg, kid, x5c } = signer
  if (typeof signer.sign !== 'function')
    lookup.problem(
      'CONFIG_SIGNER',
      SIGNER,
      'has no function sign. Give one that resolves to the signature, a Uint8Array.',
    )
  if (!isAlgorithm(alg))
    lookup.problem('CONFIG_SIGNER', SIGNER, 'has an alg that Maskinporten does not take. Use RS256, RS384 or RS512.')
  if ((kid === undefined) === (x5c === undefined))
    lookup.problem(
      'CONFIG_SIGNER',
      SIGNER,
      'needs a kid or an x5c, and one of them only. Give the kid of a registered key, or the chain of an enterprise certificate.',
    )
}
