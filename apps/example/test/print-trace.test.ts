import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { failureText, paintFor, settingsText, traceText } from '../src/print-trace.ts'
import type { Trace } from '../src/trace.ts'

const settings = [{ key: 'MaskinportenSettings:ClientId', origin: 'env X', value: 'id' }]
const trace: Trace = {
  adapter: 'ky',
  steps: [
    { id: 'settings', ms: 12.34, freshness: 'new', revision: 1, settings },
    {
      id: 'data',
      ms: 100,
      freshness: 'cache',
      kind: 'altinn',
      method: 'GET',
      url: 'https://platform.test/storage/api/v1/instances/5/24db4c62-4472-4f8b-a692-e7ddafdca7d1/data/8a1b2c3d-4472-4f8b-a692-e7ddafdca7d1',
      status: 200,
      count: 1,
      word: undefined,
    },
  ],
  failure: { id: 'register', sentence: 'nobody answered; try again later' },
}

/** A stream that says whether it is a terminal. */
function stream(isTTY: boolean): NodeJS.WritableStream {
  return Object.assign(new PassThrough(), { isTTY, getColorDepth: WriteStream.prototype.getColorDepth.bind(undefined) })
}

afterEach(() => vi.unstubAllEnvs())

describe('the trace in the terminal', () => {
  test('is a table whose columns stand under each other', () => {
    expect(traceText(trace, paintFor(stream(false))).split('\n')).toEqual([
      'Søknad through ky',
      '  step      what                                                     token      ms  new or from cache',
      '  settings  1 setting read, revision 1                                        12.3  new',
      '  data      GET /instances/5/24db4c62…/data/8a1b2c3d… → 200, 1 byte  Altinn  100.0  from cache',
      '  register failed',
      '',
    ])
    expect(failureText(trace)).toBe('through ky, step register: nobody answered; try again later')
  })

  test('has colours on a terminal only, and not there with NO_COLOR', () => {
    vi.stubEnv('FORCE_COLOR', undefined)
    // A build server has few colours, and Node asks for its name.
    vi.stubEnv('CI', undefined)
    vi.stubEnv('NO_COLOR', undefined)
    vi.stubEnv('TERM', 'xterm-256color')
    expect(traceText(trace, paintFor(stream(true)))).toContain('\u001b[')
    expect(traceText(trace, paintFor(stream(false)))).not.toContain('\u001b[')
    vi.stubEnv('NO_COLOR', '1')
    expect(traceText(trace, paintFor(stream(true)))).not.toContain('\u001b[')
  })

  test('says once what several adapters had alike', () => {
    const text = settingsText([trace, { ...trace, adapter: 'axios' }], paintFor(stream(false)))
    expect(text).toBe(
      'Where every setting came from (ky, axios)\n  MaskinportenSettings:ClientId  id\n    from env X\n',
    )
  })
})
