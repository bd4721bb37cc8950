/** Addresses: which are safe for a credential, and how an error names them. */
import { escaped } from './answer-text.ts'

/** [RFC 6761 §6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3): the names that end in `.localhost` too. */
export function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(host)
}

/** https, or http on loopback, without user info. */
export function isSafeUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return (
    url !== undefined &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) &&
    url.username + url.password === ''
  )
}

/** Why `isSafeUrl` is false, as the words that follow the name of a setting. */
export function whyUnsafe(text: string): string {
  const { username, password } = URL.canParse(text) ? new URL(text) : { username: '', password: '' }
  return username + password === '' ? 'is not an https URL' : 'has a user name or password in it'
}

/** An address that a server named, in quotes, without what may be a password or a key in it. */
export function quotedAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined && text.includes('@')) return 'that does not parse'
  if (url !== undefined && !/^https?:$/.test(url.protocol)) return `of the scheme ${escaped(url.protocol.slice(0, 40))}`
  return escaped(JSON.stringify((url === undefined ? text : url.origin + url.pathname).slice(0, 200)))
}
