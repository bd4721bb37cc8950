/** `keys inspect`: what a thing is, whether Maskinporten takes what it signs, and what is wrong. Nothing of it is printed. */
import { createHash } from 'node:crypto'
import { isMaskinportenError, parseSigningKey } from '@maskinporten-kit/core'
import { explanationOf } from '../catalogue/explanation.ts'
import type { Text } from '../language.ts'
import { isKid } from './create-key.ts'
import { type KeyKind, type KindId, kindOf, textOf } from './key-kind.ts'

export interface Inspection {
  readonly kind: KindId
  /** How often base64 lies around it. */
  readonly base64Layers: number
  readonly canSign: boolean
  /** It is no mistake that it cannot: this is what is registered on the client. */
  readonly isPublicHalf: boolean
  /** Why it cannot: a code of the page of errors. */
  readonly code?: string | undefined
  readonly problem?: Text | undefined
  /** What is no hindrance, but should be known. */
  readonly notes: readonly Text[]
  /** Length of the modulus. */
  readonly bits?: number | undefined
  readonly kid?: string | undefined
  readonly alg?: string | undefined
  readonly use?: string | undefined
  /** SHA-256 of the public key ([RFC 7638](https://www.rfc-editor.org/rfc/rfc7638)). */
  readonly thumbprint?: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly issuedAt?: number | undefined
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number | undefined
  readonly isExpired: boolean
  readonly certificate?: CertificateFacts | undefined
  /** For the portal and for self-service. */
  readonly publicJwk?: object | undefined
}

export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number
}

export interface InspectOptions {
  /** For a key without one: what the setting `Kid` would say. */
  readonly kid?: string | undefined
  /** Milliseconds since the Unix epoch. Default: now. */
  readonly now?: number | undefined
}

export async function inspectKey(bytes: Buffer, { kid, now = Date.now() }: InspectOptions = {}): Promise<Inspection> {
  const kind = kindOf(bytes)
  const { members = {}, certificates, publicKey } = kind
  const { n, e } = publicKey?.asymmetricKeyType === 'rsa' ? publicKey.export({ format: 'jwk' }) : {}
  const isRsa = n !== undefined && e !== undefined
  const thumbprint = isRsa ? thumbprintOf(n, e) : undefined
  const [leaf] = certificates
  const shownKid = kid ?? kidOf(members['kid'], thumbprint)
  const told = await trySigning(bytes, kid)
  const bits = publicKey?.asymmetricKeyDetails?.modulusLength
  const isPublicHalf = told.code === PUBLIC_ONLY && isRsa && (bits ?? 0) >= SMALLEST_BITS
  const signing = isPublicHalf ? { ...told, problem: publicHalfOf(kind, shownKid) } : told
  const [iat, exp] = [timeOf(members['iat']), timeOf(members['exp'])]
  const certificate: CertificateFacts | undefined = leaf && {
    subject: leaf.subject.replaceAll('\n', ', '),
    issuer: leaf.issuer.replaceAll('\n', ', '),
    expiresAt: Date.parse(leaf.validTo),
  }
  const expiresAt = exp ?? certificate?.expiresAt
  const isExpired = expiresAt !== undefined && expiresAt <= now
  return {
    kind: kind.id,
    base64Layers: kind.base64Layers,
    ...signing,
    isPublicHalf,
    isExpired,
    notes: notesOf(kind, { isExpired, isBinary: textOf(bytes) === undefined, canSign: signing.canSign }),
    bits,
    kid: shownKid,
    alg:
      signing.alg ??
      (typeof members['alg'] === 'string' && /^\w{1,12}$/.test(members['alg']) ? members['alg'] : undefined),
    use: members['use'] === 'sig' || members['use'] === 'enc' ? members['use'] : undefined,
    thumbprint,
    issuedAt: iat,
    expiresAt,
    certificate,
    publicJwk:
      isRsa && shownKid !== undefined
        ? { kty: 'RSA', n, e, kid: shownKid, alg: signing.alg ?? 'RS256', use: 'sig' }
        : undefined,
  }
}

/** Of core, for a key that has no private half. */
const PUBLIC_ONLY = 'KEY_PUBLIC_ONLY'
/** Maskinporten takes no shorter key. */
const SMALLEST_BITS = 2048

/** The portal takes a list of JWKs that say which they are and what they are for. */
function publicHalfOf({ id, members }: KeyKind, kid: string | undefined): Text {
  const isAsWanted = id === 'public-jwks' && kid !== undefined && isKid(kid) && members?.['use'] === 'sig'
  if (isAsWanted)
    return {
      en: 'It is the public half, as Samarbeidsportalen wants it; not for EncodedJwk.',
      nb: 'Den er den offentlige delen, slik Samarbeidsportalen vil ha den; ikke til EncodedJwk.',
    }
  return {
    en: 'It is the public half of a key, not for EncodedJwk. With --public it is printed as Samarbeidsportalen wants it.',
    nb: 'Den er den offentlige delen av en nøkkel, ikke til EncodedJwk. Med --public vises den slik Samarbeidsportalen vil ha den.',
  }
}

type Signing = Pick<Inspection, 'canSign' | 'code' | 'problem' | 'alg'>

/** Core says what it would say to the app. Bytes are read as their base64, which is how a setting would have them. */
async function trySigning(bytes: Buffer, kid: string | undefined): Promise<Signing> {
  try {
    const { alg } = await parseSigningKey(textOf(bytes) ?? bytes.toString('base64'), { kid })
    return { canSign: true, alg }
  } catch (error) {
    if (!isMaskinportenError(error)) throw error
    const code = error.detail ?? error.code
    const explained = explanationOf(code)
    const en = error.message.replace(/^the signing key/, 'It')
    const nb = explained === undefined ? en : plain(`${explained.happened.nb} ${explained.wayOut.nb}`)
    return { canSign: false, code, problem: { en, nb } }
  }
}

/** Without the marks of Markdown. */
const plain = (markdown: string): string => markdown.replaceAll('`', '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')

function thumbprintOf(n: string, e: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url')
}

/** A private member has the form of a kid, too: what has its length and is not the thumbprint is not shown. */
function kidOf(kid: unknown, thumbprint: string | undefined): string | undefined {
  if (typeof kid !== 'string' || kid === '') return undefined
  const isShown = kid === thumbprint || (kid.length <= 128 && !/[\w+/-]{43}/.test(kid))
  return isShown ? kid : `[${kid.length}]`
}

/** Seconds since the Unix epoch, as JWK and JWT have them, to milliseconds. */
function timeOf(seconds: unknown): number | undefined {
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1000 : undefined
}

interface Seen {
  readonly isExpired: boolean
  readonly isBinary: boolean
  readonly canSign: boolean
}

function notesOf({ members, base64Layers }: KeyKind, { isExpired, isBinary, canSign }: Seen): readonly Text[] {
  const notes: Text[] = []
  const { kid, alg, use } = members ?? {}
  if (isExpired)
    notes.push({
      en: 'it has expired: Maskinporten refuses it (MP-121)',
      nb: 'den er utløpt: Maskinporten avviser den (MP-121)',
    })
  if (typeof kid === 'string' && !isKid(kid))
    notes.push({
      en: 'its kid has other characters than letters, digits and ._-, which Digdir refuses',
      nb: 'kid-en har andre tegn enn bokstaver, sifre og ._-, og det avviser Digdir',
    })
  if (members !== undefined && members['kty'] === 'RSA') {
    if (use !== 'sig')
      notes.push({
        en: 'it lacks "use": "sig", which its public half needs when it is registered',
        nb: 'den mangler "use": "sig", som den offentlige delen må ha når den registreres',
      })
    if (typeof alg !== 'string' || !/^RS(?:256|384|512)$/.test(alg))
      notes.push({
        en: 'its "alg" is not RS256, RS384 or RS512; the public half is registered with "alg": "RS256"',
        nb: '"alg" er ikke RS256, RS384 eller RS512; den offentlige delen registreres med "alg": "RS256"',
      })
  }
  if (base64Layers > 1) notes.push({ en: 'it is base64 more than once', nb: 'den er base64 mer enn én gang' })
  if (isBinary && canSign)
    notes.push({
      en: 'a setting takes it as base64, not as bytes',
      nb: 'en innstilling tar den i base64, ikke som bytes',
    })
  return notes
}
