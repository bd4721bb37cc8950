import { expect, test } from 'vitest'
import { readArguments } from '../src/command/arguments.ts'

const fixed = { clientId: expect.stringMatching(/^e0000000-/), jwk: expect.objectContaining({ kty: 'RSA' }) }

test('without arguments it is a client of Digdir on its own ports, as the file says or as strict as the servers', () => {
  expect(readArguments([])).toEqual({
    emulator: { as: undefined, host: undefined, ports: undefined, strict: undefined },
    ports: expect.objectContaining({ maskinporten: 8050, control: 8055, proxy: 8057 }),
    config: undefined,
    command: undefined,
    clients: [],
    defaultClient: {
      scopes: expect.arrayContaining(['altinn:serviceowner/instances.read']),
      orgNumber: undefined,
      ...fixed,
    },
    init: false,
    log: 'text',
    quiet: false,
    strict: false,
    withoutClient: false,
    stays: false,
    ca: undefined,
    json: false,
    help: undefined,
    version: false,
  })
})

test('a port is the first of nine in a row', () => {
  expect(Object.values(readArguments(['--port', '8050']).emulator.ports ?? {})).toEqual([
    8050, 8051, 8052, 8053, 8054, 8055, 8056, 8057, 8058,
  ])
})

test('a client is its scopes and, among them, its organisation number', () => {
  expect(readArguments(['--client', 'a:b 310702641  c:d', '--client', 'e:f']).clients).toEqual([
    { scopes: ['a:b', 'c:d'], orgNumber: '310702641', ...fixed },
    { scopes: ['e:f'], orgNumber: undefined },
  ])
})

test('what stands after run -- is a command, whatever its own options are', () => {
  const { command, clients, emulator } = readArguments(['run', '--client', 'a:b', '--', 'dotnet', 'test', '--help'])
  expect([command, clients, emulator.as]).toEqual([
    ['dotnet', 'test', '--help'],
    [{ scopes: ['a:b'], orgNumber: undefined, ...fixed }],
    'test',
  ])
})

test.each([
  [['--port', 'x'], /^--port is a number from 1 to 65527, or 0 for free ports; see --help$/],
  [['--port', ''], /^--port is a number/],
  [['--port', '-1'], /--port/],
  [['--log', 'xml'], /^--log is 'text' or 'json'/],
  [['--port', '70000'], /^--port is a number/],
  [['--what'], /Unknown option '--what'.*see --help$/],
  [['init', '--port', '8060'], /^init takes no --port, only --config and --client; see --help$/],
  [['init', '--client', 'a:b', '--json'], /^init takes no --json/],
  [['stray'], /see --help$/],
  [['run'], /^name the command to run after --: maskinporten-emulator run -- npm start; see --help$/],
  [['dev'], /^name the command to run after --: maskinporten-emulator dev -- npm start/],
  [['run', '--'], /^name the command/],
  [['run', 'dotnet', 'test'], /see --help$/],
  [['--as', 'prod'], /^--as is 'test' or 'loopback'/],
  [['--client', 'a:b 310702641 991825827'], /^--client has one organisation number; this one has two/],
  [['--client', 'a:b 310702642'], /^310702642 is not an organisation number.*modulus 11/],
  [['--client', 'a:b 31070264'], /^31070264 is not an organisation number/],
  [['--client', ''], /^--client names one scope or more/],
])('%j is refused in one sentence that names the way out', (args, words) => {
  expect(() => readArguments(args)).toThrow(words)
})

test('0 is free ports, as under run without --port', () => {
  expect(new Set(Object.values(readArguments(['--port', '0']).emulator.ports ?? {}))).toEqual(new Set([0]))
  expect(readArguments(['run', '--', 'x']).ports).toBeUndefined()
  expect(readArguments(['dev', '--', 'x'])).toMatchObject({
    ports: { control: 8055 },
    stays: true,
    emulator: { as: 'test' },
  })
})

test('it logs as text, under run and with --quiet not, and as it is told', () => {
  const forms = [['--quiet'], ['--log', 'json'], ['run', '--', 'x'], ['run', '--log', 'text', '--', 'x'], ['init']]
  expect(forms.map((args) => readArguments(args).log)).toEqual(['none', 'json', 'none', 'text', 'text'])
})
