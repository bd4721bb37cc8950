import type { Signer, SigningKey } from './signer.ts'

/** A caller's signer as a key of the ring. */
export function signingKeyOf(signer: Signer, now: number): SigningKey {
  const { alg, kid, x5c } = signer
  return {
    id: kid ?? x5c?.[0] ?? '',
    alg,
    kid,
    x5c,
    addedAt: now,
    sign: (input, options) => signer.sign(input, options),
  }
}
