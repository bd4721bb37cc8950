/** Who may ask the token service: a caller with the secret, or, where there is none, a program on this machine. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal } from './refusal.ts'

export interface GuardOptions {
  /** `undefined`: there is none, and the rule of loopback holds. */
  readonly secret: string | undefined
  /** No browser reaches a socket of the file system, and it has no host. */
  readonly isSocket: boolean
}

type Header = (name: string) => string | undefined

/** Both throw a Refusal. */
export interface Guard {
  /**
   * A page in a browser is refused always: it sends `Origin` or `Sec-Fetch-Site`, or, from a name that was bound to
   * 127.0.0.1 (DNS rebinding), a foreign `Host`.
   */
  readonly refusePages: (header: Header) => void
  /** The same, and a caller without the secret. */
  readonly refuseStrangers: (header: Header) => void
}

export function createGuard({ secret, isSocket }: GuardOptions): Guard {
  const wanted = secret === undefined ? undefined : digest(secret)
  const refusePages = (header: Header): void => {
    if (header('origin') !== undefined || header('sec-fetch-site') !== undefined)
      throw new Refusal(403, 'access_denied', 'pages in a browser get nothing from here')
    if (wanted === undefined && !isSocket && !isLoopbackHost(header('host')))
      throw new Refusal(403, 'access_denied', 'the Host header is not a name of loopback, such as 127.0.0.1')
  }
  const refuseStrangers = (header: Header): void => {
    refusePages(header)
    if (wanted === undefined) return
    const given = /^bearer +(\S+)$/i.exec(header('authorization') ?? '')?.[1]
    if (given === undefined)
      throw new Refusal(401, 'invalid_client', 'the secret is missing: send it as Authorization: Bearer')
    // Digests, because they are of equal length: the time of the comparison says nothing of the secret.
    if (!timingSafeEqual(digest(given), wanted)) throw new Refusal(401, 'invalid_client', 'the secret is wrong')
  }
  return { refusePages, refuseStrangers }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isLoopbackHost(host = ''): boolean {
  const { hostname } = URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`) : { hostname: '' }
  return isLoopback(hostname)
}

/** [RFC 6761 §6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3) */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(hostname)
}
