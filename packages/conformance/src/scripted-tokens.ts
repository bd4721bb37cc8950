/** A token source that is told what to answer and keeps what it was asked: for what only a fake can show of an adapter. */
import { createAccessToken } from '@maskinporten-kit/core'
import type { AccessToken, GetTokenOptions, TokenRequest, TokenSource } from '@maskinporten-kit/core'

export interface ScriptedTokens extends TokenSource {
  readonly asked: { readonly request: TokenRequest | undefined; readonly options: GetTokenOptions | undefined }[]
  /** Every value handed out so far. */
  readonly values: string[]
  /** What `getToken` does instead. */
  instead: ((options: GetTokenOptions | undefined) => Promise<AccessToken>) | undefined
}

/** Hands out the same token until it is told that one was rejected. Values look like nothing else, so that a trace of one is found. */
export function scriptedTokens(): ScriptedTokens {
  const next = (): AccessToken => {
    const token = createAccessToken({ value: `canary-${tokens.values.length + 1}-${crypto.randomUUID()}` })
    tokens.values.push(token.value)
    return token
  }
  let current: AccessToken | undefined
  const tokens: ScriptedTokens = {
    asked: [],
    values: [],
    instead: undefined,
    async getToken(request, options) {
      tokens.asked.push({ request, options })
      if (tokens.instead !== undefined) return tokens.instead(options)
      if (current === undefined || options?.rejected?.value === current.value) current = next()
      return current
    },
  }
  return tokens
}
