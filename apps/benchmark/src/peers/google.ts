import { JWT, gaxios } from 'google-auth-library'
import type { Client, GetToken } from './client.ts'

/** A service account's client; its token endpoint is fixed, so it is exchanged on the way out. */
export function googleClient({ id, pem, kid, scope }: Client, base: string): JWT {
  const transporter = new gaxios.Gaxios()
  transporter.interceptors.request.add({
    async resolved(config) {
      if (config.url?.hostname === 'oauth2.googleapis.com') config.url = new URL(`${base}/token`)
      return config
    },
  })
  return new JWT({ email: id, key: pem, keyId: kid, scopes: [scope], transporter })
}

export async function google(client: Client, base: string): Promise<GetToken> {
  const jwt = googleClient(client, base)
  return () => jwt.getAccessToken()
}
