/** What every HTTP adapter promises, over real sockets. */
import { inspect } from 'node:util'
import { MaskinportenError } from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { everyPrintOf } from './every-print.ts'
import type { ExamAnswer, ExamClient, MakeExamClient } from './exam-client.ts'
import { EXAM_MS } from './exam-time.ts'
import { resolveLoopbackNames } from './loopback-names.ts'
import { authorizations, startRecordingServer } from './recording-server.ts'
import type { RecordingServer } from './recording-server.ts'
import { resendExam } from './resend-exam.ts'
import { scriptedTokens } from './scripted-tokens.ts'
import type { ScriptedTokens } from './scripted-tokens.ts'
import { wholeChainExam } from './whole-chain-exam.ts'

export function adapterExam(name: string, makeClient: MakeExamClient): void {
  describe(`the adapter exam, sat by ${name}`, { timeout: EXAM_MS }, () => {
    let api: RecordingServer
    let elsewhere: RecordingServer
    let tokens: ScriptedTokens
    let client: ExamClient

    beforeEach(async () => {
      ;[api, elsewhere] = await Promise.all([startRecordingServer(), startRecordingServer()])
      tokens = scriptedTokens()
      client = makeClient(tokens, { allow: api.origin })
    })
    afterEach(async () => {
      await Promise.all([api[Symbol.asyncDispose](), elsewhere[Symbol.asyncDispose]()])
    })

    it('sends the token as a bearer token', async () => {
      expect(await client(`${api.origin}/path?query=1`)).toMatchObject({ status: 200, text: 'ok' })
      expect(authorizations(api)).toEqual([`Bearer ${tokens.values[0]}`])
      expect(api.arrived[0]).toMatchObject({ method: 'GET', path: '/path?query=1' })
    })

    it('asks for the token of this call, and sends nothing of the request for it', async () => {
      const maskinporten = { consumerOrg: '991825827', scopes: ['a', 'b'], pid: '12345678901' }
      await client(`${api.origin}/`, { maskinporten, method: 'POST', body: 'x' })
      expect(tokens.asked.map(({ request }) => request)).toEqual([maskinporten])
      const { path, headers, body } = api.arrived[0] ?? {}
      expect(inspect({ path, headers, body: String(body) })).not.toMatch(/maskinporten|991825827|12345678901/)
    })

    it('sends a call with `maskinporten: false` as it is, and hands its 401 over', async () => {
      api.reply = () => ({ status: 401, body: 'who?' })
      expect(await client(`${api.origin}/`, { maskinporten: false })).toMatchObject({ status: 401, text: 'who?' })
      expect(await client(`${elsewhere.origin}/`, { maskinporten: false })).toMatchObject({ status: 200 })
      expect(authorizations(api)).toEqual([undefined])
      expect(tokens.asked).toEqual([])
    })

    it('leaves an Authorization of the caller’s own alone, asks for no token, and hands its 401 over', async () => {
      api.reply = () => ({ status: 401 })
      const headers = { authorization: 'Basic  a2FyaTpzZQ== ' }
      expect(await client(`${api.origin}/`, { headers })).toMatchObject({ status: 401 })
      expect(await client(`${elsewhere.origin}/`, { headers: { AUTHORIZATION: 'mine' } })).toMatchObject({
        status: 200,
      })
      expect([...authorizations(api), ...authorizations(elsewhere)]).toEqual(['Basic  a2FyaTpzZQ==', 'mine'])
      expect(tokens.asked).toEqual([])
    })

    it('refuses a credential of the caller’s own beside a request for a token', async () => {
      const both = { headers: { authorization: 'mine' }, maskinporten: { scopes: 'a' } }
      await expect(client(`${api.origin}/`, both)).rejects.toMatchObject({
        name: 'MaskinportenError',
        code: 'request_invalid',
      })
      await expect(
        client(api.origin.replace('//', '//kari:secret@'), { maskinporten: { scopes: 'a' } }),
      ).rejects.toThrow(/user name or password|credentials/)
      expect(api.arrived).toEqual([])
    })

    it.each<[string, () => object]>([
      [
        'a class with getters',
        () =>
          new (class {
            get consumerOrg(): string {
              return '991825827'
            }
          })(),
      ],
      ['an object that inherits', () => Object.setPrototypeOf({}, { consumerOrg: '991825827' }) as object],
      [
        'a system user with getters',
        () => ({
          systemUser: new (class {
            readonly org = '991825827'
            get externalRef(): string {
              return 'ref'
            }
          })(),
        }),
      ],
    ])('refuses a request of which a copy would lose a field: %s', async (_, make) => {
      const call: object = { maskinporten: make() }
      await expect(client(`${api.origin}/`, call)).rejects.toMatchObject({
        name: 'MaskinportenError',
        code: 'request_invalid',
      })
      expect([tokens.asked, api.arrived]).toEqual([[], []])
    })

    it('asks for no token when the URL holds user info', async () => {
      // fetch itself refuses such an URL, axios makes Basic of it.
      await client(api.origin.replace('//', '//kari:secret@')).catch(() => undefined)
      expect(tokens.asked).toEqual([])
    })

    it('refuses plain http elsewhere than on loopback, whatever may pass through', async () => {
      const open = makeClient(tokens, { allow: () => true, otherOrigins: 'pass-through' })
      for (const url of ['http://api.example.no/', 'http://localhost.example.no/', 'http://127.0.0.1.example.no/']) {
        await expect(open(url)).rejects.toMatchObject({
          code: 'origin_not_allowed',
        })
      }
      expect(tokens.asked).toEqual([])
    })

    it('refuses another origin and sends nothing there', async () => {
      const another = [`${elsewhere.origin}/`, `http://localhost:${api.port}/`, `https://127.0.0.1:${api.port}/`]
      for (const url of another) {
        await expect(client(url)).rejects.toMatchObject({ name: 'MaskinportenError', code: 'origin_not_allowed' })
      }
      expect([tokens.asked, api.arrived, elsewhere.arrived]).toEqual([[], [], []])
    })

    it('lets another origin pass through without a token when told so, and hands its 401 over', async () => {
      elsewhere.reply = () => ({ status: 401 })
      const open = makeClient(tokens, { allow: api.origin, otherOrigins: 'pass-through' })
      expect(await open(`${elsewhere.origin}/`)).toMatchObject({ status: 401 })
      expect(authorizations(elsewhere)).toEqual([undefined])
      expect(tokens.asked).toEqual([])
    })

    it('sends nothing when there is no token, and the error is the source’s own', async () => {
      const error = new MaskinportenError('token_refused', 'invalid_scope', { mpCode: 'MP-200' })
      tokens.instead = () => Promise.reject(error)
      await expect(client(`${api.origin}/`)).rejects.toBe(error)
      expect(api.arrived).toEqual([])
    })

    it.each([302, 307, 308])(
      'keeps the token on a %d to the same origin, and at home on one to another',
      async (status) => {
        using _ = resolveLoopbackNames()
        const home = `http://localhost:${api.port}`
        const away = [elsewhere.origin, `http://sub.localhost:${elsewhere.port}`, `http://sub.localhost:${api.port}`]
        const fromHome = makeClient(tokens, { allow: home })
        for (const location of [`${home}/there`, ...away.map((origin) => `${origin}/there`)]) {
          api.reply = ({ path }) => (path === '/here' ? { status, headers: { location } } : {})
          expect(await fromHome(`${home}/here`)).toMatchObject({ status: 200 })
        }
        expect(authorizationsThere(api, 'localhost')).toEqual([`Bearer ${tokens.values[0]}`])
        expect([
          ...authorizationsThere(api, 'sub.'),
          ...authorizationsThere(elsewhere, 'sub.'),
          ...authorizationsThere(elsewhere, '127.'),
        ]).toEqual([undefined, undefined, undefined])
      },
    )

    it('hands over a 401 that comes from behind a redirect to another origin', async () => {
      api.reply = () => ({ status: 302, headers: { location: `${elsewhere.origin}/` } })
      elsewhere.reply = () => ({ status: 401 })
      expect(await client(`${api.origin}/`)).toMatchObject({ status: 401 })
      expect([api.arrived.length, elsewhere.arrived.length, tokens.asked.length]).toEqual([1, 1, 1])
    })

    it('ends the wait for a token when the caller aborts, and sends nothing', async () => {
      const controller = new AbortController()
      tokens.instead = (options) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))
          setImmediate(() => controller.abort())
        })
      await expect(client(`${api.origin}/`, { signal: controller.signal })).rejects.toThrow(/abort|cancel/i)
      expect(api.arrived).toEqual([])
    })

    it('ends the wait for an answer and for a renewal when the caller aborts', async () => {
      const first = new AbortController()
      api.reply = () => {
        first.abort()
        return {}
      }
      await expect(client(`${api.origin}/`, { signal: first.signal })).rejects.toThrow(/abort|cancel/i)
      const second = new AbortController()
      api.reply = () => {
        tokens.instead = (options) =>
          new Promise((_, reject) => {
            options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))
            second.abort()
          })
        return { status: 401 }
      }
      await expect(client(`${api.origin}/`, { signal: second.signal })).rejects.toThrow(/abort|cancel/i)
      expect(api.arrived.length).toBe(2)
    })

    it('shows the token on no answer and on no error', async () => {
      const shown: unknown[] = []
      const take = (sending: Promise<ExamAnswer>): Promise<unknown> =>
        sending.then(
          (answer) => shown.push(...answer.shown),
          (error: unknown) => shown.push(error),
        )
      for (const status of [200, 401, 404, 500]) {
        api.reply = () => ({ status })
        await take(client(`${api.origin}/`, { method: 'POST', body: 'x' }))
      }
      api.reply = () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })
      await take(client(`${api.origin}/`))
      const controller = new AbortController()
      api.reply = () => {
        controller.abort()
        return {}
      }
      await take(client(`${api.origin}/`, { signal: controller.signal }))
      await api[Symbol.asyncDispose]()
      await take(client(`${api.origin}/`))

      expect(shown.length).toBeGreaterThanOrEqual(7)
      expect(tokens.values.length).toBeGreaterThan(0)
      for (const thing of shown) expect(everyPrintOf(thing)).not.toContain('canary')
    })

    resendExam(() => ({ api, tokens, client }))
    wholeChainExam(makeClient)
  })
}

/** What arrived behind the redirect, at a host of that name. */
function authorizationsThere(server: RecordingServer, host: string): (string | undefined)[] {
  return server.arrived
    .filter(({ path, headers }) => path === '/there' && headers.host?.startsWith(host))
    .map(({ headers }) => headers.authorization)
}
