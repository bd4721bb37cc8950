import { createRequire } from 'node:module'
import type { Client, GetToken } from './client.ts'

interface VtfkOptions {
  readonly url: string
  readonly pemcert: string
  readonly pemprivateKey: string
  readonly audience: string
  readonly issuer: string
  readonly scope: string
}
type Vtfk = (options: VtfkOptions) => Promise<unknown>

// It has no types.
const loaded: unknown = createRequire(import.meta.url)('@vtfk/maskinporten-auth')

const isVtfk = (value: unknown): value is Vtfk => typeof value === 'function'

/** It signs with certificates only; the stand-in server does not look at them. */
export async function vtfk({ id, pem, scope }: Client, base: string): Promise<GetToken> {
  if (!isVtfk(loaded)) throw new TypeError('@vtfk/maskinporten-auth exports no function now')
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const options = {
    url: `${base}/token`,
    pemcert: base64('-----BEGIN CERTIFICATE-----\nMIIBenchmark\n-----END CERTIFICATE-----'),
    pemprivateKey: base64(pem),
    audience: base,
    issuer: id,
    scope,
  }
  return () => loaded(options)
}
