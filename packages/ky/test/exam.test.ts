import { adapterExam } from '@maskinporten-kit/conformance'
import type { ExamAnswer, ExamCall } from '@maskinporten-kit/conformance'
import { maskinportenKy } from '@maskinporten-kit/ky'
import ky, { isHTTPError } from 'ky'

adapterExam('ky', (tokens, options) => {
  const client = ky.create(maskinportenKy(tokens, options))
  return async (url: string, { body, ...call }: ExamCall = {}): Promise<ExamAnswer> => {
    try {
      const answer = await client(url, { ...call, retry: 0, ...(body && { body }) })
      return { status: answer.status, text: await answer.text(), shown: [answer] }
    } catch (error) {
      if (!isHTTPError(error)) throw error
      return {
        status: error.response.status,
        text: typeof error.data === 'string' ? error.data : '',
        shown: [error, error.response, error.request],
      }
    }
  }
})
