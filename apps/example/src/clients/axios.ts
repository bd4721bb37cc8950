import type { TokenSource } from '@maskinporten-kit/core'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import axios from 'axios'
import { type ApiClient, timeoutMs } from '../api-client.ts'

export function openAxios(tokens: TokenSource, origin: string): ApiClient {
  const http = axios.create({ baseURL: origin, responseType: 'text', timeout: timeoutMs, validateStatus: null })
  maskinportenAxios(http, tokens, { allow: origin })
  return {
    async send({ method, path, json }) {
      const { status, data } = await http.request<string>({ method, url: path, data: json })
      return { status, text: data }
    },
  }
}
