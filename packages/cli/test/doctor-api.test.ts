import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FactsOptions } from '../src/doctor/facts.ts'
import type { CheckedFinding } from '../src/doctor/doctor.ts'
import { examined, of, realSettings, scope } from './examined.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
beforeEach(() => emulator.reset())
afterAll(() => emulator.close())

const scopes = [scope, 'altinn:serviceowner/instances.write']

/** What the check of the one call finds, and the scopes of the last grant. */
async function called(options: Partial<FactsOptions>): Promise<{ finding: CheckedFinding | undefined; asked: string }> {
  const examination = await examined(emulator, await realSettings(emulator, [...scopes, 'altinn:broker.read']), options)
  const grants = examination.facts.observer.exchanges.flatMap(({ grant }) =>
    grant === undefined ? [] : [grant.claims],
  )
  return { finding: of(examination, 'api-call')[0], asked: (grants.at(-1) as { readonly scope: string }).scope }
}

describe('doctor --api asks and calls as call does', () => {
  it('with those of the settings’ scopes that the API takes', async () => {
    const { finding, asked } = await called({ api: 'altinn/storage:/instances?org=ttd' })
    expect(finding).toMatchObject({ status: 'OK', evidence: { kind: 'altinn' } })
    expect(asked).toBe(scopes.join(' '))
  })

  it('also where only its address is named', async () => {
    const url = 'https://platform.tt02.altinn.no/storage/api/v1/instances?org=ttd'
    const { finding, asked } = await called({ api: url })
    expect(finding).toMatchObject({ status: 'OK', evidence: { kind: 'altinn' } })
    expect(asked).toBe(scopes.join(' '))
  })

  it('with the scopes that were named', async () => {
    const { asked } = await called({ api: 'altinn/storage:/instances?org=ttd', scopes: [scope] })
    expect(asked).toBe(scope)
  })

  it('names the flag that gives the organisation in an address, and has it', async () => {
    const { finding } = await called({ api: 'altinn/app:/ttd/app/api/v1/applicationmetadata' })
    expect(finding).toMatchObject({ status: 'FAIL', code: 'ADDRESS_UNKNOWN' })
    expect(finding?.action?.en).toContain('--org ttd')
    const given = await called({ api: 'altinn/app:/ttd/app/api/v1/applicationmetadata', org: 'ttd' })
    expect(given.finding?.evidence?.['url']).toContain('https://ttd.apps.tt02.altinn.no/')
  })

  it('takes the address of the API from --base-url', async () => {
    const baseUrl = 'https://platform.tt02.altinn.no/storage/api/v1/'
    const { finding } = await called({ api: 'altinn/storage:/instances?org=ttd', baseUrl })
    expect(finding).toMatchObject({ status: 'OK' })
  })

  it('makes no call without the key that the API wants in a header', async () => {
    const { finding } = await called({ api: 'altinn/authorized-parties:/parties' })
    expect(finding).toMatchObject({ status: 'SKIP', evidence: { headers: ['Ocp-Apim-Subscription-Key'] } })
    expect(finding?.cause.en).toContain("maskinporten call 'altinn/authorized-parties:/parties' --header @FILE")
  })
})

describe('without any settings', () => {
  it('neither kind of token nor environment is told', async () => {
    const examination = await examined(emulator, {})
    for (const id of ['hosts', 'token-kind']) expect(of(examination, id)).toMatchObject([{ status: 'SKIP' }])
  })
})

describe('a clock that is wrong', () => {
  it('fails when no token comes', async () => {
    const settings = await realSettings(emulator)
    emulator.clock.adjust(60_000)
    emulator.faults.next('token', { error: 'iat_in_past', times: 'forever' })
    expect(of(await examined(emulator, settings), 'clock')).toMatchObject([{ status: 'FAIL', code: 'CLOCK_OFF' }])
  })
})
