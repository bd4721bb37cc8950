/** A second reader and writer of certificates. It wants its polyfill to be there before it is loaded. */
import 'reflect-metadata'
import type * as X509 from '@peculiar/x509'

export const x509: typeof X509 = await import('@peculiar/x509')
