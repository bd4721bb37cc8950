/** The part of the adapter exam with core behind the adapter and the emulator behind core: real grants, exchanges and answers. */
import { createMaskinporten } from '@maskinporten-kit/core'
import type { Maskinporten, TokenSource } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import type { EmulatedClient, Emulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ExamAnswer, MakeExamClient } from './exam-client.ts'
import { everyPrintOf } from './every-print.ts'
import { EXAM_MS } from './exam-time.ts'
import { authorizations, startRecordingServer } from './recording-server.ts'

const scope = 'altinn:serviceowner/instances.read'

export function wholeChainExam(makeClient: MakeExamClient): void {
  describe('with core and the emulator', () => {
    let emulator: Emulator
    let registered: EmulatedClient
    let maskinporten: Maskinporten
    let instances: string
    const clientOf = (tokens: TokenSource): ReturnType<MakeExamClient> =>
      makeClient(tokens, { allow: [emulator.altinn.url, emulator.register.url] })

    beforeAll(async () => {
      emulator = await startEmulator()
      registered = await emulator.registerClient({ scopes: [scope], orgNumber: '991825827' })
      instances = `${emulator.altinn.url}/storage/api/v1/instances?org=ttd`
    }, EXAM_MS)
    afterAll(() => emulator.close())
    beforeEach(() => {
      emulator.clearRequests()
      emulator.faults.clear()
      maskinporten = createMaskinporten(registered.settings)
    })
    afterEach(() => maskinporten.close())

    const counts = (): { token: number; exchange: number; storage: number } => ({
      token: emulator.requests('token').length,
      exchange: emulator.requests('exchange').length,
      storage: emulator.requests('storage').length,
    })

    it('lists instances in Storage with an exchanged token', async () => {
      const client = clientOf(maskinporten)
      expect(await client(instances)).toMatchObject({ status: 200 })
      expect(counts()).toEqual({ token: 1, exchange: 1, storage: 1 })
      expect(emulator.requests('storage')[0]?.bearer?.claims).toMatchObject({ 'urn:altinn:org': 'ttd' })
    })

    it('takes the token of each call, of the kind it asks for', async () => {
      const client = clientOf(maskinporten)
      await client(instances, { maskinporten: { kind: 'maskinporten' } })
      await client(instances, { maskinporten: { kind: 'altinn' } })
      const issuers = emulator.requests('storage').map(({ bearer }) => bearer?.claims['iss'])
      // Storage answers 401 to the first.
      expect(issuers.at(0)).toBe(emulator.maskinporten.issuer)
      expect(issuers.at(-1)).not.toBe(emulator.maskinporten.issuer)
    })

    it('makes one token request and one exchange for 500 concurrent calls on a cold cache', async () => {
      const client = clientOf(maskinporten)
      const answers = await Promise.all(Array.from({ length: 500 }, () => client(instances)))
      expect(statusesOf(answers)).toEqual({ 200: 500 })
      expect(counts()).toEqual({ token: 1, exchange: 1, storage: 500 })
    })

    it('renews once for 50 concurrent 401s on one token', async () => {
      // By its token, not by a count of requests: those that are sent again may arrive before the last of the 50.
      const rejected = `Bearer ${(await maskinporten.getToken()).value}`
      const before = counts()
      await using api = await startRecordingServer(({ headers }) => ({
        status: headers.authorization === rejected ? 401 : 200,
      }))
      const client = makeClient(maskinporten, { allow: api.origin })
      const answers = await Promise.all(Array.from({ length: 50 }, () => client(`${api.origin}/`)))
      expect(statusesOf(answers)).toEqual({ 200: 50 })
      const sent = Map.groupBy(authorizations(api), (authorization) => authorization === rejected)
      expect([sent.get(true)?.length, sent.get(false)?.length]).toEqual([50, 50])
      expect(new Set(sent.get(false)).size).toBe(1)
      expect(counts().exchange).toBe(before.exchange + 1)
      expect(counts().token).toBeLessThanOrEqual(before.token + 1)
    })

    it('does not mint in a storm of 401s, and hands each over', async () => {
      // Its clocks stand still, so that the cool-down after a renewal outlasts the storm on any machine.
      const at = { wall: Date.now(), monotonic: performance.now() }
      const tokens = createMaskinporten(registered.settings, {
        clock: { now: () => at.wall, monotonic: () => at.monotonic },
      })
      const client = clientOf(tokens)
      emulator.faults.next('storage', { status: 401, times: Infinity })
      const answers: ExamAnswer[] = []
      for (let round = 0; round < 5; round += 1) {
        answers.push(...(await Promise.all(Array.from({ length: 10 }, () => client(instances)))))
      }
      await tokens.close()
      expect(statusesOf(answers)).toEqual({ 401: 50 })
      expect(counts().token).toBeLessThanOrEqual(2)
      expect(counts().exchange).toBeLessThanOrEqual(2)
    })

    it('sends nothing when Maskinporten refuses, and says which of its codes it was', async () => {
      const client = clientOf(maskinporten)
      await expect(client(instances, { maskinporten: { scopes: 'other:scope' } })).rejects.toMatchObject({
        name: 'MaskinportenError',
        code: 'token_refused',
        mpCode: 'MP-200',
      })
      expect(counts().storage).toBe(0)
    })

    it('shows neither token, nor assertion, nor key on answers and errors', async () => {
      const client = clientOf(maskinporten)
      const shown: unknown[] = []
      shown.push(...(await client(instances)).shown)
      emulator.faults.next('storage', { status: 500 })
      shown.push(...(await client(instances)).shown)
      emulator.faults.next('storage', { reset: true })
      shown.push(await client(instances).catch((error: unknown) => error))
      shown.push(await client(instances, { maskinporten: { scopes: 'other:scope' } }).catch((error: unknown) => error))
      const secrets = [
        registered.jwk?.d,
        ...emulator.requests().flatMap(({ bearer, grant }) => [bearer?.token, grant?.assertion]),
      ].filter((secret) => secret !== undefined)
      expect(secrets.length).toBeGreaterThan(5)
      const prints = shown.map(everyPrintOf).join('\n')
      // The middle of each: a print may be cut at either end.
      expect(secrets.filter((secret) => prints.includes(secret.slice(20, 60)))).toEqual([])
    })
  })
}

/** Status → how many answers had it. */
function statusesOf(answers: readonly ExamAnswer[]): Record<number, number> {
  const groups = Map.groupBy(answers, ({ status }) => status)
  return Object.fromEntries(Array.from(groups, ([status, { length }]) => [status, length]))
}
