import { readFileSync } from 'node:fs'
import { adapterExam } from '@maskinporten-kit/conformance'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { expect, it } from 'vitest'

const forStreams = { duplex: 'half' } // fetch wants it for a body that is a stream

adapterExam('my adapter', (tokens, options) => {
  const send = maskinportenFetch(tokens, options) // your adapter in its place
  return async (url, call) => {
    const answer = await send(url, { ...call, ...forStreams })
    return { status: answer.status, text: await answer.text(), shown: [answer] }
  }
})

it('the exam is sat as the README of conformance shows it, word for word', () => {
  const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
  const [, shown = ''] =
    /\n(const forStreams.*?adapterExam\(.*?\n\}\))\n/s.exec(textOf('../../conformance/README.md')) ?? []
  expect(shown).not.toBe('')
  expect(textOf('exam.test.ts')).toContain(shown)
})
