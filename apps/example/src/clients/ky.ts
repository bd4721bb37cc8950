import type { TokenSource } from '@maskinporten-kit/core'
import { maskinportenKy } from '@maskinporten-kit/ky'
import ky from 'ky'
import { type ApiClient, timeoutMs } from '../api-client.ts'

export function openKy(tokens: TokenSource, origin: string): ApiClient {
  const http = ky
    .create({ baseUrl: origin, timeout: timeoutMs, throwHttpErrors: false })
    .extend(maskinportenKy(tokens, { allow: origin }))
  return {
    async send({ method, path, json }) {
      const answer = await http(path, { method, ...(json === undefined ? {} : { json }) })
      return { status: answer.status, text: await answer.text() }
    },
  }
}
