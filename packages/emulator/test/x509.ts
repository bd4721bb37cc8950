/** A second reader and writer of certificates. It wants its polyfill to be there before it is loaded. */
import 'reflect-metadata'

export const x509: typeof import('@peculiar/x509') = await import('@peculiar/x509')
