/** Peers that leave the assertion and the cache to their caller: one token request a call. */
import * as oauth4webapi from 'oauth4webapi'
import * as openid from 'openid-client'
import type { Client, GetToken } from './client.ts'
import { grantSigner } from './limit.ts'

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

export async function oauth4webapiToken(client: Client, base: string): Promise<GetToken> {
  const sign = await grantSigner(client, base)
  const server: oauth4webapi.AuthorizationServer = { issuer: base, token_endpoint: `${base}/token` }
  const known: oauth4webapi.Client = { client_id: client.id }
  return async () => {
    const answer = await oauth4webapi.genericTokenEndpointRequest(
      server,
      known,
      oauth4webapi.None(),
      GRANT_TYPE,
      { assertion: await sign() },
      { [oauth4webapi.allowInsecureRequests]: true },
    )
    return oauth4webapi.processGenericTokenEndpointResponse(server, known, answer)
  }
}

export async function openidClient(client: Client, base: string): Promise<GetToken> {
  const sign = await grantSigner(client, base)
  const server = { issuer: base, token_endpoint: `${base}/token` }
  const configuration = new openid.Configuration(server, client.id, undefined, openid.None())
  openid.allowInsecureRequests(configuration)
  return async () => openid.genericGrantRequest(configuration, GRANT_TYPE, { assertion: await sign() })
}
