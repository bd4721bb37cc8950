import type { TokenSource } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { type ApiClient, timeoutMs } from '../api-client.ts'

export function openFetch(tokens: TokenSource, origin: string): ApiClient {
  const fetch = maskinportenFetch(tokens, { allow: origin })
  return {
    async send({ method, path, json }) {
      const body = json === undefined ? {} : jsonBody(json)
      const answer = await fetch(origin + path, { method, ...body, signal: AbortSignal.timeout(timeoutMs) })
      return { status: answer.status, text: await answer.text() }
    },
  }
}

function jsonBody(json: unknown): { readonly headers: Record<string, string>; readonly body: string } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
}
