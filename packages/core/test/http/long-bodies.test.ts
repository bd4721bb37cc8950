// A body ends at 1 MiB, however it is packed and however slowly it comes.
import { request as send } from 'node:http'
import { createGunzip, gzipSync } from 'node:zlib'
import type { FetchFunction } from '@maskinporten-kit/core'
import { describe, expect, it } from 'vitest'
import { type Handler, GOOD, ask, serve } from './serve.ts'

const BOMB = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20), { level: 9 })
const bomb: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(BOMB)
}

async function originOf(which: 'token' | 'exchange' | 'metadata', odd: Handler): Promise<string> {
  const origin: string = await serve((asked, response) => {
    const { url } = asked
    if (url?.includes(which === 'metadata' ? 'well-known' : which) === true) return odd(asked, response)
    if (url?.includes('well-known') === true)
      return void response.end(JSON.stringify({ issuer: origin, token_endpoint: `${origin}/token` }))
    response.end(JSON.stringify({ access_token: GOOD }))
  })
  return origin
}

/** As node-fetch answers: with a stream of Node's. */
const nodeFetch: FetchFunction = (url, { method, headers, body = '', signal }) =>
  new Promise((resolve, reject) => {
    send(url, { method, headers, signal }, (answer) => {
      const stream = answer.headers['content-encoding'] === 'gzip' ? answer.pipe(createGunzip()) : answer
      const text = async (): Promise<string> => (await stream.setEncoding('utf8').toArray()).join('')
      resolve({ status: answer.statusCode ?? 0, headers: new Headers(), body: stream, text })
    })
      .on('error', reject)
      .end(body)
  })

describe.each(['token', 'exchange', 'metadata'] as const)('an answer with %s', (which) => {
  const wanted = { kind: which === 'exchange' ? 'altinn' : 'maskinporten' } as const
  const code = which === 'exchange' ? 'exchange_unavailable' : 'token_unavailable'

  it('that unpacks to 200 MiB is ended at 1 MiB', async () => {
    let leapMs = 0
    const origin = await originOf(which, (request, response) => {
      leapMs = 3_600_000
      bomb(request, response)
    })
    // However slow this machine is, the answer is in time; and once the bomb is asked for, no second attempt is.
    const clock = { now: () => Date.now() + leapMs, monotonic: () => performance.now() + leapMs }
    const before = process.memoryUsage().rss
    const { error } = await ask(origin, wanted, { timeoutMs: 15_000, clock }, which === 'metadata' ? origin : undefined)
    expect(error).toMatchObject({
      code,
      detail: 'TOO_LARGE',
      status: 200,
      message: expect.stringContaining('more than 1 MiB'),
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
  })

  it('without an end is ended at 1 MiB, and its connection closed', async () => {
    let isClosed: (() => void) | undefined
    const closed = new Promise<void>((resolve) => (isClosed = resolve))
    const origin = await originOf(which, (_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', write).on('close', () => isClosed?.())
      write()
    })
    const { error } = await ask(origin, wanted, {}, which === 'metadata' ? origin : undefined)
    expect(error).toMatchObject({ code, detail: 'TOO_LARGE' })
    await closed
  })
})

function lockedStream(): ReadableStream {
  const stream = new ReadableStream()
  stream.getReader()
  return stream
}

describe('a fetch of the caller’s own', () => {
  it('with Node’s streams is counted while it is read', async () => {
    const origin = await originOf('token', bomb)
    const { error } = await ask(origin, {}, { fetch: nodeFetch })
    expect(error).toMatchObject({ detail: 'TOO_LARGE' })
  })

  it('with Node’s streams gives a token', async () => {
    const origin = await originOf('metadata', () => undefined)
    expect(await ask(origin, {}, { fetch: nodeFetch })).toMatchObject({ token: GOOD })
  })

  it('that has only text() is measured afterwards', async () => {
    const fetch = async () => ({ status: 200, headers: new Headers(), text: async () => ' '.repeat(1_048_577) })
    expect((await ask('https://a.example', {}, { fetch })).error).toMatchObject({ detail: 'TOO_LARGE' })
  })

  it.each([
    ['a text', 'x'],
    ['null', null],
    ['an object', {}],
    ['a stream that is read already', lockedStream()],
  ])('that has %s for a body is asked for text()', async (_name, body) => {
    const text = async () => JSON.stringify({ access_token: GOOD })
    const fetch = async () => ({ status: 200, headers: new Headers(), body, text })
    expect(await ask('https://a.example', {}, { fetch })).toMatchObject({ token: GOOD })
  })

  it('that keeps a clone of each answer does not hold core up', async () => {
    const kept: Response[] = []
    const origin = await originOf('token', bomb)
    const fetch: typeof globalThis.fetch = async (...call) => {
      const answer = await globalThis.fetch(...call)
      kept.push(answer.clone())
      return answer
    }
    expect((await ask(origin, {}, { fetch })).error).toMatchObject({ detail: 'TOO_LARGE' })
    expect(kept).toHaveLength(1)
  })

  it('gives characters that are split over chunks whole', async () => {
    const bytes = Buffer.from(JSON.stringify({ error: 'x', error_description: 'blåbærsyltetøy' }))
    const origin = await originOf('token', (_request, response) => {
      response.writeHead(400)
      let at = 0
      const next = (): void => {
        if (at === bytes.length) return void response.end()
        response.write(bytes.subarray(at, ++at))
        setTimeout(next, 1)
      }
      next()
    })
    expect((await ask(origin)).error).toMatchObject({ description: 'blåbærsyltetøy' })
  })
})
