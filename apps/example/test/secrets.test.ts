import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adapterNames, sourceNames } from '../src/arguments.ts'
import { openComponent } from '../src/component.ts'
import { placeCredential } from '../src/credential-places.ts'
import { handleApplication } from '../src/journey.ts'
import { resultPage } from '../src/page/result-page.ts'
import { failureText, settingsText, traceText } from '../src/print-trace.ts'
import { textsIn } from '../src/texts/texts-in.ts'
import type { Trace } from '../src/trace.ts'

const plain = (_format: unknown, text: string): string => text
const person = '20914695016'

describe('what is shown', () => {
  let emulator: Awaited<ReturnType<typeof startEmulator>>
  let folder: string
  let secrets: string[]
  const traces: Trace[] = []

  beforeAll(async () => {
    emulator = await startEmulator()
    folder = await mkdtemp(join(tmpdir(), 'example-test-'))
    const client = await emulator.registerClient({
      scopes: ['altinn:serviceowner/instances.read', 'krr:global/kontaktinformasjon.read'],
    })
    const settings = await placeCredential(emulator, client, folder, sourceNames)
    for (const adapter of adapterNames) {
      const component = openComponent(adapter, settings())
      const submit = async (): Promise<{ instance: string; event: string }> => {
        const { instance, event } = await emulator.altinn.submit({ org: 'ttd', app: 'soknad', person, data: {} })
        return { instance: instance.id, event: event.type }
      }
      const application = { org: 'ttd', app: 'soknad', register: emulator.register.url, submit }
      traces.push(await handleApplication(component, application))
      emulator.faults.next('storage', { reset: true })
      traces.push(await handleApplication(component, application))
      await component[Symbol.asyncDispose]()
    }
    const { d = '', p = '', q = '', dp = '', dq = '', qi = '' } = client.jwk ?? {}
    const sent = emulator.requests().flatMap(({ bearer, grant }) => [bearer?.token ?? '', grant?.assertion ?? ''])
    // Whole, and by the signature alone.
    const carried = sent.filter((text) => text !== '').flatMap((text) => [text, text.split('.')[2] ?? ''])
    secrets = [client.settings.encodedJwk ?? '', d, p, q, dp, dq, qi, ...carried]
  })

  afterAll(async () => {
    await emulator.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('the canaries are real: each was used, and some stood in the file', async () => {
    expect(new Set(secrets).size).toBeGreaterThan(10)
    expect(secrets.every((secret) => secret.length > 80)).toBe(true)
    expect(await readFile(join(folder, 'appsettings.json'), 'utf8')).toContain(secrets[0])
  })

  test.each([
    ['the trace itself', (trace: Trace) => JSON.stringify(trace) + inspect(trace, { depth: 9 })],
    ['the terminal', (trace: Trace) => traceText(trace, plain) + settingsText([trace], plain) + failureText(trace)],
    ['the page', async (trace: Trace) => String(await resultPage({ texts: textsIn('nb'), trace, path: '/' }))],
  ])('%s has no key, assertion, token or signature, and no person', async (_where, show) => {
    expect(traces).toHaveLength(6)
    for (const trace of traces) {
      const shown = await show(trace)
      expect(shown.length).toBeGreaterThan(100)
      expect(secrets.filter((secret) => shown.includes(secret))).toEqual([])
      expect(shown).not.toContain(person)
    }
  })
})
