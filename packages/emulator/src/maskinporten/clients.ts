/** The clients ("integrasjoner") that Maskinporten knows, and their keys. */
import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto'
import type { EmulatorClock } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Rules } from './rules.ts'

/** A key lives for one year from its upload (Digdir, "Klientregistrering"). */
const keyLifetimeMs = 365 * 86_400_000
export const maxKeys = 5

export interface PublicRsaJwk {
  readonly kty: 'RSA'
  readonly n: string
  readonly e: string
  readonly kid: string
  readonly alg?: string | undefined
  readonly use?: string | undefined
  /** NumericDate, seconds: an earlier end than the year. */
  readonly exp?: number | undefined
}

export interface RegisteredKey {
  readonly jwk: PublicRsaJwk
  /** By the clock that never goes back, milliseconds since the emulator started. */
  readonly visibleFrom: number
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  readonly publicKey: KeyObject
}

export interface Client {
  readonly clientId: string
  readonly orgNumber: string
  readonly scopes: ReadonlySet<string>
  readonly integrationType: string
  /** Seconds. */
  readonly accessTokenLifetime: number
  readonly active: boolean
  readonly keys: ReadonlyMap<string, RegisteredKey>
  /** Nine digits: the supplier that registered the client for its organisation. */
  readonly supplier?: string | undefined
  /** What only the self-service API shows, by the names that it has there. */
  readonly registration?: JsonObject | undefined
  readonly changed: Changed
  /** Of the key set; `undefined` for a client that never had one. */
  readonly keysChanged: Changed | undefined
}

/** Milliseconds since the epoch. */
export interface Changed {
  readonly createdAt: number
  readonly updatedAt: number
}

export type NewClient = Pick<
  Client,
  'orgNumber' | 'scopes' | 'integrationType' | 'accessTokenLifetime' | 'supplier' | 'registration'
> & { readonly clientId?: string | undefined }

export interface ClientRegistry {
  /** Of a key that is made for a client, bits. */
  readonly keyBits: number
  /** With its keys, or not at all. @throws TypeError as `setKeys`, and for a client id that is there already. */
  add(client: NewClient, jwks?: readonly PublicRsaJwk[]): Client
  get(clientId: string): Client | undefined
  /** In the order in which they came. */
  all(): readonly Client[]
  /** @throws TypeError for a client that is not there. */
  change(clientId: string, changes: Pick<Client, 'scopes' | 'accessTokenLifetime' | 'registration'>): Client
  /** Replaces the whole set, as the self-service API does. @throws TypeError for more than five keys, or one that is not fit. */
  setKeys(clientId: string, jwks: readonly PublicRsaJwk[]): void
  deactivate(clientId: string): void
  /** As if it had never been there. */
  remove(clientId: string): void
  clear(): void
}

export function createClients(clock: EmulatorClock, rules: Rules): ClientRegistry {
  const clients = new Map<string, Client>()
  const known = (clientId: string): Client => {
    const client = clients.get(clientId)
    if (!client) throw new TypeError(`no client ${clientId}; register it first`)
    return client
  }
  const changedNow = (before?: Changed): Changed => {
    const now = clock.now()
    return { createdAt: before?.createdAt ?? now, updatedAt: now }
  }
  const keysFrom = (jwks: readonly PublicRsaJwk[], before: Client['keys']): Client['keys'] => {
    if (jwks.length > maxKeys) throw new TypeError(`a client has at most ${maxKeys} keys; leave the oldest out`)
    const now = clock.now()
    const keys = new Map<string, RegisteredKey>()
    for (const jwk of jwks) {
      assertFit(jwk, keys, rules)
      // A key that was there before is known to the token endpoint already.
      const earlier = before.get(jwk.kid)
      const visibleFrom = earlier?.visibleFrom ?? clock.monotonic() + rules.keyPropagationDelayMs
      const end = rules.renewKeys ? undefined : earlier?.expiresAt
      keys.set(jwk.kid, registeredKey(jwk, visibleFrom, end ?? endOf(jwk, now, rules)))
    }
    return keys
  }
  return {
    // A configuration file that is read again may change the rule.
    get keyBits() {
      return Math.max(2048, rules.minimumKeyBits)
    },
    add(client, jwks = []) {
      const clientId = client.clientId ?? randomUUID()
      if (clients.has(clientId))
        throw new TypeError(`client ${clientId} is registered already; choose another clientId`)
      const changed = changedNow()
      const keys = keysFrom(jwks, new Map())
      const keysChanged = keys.size > 0 ? changed : undefined
      const added: Client = { ...client, clientId, active: true, keys, changed, keysChanged }
      clients.set(clientId, added)
      return added
    },
    get: (clientId) => clients.get(clientId),
    all: () => [...clients.values()],
    change(clientId, changes) {
      const client = known(clientId)
      const after: Client = { ...client, ...changes, changed: changedNow(client.changed) }
      clients.set(clientId, after)
      return after
    },
    setKeys(clientId, jwks) {
      const client = known(clientId)
      const keys = keysFrom(jwks, client.keys)
      clients.set(clientId, { ...client, keys, keysChanged: changedNow(client.keysChanged) })
    },
    deactivate(clientId) {
      const client = known(clientId)
      clients.set(clientId, { ...client, active: false, changed: changedNow(client.changed) })
    },
    remove: (clientId) => void clients.delete(clientId),
    clear: () => clients.clear(),
  }
}

function assertFit(jwk: PublicRsaJwk, others: ReadonlyMap<string, RegisteredKey>, rules: Rules): void {
  const { maxKidLength, minimumKeyBits } = rules
  if (jwk.kty !== 'RSA') throw new TypeError('only RSA keys can be registered; make one with RS256, RS384 or RS512')
  if ('d' in jwk) throw new TypeError('a private key is never registered; send kty, n, e, kid, alg and use only')
  if (!/^[A-Za-z0-9._-]+$/.test(jwk.kid) || jwk.kid.length > maxKidLength) {
    throw new TypeError(
      `a kid has 1 to ${maxKidLength} characters of A-Z, a-z, 0-9, ".", "_" and "-"; choose another one`,
    )
  }
  if (others.has(jwk.kid)) throw new TypeError(`kid ${jwk.kid} stands there twice; give each key its own`)
  if (Buffer.from(jwk.n, 'base64url').length * 8 < minimumKeyBits)
    throw new TypeError(`an RSA key has ${minimumKeyBits} bits or more; make a longer one`)
}

function registeredKey(jwk: PublicRsaJwk, visibleFrom: number, expiresAt: number): RegisteredKey {
  const { kty, n, e } = jwk
  return { jwk, visibleFrom, expiresAt, publicKey: createPublicKey({ key: { kty, n, e }, format: 'jwk' }) }
}

function endOf({ exp }: PublicRsaJwk, now: number, { honourKeyExp }: Rules): number {
  const end = now + keyLifetimeMs
  return exp === undefined || !honourKeyExp ? end : Math.min(end, exp * 1000)
}
