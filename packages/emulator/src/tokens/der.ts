/** Writes DER (X.690): the few types of which certificates and trust stores are made. */

/** One value: its tag, its length, and what it holds. */
function value(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content])
}

/** The shortest form (X.690 §10.1). */
function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const bytes = bigEndian(length)
  return [0x80 | bytes.length, ...bytes]
}

function bigEndian(number: number): readonly number[] {
  const bytes: number[] = []
  for (let left = number; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256)
  return bytes
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return value(0x30, ...parts)
}

/** Of one member: more than one would have to be sorted (X.690 §11.6). */
export function setOf(member: Uint8Array): Buffer {
  return value(0x31, member)
}

/** `[number] EXPLICIT`. */
export function explicit(number: number, content: Uint8Array): Buffer {
  return value(0xa0 | number, content)
}

/** `[number] IMPLICIT` of a type that holds no other. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return value(0x80 | number, content)
}

export function boolean(truth: boolean): Buffer {
  return value(0x01, Buffer.from([truth ? 0xff : 0]))
}

/** Big-endian, never negative: 0 stands in front of a first bit that would be the sign. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const shortest = first < 0 ? Buffer.from([0]) : bytes.subarray(first)
  return value(0x02, Buffer.from((shortest[0] ?? 0) >= 0x80 ? [0] : []), shortest)
}

/** `unused`: how many of the last bits are none. */
export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return value(0x03, Buffer.from([unused]), bytes)
}

export function octets(bytes: Uint8Array): Buffer {
  return value(0x04, bytes)
}

/** `dotted`: '2.5.29.15'. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return value(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)))
}

/** All bytes but the last have their first bit set (X.690 §8.19.2). */
function base128(number: number): readonly number[] {
  const bytes = [number % 128]
  for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift(0x80 | (left % 128))
  return bytes
}

export function utf8(text: string): Buffer {
  return value(0x0c, Buffer.from(text))
}

/** Two capital letters, or digits: `C` and `serialNumber` allow nothing else (X.520). */
export function printable(text: string): Buffer {
  return value(0x13, Buffer.from(text, 'latin1'))
}

/** Milliseconds since the epoch, of which whole seconds stay: UTCTime, and GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5). */
export function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  const short = text >= '1950' && text < '2050'
  return short ? value(0x17, Buffer.from(text.slice(2))) : value(0x18, Buffer.from(text))
}
