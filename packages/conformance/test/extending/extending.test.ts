// What docs/extending.md shows is what runs here.
import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { Readable } from 'node:stream'
import { adapterExam, configSourceExam } from '@maskinporten-kit/conformance'
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
  const sent = await bodyOf(body)
  try {
    const answer = await got(url, {
      method: method as 'GET',
      headers: { ...sent?.headers, ...headers },
      ...(sent && { body: sent.body }),
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

interface Body {
  readonly body: Readable | Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** got takes no Blob and labels no form: the platform writes them. */
async function bodyOf(body: unknown): Promise<Body | undefined> {
  if (body === undefined) return undefined
  if (body instanceof ReadableStream) return { body: Readable.from(body), headers: {} }
  const written = new Response(body as string)
  const type = written.headers.get('content-type')
  const bytes = new Uint8Array(await written.arrayBuffer())
  return { body: bytes, headers: type === null ? {} : { 'content-type': type } }
}

adapterExam('got', (tokens, options) => {
  const client = maskinportenGot(send, tokens, options)
  return async (url, call = {}) => {
    const answer = await client(url, call)
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
