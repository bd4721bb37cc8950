import type { Client, GetToken } from './client.ts'
import { grantSigner, requestToken } from './limit.ts'

interface Credential {
  getToken(): Promise<{ readonly token: string; readonly expiresOnTimestamp: number }>
}
type Cycler = (credential: Credential) => (scopes: readonly string[], options: object) => Promise<unknown>

/** The part of `@azure/core-rest-pipeline` behind its bearer policy. It is not exported, and so by its file. */
export async function azureCycler(client: Client, base: string): Promise<GetToken> {
  const file = new URL('util/tokenCycler.js', import.meta.resolve('@azure/core-rest-pipeline'))
  const loaded: unknown = await import(file.href)
  const create: unknown = Reflect.get(Object(loaded), 'createTokenCycler')
  if (!isCycler(create)) throw new TypeError('@azure/core-rest-pipeline has its token cycler elsewhere now')
  const sign = await grantSigner(client, base)
  const cycle = create({
    async getToken() {
      const { access_token: token, expires_in: seconds } = await requestToken(base, await sign())
      return { token, expiresOnTimestamp: Date.now() + seconds * 1000 }
    },
  })
  const scopes = [client.scope]
  return () => cycle(scopes, {})
}

const isCycler = (value: unknown): value is Cycler => typeof value === 'function'
