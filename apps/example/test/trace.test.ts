import { describe, expect, test } from 'vitest'
import { adapterNames } from '../src/arguments.ts'
import type { Component } from '../src/component.ts'
import type { Step, Trace } from '../src/trace.ts'
import { openScene, type Scene, send } from './scene.ts'

const scene = openScene('key-vault')

interface Told {
  readonly trace: Trace
  /** For each step, what the emulator recorded while it was taken. */
  readonly recorded: readonly { readonly step: Step; readonly arrived: readonly string[] }[]
}

async function tell(on: Scene, component: Component): Promise<Told> {
  const { emulator } = await on.stage()
  let seen = emulator.requests().length
  const recorded: { step: Step; arrived: string[] }[] = []
  const trace = await send(on, component, (step) => {
    const all = emulator.requests()
    recorded.push({ step, arrived: all.slice(seen).map(({ target, status }) => `${target} ${String(status)}`) })
    seen = all.length
  })
  return { trace, recorded }
}

/** What must have arrived for a step to say 'new'. */
function proof({ step, arrived }: Told['recorded'][number]): boolean {
  const wanted = { settings: 'key-vault 200', token: 'token 200', exchange: 'exchange 200' }
  if (step.id === 'form') return arrived.length > 0
  if (step.id === 'settings' || step.id === 'token' || step.id === 'exchange') return arrived.includes(wanted[step.id])
  return arrived.includes(step.kind === 'altinn' ? wanted.exchange : wanted.token)
}

function says({ steps }: Trace): readonly string[] {
  return steps.map((step) => ('freshness' in step ? `${step.id} ${step.freshness}` : step.id))
}

describe.each(adapterNames)('the trace through %s', (adapter) => {
  test('says new where the emulator recorded a request for it, and nowhere else', async () => {
    const component = await scene.component(adapter)
    const { trace, recorded } = await tell(scene, component)
    expect(trace.failure).toBeUndefined()
    expect(says(trace)).toEqual([
      'form',
      'settings new',
      'token new',
      'exchange new',
      'list cache',
      'instance cache',
      'data cache',
      'register cache',
      'complete cache',
    ])
    const isNew = ({ step }: Told['recorded'][number]): boolean => 'freshness' in step && step.freshness === 'new'
    expect(recorded.filter(isNew)).toEqual(recorded.filter(proof))
  })

  test('says from cache for all of the second application, and the emulator recorded no more than its calls', async () => {
    const component = await scene.component(adapter)
    await tell(scene, component)
    const { trace, recorded } = await tell(scene, component)
    expect(trace.steps.map((step) => ('freshness' in step ? step.freshness : ''))).not.toContain('new')
    expect(recorded.map(({ arrived }) => arrived)).toEqual([
      [],
      [],
      [],
      [],
      ['storage 200'],
      ['storage 200'],
      ['storage 200'],
      ['register 200'],
      ['storage 200'],
    ])
  })

  test('says new at the very call for which the token was renewed', async () => {
    const component = await scene.component(adapter)
    const { emulator } = await scene.stage()
    await tell(scene, component)
    emulator.faults.next('storage', { status: 401 })
    const { trace, recorded } = await tell(scene, component)
    expect(trace.failure).toBeUndefined()
    expect(trace.steps.flatMap((step) => ('freshness' in step && step.freshness === 'new' ? [step.id] : []))).toEqual([
      'list',
    ])
    expect(recorded.filter(proof).map(({ step }) => step.id)).toEqual(['list'])
  })

  test('shows the grant that was sent and the claims of the tokens that the APIs got', async () => {
    const component = await scene.component(adapter)
    const { emulator } = await scene.stage()
    emulator.clearRequests()
    const { trace } = await tell(scene, component)
    const token = trace.steps.find((step) => step.id === 'token')
    const sent = emulator.requests('token').at(-1)?.grant
    expect(token && 'grant' in token && token.grant).toEqual({ header: sent?.header, claims: sent?.claims })
    expect(token && 'claims' in token && token.claims).toEqual(emulator.requests('register').at(-1)?.bearer?.claims)

    const exchange = trace.steps.find((step) => step.id === 'exchange')
    if (exchange === undefined || !('difference' in exchange)) throw new Error('no exchange in the trace')
    const used = emulator.requests('storage').at(-1)?.bearer?.claims ?? {}
    const { added, removed, changed, kept } = exchange.difference
    expect(new Set([...Object.keys(added), ...Object.keys(changed), ...kept])).toEqual(new Set(Object.keys(used)))
    expect(added).toMatchObject({ 'urn:altinn:org': 'ttd', 'urn:altinn:orgNumber': '991825827' })
    expect(Object.keys(removed)).toEqual(['client_amr'])
    expect(Object.values(changed)).not.toHaveLength(0)
  })

  test('ends at the step that failed, with a sentence that says what to do', async () => {
    const component = await scene.component(adapter)
    const { emulator } = await scene.stage()
    emulator.faults.next('register', { status: 403 })
    const { trace } = await tell(scene, component)
    expect(trace.steps.at(-1)?.id).toBe('data')
    expect(trace.failure).toEqual({
      id: 'register',
      sentence: `POST ${emulator.register.url}/rest/v2/personer answered 403; the token may not do this: see which scopes the client has, and whose organisation it is for`,
    })
  })

  test('ends with Maskinporten’s own words when there is no token', async () => {
    const component = await scene.component(adapter)
    const { emulator } = await scene.stage()
    emulator.faults.next('token', { error: 'MP-200' })
    const { trace } = await tell(scene, component)
    expect(trace.steps.at(-1)?.id).toBe('settings')
    expect(trace.failure?.sentence).toMatch(/^token refused by .*MP-200/)
  })

  test('says that nobody answered, and no more of the client’s error than its code', async () => {
    const component = await scene.component(adapter)
    const { emulator } = await scene.stage()
    emulator.faults.next('register', { reset: true })
    const { trace } = await tell(scene, component)
    expect(trace.failure?.sentence).toMatch(
      /personer got no answer \(\w+\); see that the server can be reached from here$/,
    )
  })
})
