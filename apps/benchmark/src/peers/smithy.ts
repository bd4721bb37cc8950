import { memoize } from '@smithy/property-provider'
import type { Client, GetToken } from './client.ts'
import { grantSigner, requestToken } from './limit.ts'

/** As the AWS SDK asks it: renew five minutes before the end, so at each call of a token that lives for two. */
const REFRESH_WINDOW_MS = 300_000

interface Held {
  readonly token: string
  readonly endsAt: number
}

export async function smithy(client: Client, base: string): Promise<GetToken> {
  const sign = await grantSigner(client, base)
  const provide = async (): Promise<Held> => {
    const { access_token: token, expires_in: seconds } = await requestToken(base, await sign())
    return { token, endsAt: Date.now() + seconds * 1000 }
  }
  return memoize(
    provide,
    ({ endsAt }) => endsAt - Date.now() < REFRESH_WINDOW_MS,
    () => true,
  )
}
