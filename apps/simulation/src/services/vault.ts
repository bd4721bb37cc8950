/** A vault with the settings of each fleet, as a config source and as a source of signers. */
import { type ConfigSource, type Signer, type SignerSource, createConfigLayer } from '@maskinporten-kit/core'
import type { Machine } from '../machine.ts'
import type { Network } from '../network.ts'
import { modelledSignature } from './maskinporten.ts'

const REFRESH_MS = 900_000

/** What the vault holds for one fleet. */
export interface Secrets {
  clientId: string
  /** Newest first. */
  kids: readonly string[]
  /** The private JWK of the newest, for fleets that have their key in the settings. */
  encodedJwk: string | undefined
  version: number
}

export class Vault {
  /** Told of each question. */
  asked: (machine: Machine, why: string) => void = () => {}
  readonly #network: Network

  constructor(network: Network) {
    this.#network = network
  }

  source(secrets: Secrets, machine: Machine): ConfigSource {
    return {
      name: 'vault',
      refreshMs: REFRESH_MS,
      load: ({ signal, why }) => {
        const answer = (): ReturnType<typeof createConfigLayer> => {
          this.asked(machine, why)
          const { clientId, encodedJwk, version } = secrets
          const section = { ClientId: clientId, ...(encodedJwk === undefined ? {} : { EncodedJwk: encodedJwk }) }
          return createConfigLayer(
            { MaskinportenSettings: section },
            { origin: 'vault', secret: true, version: String(version) },
          )
        }
        return this.#network.pass({ service: 'vault', machine, signal, answer })
      },
    }
  }

  /** Signers that cost nothing, one for each version of the key. */
  signers(secrets: Secrets, machine: Machine): SignerSource {
    return {
      refreshMs: REFRESH_MS,
      load: ({ signal }) => {
        const answer = (): readonly Signer[] =>
          secrets.kids.map((kid) => ({ alg: 'RS256', kid, sign: async () => modelledSignature(kid) }))
        return this.#network.pass({ service: 'vault', machine, signal, answer })
      },
    }
  }
}
