import { decode } from 'jose/base64url'

/** Both alphabets, with and without padding, on any number of lines; `undefined` when it is neither. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bare = text.replaceAll(/\s+/g, '').replace(/=+$/, '')
  if (!/^[\w+/-]+$/.test(bare)) return undefined
  try {
    return new Uint8Array(decode(bare.replaceAll('+', '-').replaceAll('/', '_')))
  } catch {
    return undefined
  }
}
