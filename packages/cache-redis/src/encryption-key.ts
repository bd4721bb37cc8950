/** One of the user's keys: it names what is stored, encrypts it and decrypts it. */
import type { StoredToken, TokenKind } from '@maskinporten-kit/core'

const KEY_BYTES = 32
const WAY_OUT = 'make one with `openssl rand -base64 32`'
/** RFC 5116 §5.1: 12 bytes, never the same twice. Random ones do for 2^32 values (NIST SP 800-38D §8.3). */
const NONCE_BYTES = 12

/** What stands before the encrypted part, in clear. The encryption authenticates it too. Times are the store's. */
export interface Header {
  readonly kind: TokenKind
  /** The later of two tokens has the higher one: when its lease was granted, else when it was asked for. */
  readonly order: number
  readonly endsAt: number
}

export interface Decrypted extends Header {
  readonly token: Pick<StoredToken, 'value' | 'scopes' | 'lifetimeMs'>
}

interface Derived {
  readonly encryption: CryptoKey
  readonly name: CryptoKey
}

export class EncryptionKey {
  readonly #bytes: Uint8Array<ArrayBuffer>
  #derived: Promise<Derived> | undefined

  /** @throws TypeError when it is not 32 bytes, or their base64 or hex. */
  constructor(key: unknown, where: string) {
    this.#bytes = readKey(key, where)
  }

  isSameAs(other: EncryptionKey): boolean {
    return this.#bytes.every((byte, index) => byte === other.#bytes[index])
  }

  /** What an identity is called in the store. Nobody can tell from it what the identity is, not even by trying. */
  async nameOf(identity: string): Promise<string> {
    const { name } = await this.#keys()
    return base64Url(new Uint8Array(await crypto.subtle.sign('HMAC', name, bytesOf(identity))))
  }

  async encrypt(identity: string, { kind, order, endsAt, token }: Decrypted): Promise<string> {
    const { encryption } = await this.#keys()
    const header = `1.${kind === 'altinn' ? 'a' : 'm'}.${order}.${endsAt}`
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
    const encrypted = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: nonce, additionalData: bytesOf(JSON.stringify([header, identity])) },
      encryption,
      bytesOf(JSON.stringify(token)),
    )
    return `${header}.${base64Url(nonce)}.${base64Url(new Uint8Array(encrypted))}`
  }

  /** Undefined for all that was not encrypted by this key, under this identity, as it stands. */
  async decrypt(identity: string, value: string): Promise<Decrypted | undefined> {
    const [, header = '', letter, order, endsAt, nonce = '', encrypted = ''] =
      /^(1\.([am])\.(\d{1,15})\.(\d{1,15}))\.([\w-]{16})\.([\w-]+)$/.exec(value) ?? []
    if (header === '') return undefined
    const { encryption } = await this.#keys()
    try {
      const decrypted = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: bytesIn(nonce), additionalData: bytesOf(JSON.stringify([header, identity])) },
        encryption,
        bytesIn(encrypted),
      )
      // What this key has encrypted is what was given to `encrypt`; core looks at each field all the same.
      const token = JSON.parse(new TextDecoder().decode(decrypted)) as Decrypted['token']
      return { kind: letter === 'a' ? 'altinn' : 'maskinporten', order: Number(order), endsAt: Number(endsAt), token }
    } catch {
      return undefined
    }
  }

  /** Two keys out of one (RFC 5869), so that a name tells nothing about the encryption. */
  async #keys(): Promise<Derived> {
    this.#derived ??= derive(this.#bytes)
    return this.#derived
  }
}

async function derive(bytes: Uint8Array<ArrayBuffer>): Promise<Derived> {
  const base = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey'])
  const from = (info: string): HkdfParams => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: bytesOf(`maskinporten-kit cache-redis 1 ${info}`),
  })
  const [encryption, name] = await Promise.all([
    crypto.subtle.deriveKey(from('seal'), base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    crypto.subtle.deriveKey(from('name'), base, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']),
  ])
  return { encryption, name }
}

/** Says nothing of what the key holds, not even of one that is wrong. */
function readKey(key: unknown, where: string): Uint8Array<ArrayBuffer> {
  if (key === undefined || key === null || key === '') throw new TypeError(`${where} is empty; ${WAY_OUT}`)
  const bytes =
    key instanceof Uint8Array ? Uint8Array.from(key) : typeof key === 'string' ? decode(key.trim()) : undefined
  if (bytes === undefined)
    throw new TypeError(
      typeof key === 'string'
        ? `${where} is not base64; ${WAY_OUT}`
        : `${where} is neither text nor a Uint8Array; ${WAY_OUT}`,
    )
  if (bytes.length !== KEY_BYTES)
    throw new TypeError(`${where} has ${bytes.length} bytes instead of ${KEY_BYTES}; ${WAY_OUT}`)
  if (bytes.every((byte) => byte === bytes[0]))
    throw new TypeError(`${where} has the same byte ${KEY_BYTES} times, so it is no key; ${WAY_OUT}`)
  return bytes
}

function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (/^[\da-f]{64}$/i.test(text))
    return Uint8Array.from({ length: KEY_BYTES }, (_, index) =>
      Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
    )
  if (!/^[\w+/-]+={0,2}$/.test(text)) return undefined
  try {
    return bytesIn(text)
  } catch {
    return undefined
  }
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

function base64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
}
