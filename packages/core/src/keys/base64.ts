import { decode } from 'jose/base64url'

/** Both alphabets, with and without padding, on any number of lines, or cut short; `undefined` when it is none of these. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bare = text.replaceAll(/\s+/g, '').replace(/(?<!=)=+$/, '')
  if (!/^[\w+/-]+$/.test(bare)) return undefined
  // One letter beyond a multiple of four says nothing: what was cut there still tells what it was.
  const whole = bare.length % 4 === 1 ? bare.slice(0, -1) : bare
  try {
    return new Uint8Array(decode(whole.replaceAll('+', '-').replaceAll('/', '_')))
  } catch {
    return undefined
  }
}
