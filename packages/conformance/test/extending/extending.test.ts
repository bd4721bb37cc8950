// What docs/extending.md shows is what runs here.
import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { Readable } from 'node:stream'
import { type ExamCall, adapterExam, configSourceExam, tokenStoreExam } from '@maskinporten-kit/conformance'
import { createMaskinporten } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import got, { RequestError } from 'got'
import { expect, it } from 'vitest'
import { type Call, maskinportenGot } from './got-adapter.ts'
import { fromMap } from './map-source.ts'
import { memoryStore } from './memory-store.ts'

interface Answer {
  readonly statusCode: number
  readonly url: string
  readonly body: string
}

/** Without a limit got opens 500 connections at once, which a busy machine refuses. */
const agent = { http: new Agent({ maxSockets: 32 }) }

/** The real got, and of what it gives and throws only what holds no request: its own errors and responses print the token. */
async function send(url: string, { method = 'GET', headers, body, signal }: Call): Promise<Answer> {
  try {
    const answer = await got(url, {
      method: method as 'GET',
      ...(headers && { headers }),
      ...(body !== undefined && { body: body as Readable | Uint8Array }),
      ...(signal && { signal }),
      agent,
      throwHttpErrors: false,
      retry: { limit: 0 },
    })
    return { statusCode: answer.statusCode, url: answer.url, body: answer.body }
  } catch (error) {
    signal?.throwIfAborted()
    throw withoutRequest(error, url)
  }
}

function withoutRequest(error: unknown, url: string): Error {
  return new Error(error instanceof RequestError ? `${error.code}: no answer from ${new URL(url).host}` : 'got failed')
}

/** got takes bytes and streams of Node, and writes no form: so a form is written here, as it is at the call. */
async function written({ body, headers, ...call }: ExamCall): Promise<Call> {
  if (body === undefined || body instanceof ReadableStream)
    return { ...call, headers, body: body && Readable.from(body) }
  const form = new Response(body)
  const type = form.headers.get('content-type')
  const bytes = new Uint8Array(await form.arrayBuffer())
  return { ...call, headers: { ...(type !== null && { 'content-type': type }), ...headers }, body: bytes }
}

adapterExam('got', (tokens, options) => {
  const client = maskinportenGot(send, tokens, options)
  return async (url, call = {}) => {
    const answer = await client(url, await written(call))
    return { status: answer.statusCode, text: answer.body, shown: [answer] }
  }
})

configSourceExam('the source of docs/extending.md', (values, section) => {
  const all = new Map(Object.entries(values).map(([name, value]) => [`${section}:${name}`, value]))
  return {
    source: fromMap(all),
    change: (changed) => {
      for (const [name, value] of Object.entries(changed)) all.set(`${section}:${name}`, value)
    },
  }
})

tokenStoreExam('the store of docs/extending.md', () => {
  const store = memoryStore()
  return { store, other: store }
})

it('the store of docs/extending.md gives a second process the token of the first', async () => {
  await using emulator = await startEmulator()
  const { settings } = await emulator.registerClient({ scopes: ['a:b'] })
  const store = memoryStore()
  await using first = createMaskinporten(settings, { store })
  await using second = createMaskinporten(settings, { store })
  const { value } = await first.getToken()
  expect((await second.getToken()).value).toBe(value)
  expect(emulator.requests('token').length).toBe(1)
})

it('a store that fails is a miss, and no call fails by it', async () => {
  await using emulator = await startEmulator()
  const { settings } = await emulator.registerClient({ scopes: ['a:b'] })
  const failing = { ...memoryStore(), get: () => Promise.reject(new Error('gone')) }
  await using maskinporten = createMaskinporten(settings, { store: failing })
  await expect(maskinporten.getToken()).resolves.toMatchObject({ kind: 'maskinporten' })
})

it('docs/extending.md shows nothing that does not run here, word for word', () => {
  const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
  const shown = [...textOf('../../../../docs/extending.md').matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
  const running = ['got-adapter.ts', 'map-source.ts', 'memory-store.ts', 'extending.test.ts'].map(textOf)
  expect(shown.length).toBe(running.length)
  expect(shown.filter((code) => !running.some((text) => text.includes(code)))).toEqual([])
})
