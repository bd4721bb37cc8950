/** Instances of one application: the same settings, the same callers, the same store or none. */
import { generateKeyPairSync, type webcrypto } from 'node:crypto'
import type { Wanted } from './host.ts'
import type { Maskinporten } from './services/maskinporten.ts'
import type { Secrets } from './services/vault.ts'

export interface Fleet {
  readonly name: string
  /** `cache-redis`: the real one over a modelled client; `bare`: a store of core's contract and nothing more. */
  readonly redis: 'cache-redis' | 'bare' | 'none'
  readonly secrets: Secrets
  readonly wanted: readonly [Wanted, ...Wanted[]]
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

function want(seconds: number, meanMs: number, consumerOrg?: string, kind: Wanted['kind'] = 'maskinporten'): Wanted {
  const scope = `sim:${seconds}`
  return {
    request: { scopes: scope, kind, ...(consumerOrg === undefined ? {} : { consumerOrg }) },
    kind,
    scope,
    consumerOrg,
    meanMs,
  }
}

/** Seldom asked for, so that whoever asks has none: then a stop, a kill or a close() comes while somebody waits. */
const RARE = want(120, 25 * MINUTE, '889640782')

/** Shared by `cache-redis`; without a store; with real keys and a bare store. */
export function makeFleets(): readonly [Fleet, Fleet, Fleet] {
  const secrets = (name: string): Secrets => ({
    clientId: `${name}-client-1`,
    kids: [`${name}-key-1`],
    encodedJwk: undefined,
    version: 1,
  })
  return [
    {
      name: 'shared',
      redis: 'cache-redis',
      secrets: secrets('shared'),
      wanted: [
        RARE,
        want(120, 2 * MINUTE),
        want(600, 4 * MINUTE, '991825827'),
        want(600, 4 * MINUTE, '971526920'),
        want(600, 3 * MINUTE, undefined, 'altinn'),
      ],
    },
    {
      name: 'lone',
      redis: 'none',
      secrets: secrets('lone'),
      wanted: [
        RARE,
        want(120, 40 * SECOND),
        want(600, 2 * MINUTE, '991825827'),
        want(7_200, 10 * MINUTE),
        want(600, 3 * MINUTE, undefined, 'altinn'),
      ],
    },
    {
      name: 'keys',
      redis: 'bare',
      secrets: { clientId: 'keys-client-1', kids: [], encodedJwk: '', version: 1 },
      wanted: [
        RARE,
        want(600, 4 * MINUTE),
        want(7_200, 10 * MINUTE, '991825827'),
        want(600, 5 * MINUTE, undefined, 'altinn'),
      ],
    },
  ]
}

/** The next key of a fleet: where its signers are modelled only a name, else a real one. Returns its kid. */
export function nextKey(
  { name, secrets }: Fleet,
  maskinporten: Pick<Maskinporten, 'register'>,
): { readonly kid: string; readonly publish: () => void; readonly register: () => void } {
  const kid = `${name}-key-${++secrets.version}`
  if (secrets.encodedJwk === undefined) {
    const publish = (): void => void (secrets.kids = [kid, ...secrets.kids].slice(0, 2))
    return { kid, publish, register: () => maskinporten.register(kid) }
  }
  const { privateJwk, publicJwk } = keyPair(secrets.version)
  const publish = (): void => {
    secrets.kids = [kid, ...secrets.kids].slice(0, 2)
    secrets.encodedJwk = Buffer.from(JSON.stringify({ ...privateJwk, kid, alg: 'RS256', use: 'sig' })).toString(
      'base64',
    )
  }
  return { kid, publish, register: () => maskinporten.register(kid, publicJwk) }
}

const pairs: { readonly privateJwk: webcrypto.JsonWebKey; readonly publicJwk: webcrypto.JsonWebKey }[] = []

/** Making one costs a tenth of a second, so five take turns: a key that comes back has long left every ring. */
function keyPair(number: number): (typeof pairs)[number] {
  const POOL = 5
  const known = pairs[number % POOL]
  if (known !== undefined) return known
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return (pairs[number % POOL] = {
    privateJwk: privateKey.export({ format: 'jwk' }),
    publicJwk: publicKey.export({ format: 'jwk' }),
  })
}
