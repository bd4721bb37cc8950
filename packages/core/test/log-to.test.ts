import {
  type Logger,
  type MaskinportenEvent,
  MaskinportenError,
  createMaskinporten,
  logTo,
} from '@maskinporten-kit/core'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type TestKey, rsaKey } from './settings/rsa-keys.ts'

let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})
afterEach(() => vi.restoreAllMocks())

const at = Date.parse('2026-11-30T08:00:00Z')
const error = new MaskinportenError('timeout', 'no token within 10 s; try again')
const EVENTS: readonly MaskinportenEvent[] = [
  { type: 'token.start', level: 'debug', at, id: 1, why: 'missing', kind: 'altinn', scopes: ['a:b'] },
  { type: 'settings.warning', level: 'warn', at, code: 'C', key: 'k', origin: 'env', message: 'k is odd.' },
  { type: 'token.end', level: 'error', at, id: 1, durationMs: 20, error },
]

function recorded(fields: object = {}): { readonly lines: unknown[]; readonly logger: Logger } {
  const lines: unknown[] = []
  const write =
    (level: string) =>
    (...values: unknown[]) =>
      lines.push([level, ...values])
  return {
    lines,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), ...fields },
  }
}

it('writes a line and the fields: for console and winston the line first, for pino the fields', () => {
  const line = 'maskinporten settings.warning: k is odd.'
  const fields = { at: '2026-11-30T08:00:00.000Z', code: 'C', key: 'k', origin: 'env' }
  const [plain, pino] = [recorded(), recorded({ bindings: () => ({}) })]
  for (const event of EVENTS) {
    logTo(plain.logger)(event)
    logTo(pino.logger, { level: 'debug' })(event)
  }
  expect(plain.lines).toEqual([
    ['warn', line, fields],
    ['error', `maskinporten token.end: ${error.message}`, expect.objectContaining({ err: error, durationMs: 20 })],
  ])
  expect(pino.lines).toHaveLength(3)
  expect(pino.lines[1]).toEqual(['warn', fields, line])
})

it('takes console as it is', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  for (const event of EVENTS) logTo(console, { level: 'warn' })(event)
  expect(warn).toHaveBeenCalledTimes(1)
})

it.each(['EnableDebugLog', 'enableDebugLogging'])('%s without a subscriber writes to standard error', async (name) => {
  const written = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const others = (['log', 'info', 'debug', 'warn'] as const).map((method) => vi.spyOn(console, method))
  const settings = { environment: 'test', clientId: 'c', jwk: key.jwk, [name]: 'true', Colour: 'red' } as const
  await using maskinporten = createMaskinporten(settings)
  await maskinporten.settings.get()
  const lines = written.mock.calls.map(([line]) => String(line))
  expect(lines).toEqual([
    expect.stringContaining('maskinporten.subscribe(logTo(logger))'),
    'maskinporten settings.warning: Colour is not the name of a setting. Delete it.',
    'maskinporten settings.changed',
  ])
  for (const other of others) expect(other).not.toHaveBeenCalled()
})

it('with a subscriber, or without the switch, standard error stays empty', async () => {
  const written = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  await using silent = createMaskinporten({ environment: 'test', clientId: 'c', jwk: key.jwk })
  await silent.settings.get()
  await using heard = createMaskinporten({ environment: 'test', clientId: 'c', jwk: key.jwk, enableDebugLog: true })
  const types: string[] = []
  heard.subscribe(({ type }) => types.push(type))
  await heard.settings.get()
  expect(types).toEqual(['settings.changed'])
  expect(written).not.toHaveBeenCalled()
})

it.each([[undefined], [null], [{}], [{ info: () => undefined }], [console, 'warning'], [console, 'WARN']])(
  'refuses what is not a logger or not a level: %s %s',
  (logger, level?: string) => {
    expect(() => logTo(logger as never, { level: level as never })).toThrow(TypeError)
  },
)
