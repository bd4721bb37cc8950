import type { SigningKey } from './signer.ts'

/** What people know a key by; one with a certificate chain has no kid. */
export const nameOf = (key: SigningKey): string => key.kid ?? key.id
