import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answered } from '../src/answered.ts'
import { type StandIn, startStandIn } from '../src/server/stand-in.ts'

describe('the stand-in server', () => {
  let server: StandIn
  beforeAll(async () => {
    server = await startStandIn()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const call = (authorization?: string): Promise<Response> =>
    fetch(`${server.base('test')}/api`, authorization === undefined ? {} : { headers: { authorization } })

  async function newToken(): Promise<string> {
    const answer = await fetch(`${server.base('test')}/token`, { method: 'POST', body: 'grant' })
    const body: unknown = await answer.json()
    return String(Reflect.get(Object(body), 'access_token'))
  }

  it('lets in who brings a token of its length', async () => {
    const answer = await call(`Bearer ${await newToken()}`)
    expect(answer.status).toBe(200)
    await expect(answered(answer)).resolves.toContain('"ok":true')
  })

  it.each([undefined, 'Bearer undefined', 'Bearer ', `Basic ${'a'.repeat(1_100)}`])(
    'refuses %s, so that a client without a token fails and does not measure faster',
    async (authorization) => {
      const answer = await call(authorization)
      expect(answer.status).toBe(401)
      await expect(answered(answer)).rejects.toThrow('the server answered 401')
    },
  )

  it('counts the token requests of each system', async () => {
    const before = await server.count('counted')
    await fetch(`${server.base('counted')}/token`, { method: 'POST', body: 'grant' })
    expect([before, await server.count('counted')]).toEqual([0, 1])
  })

  it('has nothing at another address', async () => {
    expect((await fetch(`${server.base('test')}/elsewhere`)).status).toBe(404)
  })
})
