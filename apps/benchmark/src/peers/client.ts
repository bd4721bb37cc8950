/** The client that every system is: an id and a key. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'

export interface Client {
  readonly id: string
  readonly scope: string
  readonly kid: string
  readonly jwk: object
  readonly pem: string
}

export function newClient(): Client {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = randomUUID()
  return {
    id: randomUUID(),
    scope: 'a:b',
    kid,
    jwk: { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }),
  }
}

/** One way to a token: as its users would write it. */
export type GetToken = () => Promise<unknown>

/** `base`: see the stand-in server. */
export type Peer = (client: Client, base: string) => Promise<GetToken>
