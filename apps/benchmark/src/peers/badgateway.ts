import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import type { Client, GetToken } from './client.ts'
import { grantSigner } from './limit.ts'

/** It knows no JWT grant: client credentials, with a grant beside them that takes as long to sign. */
export async function badgatewayFetch(client: Client, base: string): Promise<OAuth2Fetch> {
  const sign = await grantSigner(client, base)
  const oauth2 = new OAuth2Client({ clientId: client.id, clientSecret: 'benchmark', tokenEndpoint: `${base}/token` })
  return new OAuth2Fetch({
    client: oauth2,
    getNewToken: async () => oauth2.clientCredentials({ extraParams: { assertion: await sign() } }),
    scheduleRefresh: false,
  })
}

export async function badgateway(client: Client, base: string): Promise<GetToken> {
  const wrapped = await badgatewayFetch(client, base)
  return () => wrapped.getAccessToken()
}
