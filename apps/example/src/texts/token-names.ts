import type { TokenKind } from '@maskinporten-kit/core'

/** Whose token it is: the same in every language. */
export const tokenNames: Readonly<Record<TokenKind, string>> = { maskinporten: 'Maskinporten', altinn: 'Altinn' }
