import { adapterExam } from '@maskinporten-kit/conformance'
import type { ExamAnswer, ExamCall } from '@maskinporten-kit/conformance'
import { maskinportenFetch } from '@maskinporten-kit/fetch'

adapterExam('fetch', (tokens, options) => {
  const fetch = maskinportenFetch(tokens, options)
  return async (url: string, { body, ...call }: ExamCall = {}): Promise<ExamAnswer> => {
    const stream = body instanceof ReadableStream ? { duplex: 'half' } : {}
    const answer = await fetch(url, { ...call, ...stream, ...(body && { body }) })
    return { status: answer.status, text: await answer.text(), shown: [answer] }
  }
})
