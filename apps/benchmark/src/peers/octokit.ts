import { createAppAuth } from '@octokit/auth-app'
import { request } from '@octokit/request'
import type { Client, GetToken } from './client.ts'

export async function octokit({ pem }: Client, base: string): Promise<GetToken> {
  const auth = createAppAuth({
    appId: 1,
    installationId: 1,
    privateKey: pem,
    request: request.defaults({ baseUrl: base }),
  })
  return () => auth({ type: 'installation' })
}
