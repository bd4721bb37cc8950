// The exams as their README has them, sat by packages of ours.
import { adapterExam, configSourceExam } from '@maskinporten-kit/conformance'
import { fromObject } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'

adapterExam('fetch', (tokens, options) => {
  const send = maskinportenFetch(tokens, options)
  return async (url, { body, ...call } = {}) => {
    const duplex = body instanceof ReadableStream ? { duplex: 'half' } : {}
    const answer = await send(url, { ...call, ...duplex, ...(body && { body }) })
    return { status: answer.status, text: await answer.text(), shown: [answer] }
  }
})

configSourceExam('fromObject', (values, section) => {
  const tree = { [section]: values }
  return {
    source: fromObject(tree),
    change: (changed) => {
      tree[section] = changed
    },
  }
})
