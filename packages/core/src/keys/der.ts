/** The little of DER (X.690) that keys and certificates need: elements, one after the other. */

export interface DerElement {
  readonly tag: number
  readonly body: Uint8Array
  /** With tag and length. */
  readonly whole: Uint8Array
}

const SEQUENCE = 0x30
/** A private key has nine, a certificate ten. */
const MOST_ELEMENTS = 32

/** The elements that `bytes` consists of. @throws RangeError when they do not fill it exactly. */
function readDer(bytes: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length;) {
    if (elements.length === MOST_ELEMENTS) throw new RangeError('DER elements')
    let start = at + 2
    let length = bytes[at + 1] ?? Infinity
    if (length > 0x84) throw new RangeError('DER length')
    if (length >= 0x80) {
      start += length - 0x80
      length = bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)
    }
    if (start + length > bytes.length) throw new RangeError('DER length')
    elements.push({
      tag: bytes[at] ?? 0,
      body: bytes.subarray(start, start + length),
      whole: bytes.subarray(at, start + length),
    })
    at = start + length
  }
  return elements
}

/** The members of a sequence that is all of `bytes`; `undefined` when it is not one. */
export function readSequence(bytes: Uint8Array): readonly DerElement[] | undefined {
  try {
    const [outer, ...rest] = readDer(bytes)
    return outer?.tag === SEQUENCE && rest.length === 0 ? readDer(outer.body) : undefined
  } catch {
    return undefined
  }
}
