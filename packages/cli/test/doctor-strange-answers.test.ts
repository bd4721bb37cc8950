import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleOf } from '../src/doctor/bundle.ts'
import { exitCodeOf } from '../src/doctor/doctor.ts'
import { examined, of, realSettings, type RealSettings } from './examined.ts'

let emulator: Emulator
let settings: RealSettings
beforeAll(async () => {
  emulator = await startEmulator()
  settings = await realSettings(emulator)
})
afterAll(() => emulator.close())

const bodies = [
  '',
  'null',
  '[]',
  '{}',
  '"text"',
  '<html>',
  '{"error":',
  '{"access_token":7}',
  '\ufeff{}',
  '\u0000\u001b[31m',
  'x'.repeat(9_000),
]
const statuses = [200, 204, 302, 400, 401, 403, 404, 407, 418, 451]
const targets = ['metadata', 'token', 'exchange', 'storage'] as const
const answers = targets.flatMap((target) =>
  statuses.flatMap((status) => bodies.map((body, number) => ({ target, status, body, number }))),
)

/** Every seventh: each status and each body is met at each target. */
const tried = answers.filter((_, place) => place % 7 === 0)

describe('doctor, whatever answers', () => {
  it.each(tried)(
    'tells a finding of each check, and breaks off in none ($target, $status, body $number)',
    async ({ target, status, body }) => {
      emulator.faults.clear()
      const withBody = status === 204 ? {} : { body }
      emulator.faults.next(target, { status, ...withBody, times: 'forever' })
      const examination = await examined(emulator, settings)
      const ids = new Set(examination.findings.map(({ id }) => id))
      expect(ids.size).toBe(15)
      expect(examination.findings.filter(({ code }) => code === 'CHECK_BROKE_OFF')).toEqual([])
      for (const { cause, status: found, action, actor } of examination.findings) {
        expect(cause.en).not.toMatch(/undefined|\[object|\u001b/)
        expect(cause.nb).not.toMatch(/undefined|\[object|\u001b/)
        if (found === 'FAIL')
          expect([action?.en, action?.nb, actor].every((one) => one !== undefined && one !== '')).toBe(true)
      }
      if (status >= 300) expect([target, status, exitCodeOf(examination)]).toEqual([target, status, 1])
      expect(JSON.parse(await bundleOf(examination))).toMatchObject({ report: { version: 1 } })
    },
  )

  it('is not misled by a fetch that throws something odd, and runs the other checks', async () => {
    const broken = await examined(emulator, settings, {
      fetch: () => {
        throw Object.assign(new RangeError('x'), { code: Symbol('odd') })
      },
    })
    expect(of(broken, 'discovery')).toMatchObject([{ status: 'FAIL', actor: 'operations' }])
    expect(of(broken, 'key-age')).toMatchObject([{ status: 'INFO' }])
  })
})
