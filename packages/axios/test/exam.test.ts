import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { adapterExam } from '@maskinporten-kit/conformance'
import type { ExamAnswer, ExamCall, MakeExamClient } from '@maskinporten-kit/conformance'
import axios from 'axios'

const require = createRequire(import.meta.url)
const required = require('axios') as typeof axios
const oldest = require('axios-floor') as typeof axios

const clientOf =
  (build: typeof axios, adapter: 'http' | 'fetch'): MakeExamClient =>
  (tokens, options) => {
    const instance = build.create({ adapter, transformResponse: (data: unknown) => data })
    maskinportenAxios(instance, tokens, options)
    return async (url: string, { body, ...call }: ExamCall = {}): Promise<ExamAnswer> => {
      const data = body instanceof ReadableStream && adapter === 'http' ? Readable.from(body) : body
      try {
        const answer = await instance.request<string>({ url, ...call, data })
        return { status: answer.status, text: answer.data, shown: [answer] }
      } catch (error) {
        if (!build.isAxiosError<string>(error) || error.response === undefined) throw error
        return { status: error.response.status, text: error.response.data, shown: [error, error.response] }
      }
    }
  }

for (const adapter of ['http', 'fetch'] as const) {
  adapterExam(`axios with its ${adapter} adapter, from ESM`, clientOf(axios, adapter))
  adapterExam(`axios with its ${adapter} adapter, from CommonJS`, clientOf(required, adapter))
  adapterExam(`the oldest axios with its ${adapter} adapter`, clientOf(oldest, adapter))
}
