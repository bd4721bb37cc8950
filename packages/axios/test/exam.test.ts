import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { adapterExam } from '@maskinporten-kit/conformance'
import type { ExamAnswer, ExamCall, MakeExamClient } from '@maskinporten-kit/conformance'
import axiosEsm from 'axios'

const axiosCjs = createRequire(import.meta.url)('axios') as typeof axiosEsm

const clientOf =
  (axios: typeof axiosEsm, adapter: 'http' | 'fetch'): MakeExamClient =>
  (tokens, options) => {
    const instance = axios.create({ adapter, transformResponse: (data: unknown) => data })
    maskinportenAxios(instance, tokens, options)
    return async (url: string, { body, ...call }: ExamCall = {}): Promise<ExamAnswer> => {
      const data = body instanceof ReadableStream && adapter === 'http' ? Readable.from(body) : body
      try {
        const answer = await instance.request<string>({ url, ...call, data })
        return { status: answer.status, text: answer.data, shown: [answer] }
      } catch (error) {
        if (!axios.isAxiosError<string>(error) || error.response === undefined) throw error
        return { status: error.response.status, text: error.response.data, shown: [error, error.response] }
      }
    }
  }

for (const adapter of ['http', 'fetch'] as const) {
  adapterExam(`axios with its ${adapter} adapter, from ESM`, clientOf(axiosEsm, adapter))
  adapterExam(`axios with its ${adapter} adapter, from CommonJS`, clientOf(axiosCjs, adapter))
}
