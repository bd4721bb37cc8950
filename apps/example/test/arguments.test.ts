import { describe, expect, test } from 'vitest'
import { readArguments, usage } from '../src/arguments.ts'

describe('what stands after npm start --', () => {
  test('nothing: all adapters, client id and key in the key vault, and the page', () => {
    expect(readArguments([])).toEqual({
      help: false,
      once: false,
      real: false,
      adapters: ['fetch', 'axios', 'ky'],
      sources: ['key-vault'],
      port: 3000,
      org: undefined,
      app: undefined,
    })
  })

  test('one adapter, several sources in the order of the layers, a port', () => {
    const { adapters, sources, port } = readArguments(['--adapter', 'ky', '--sources=key-vault,json', '--port', '0'])
    expect({ adapters, sources, port }).toEqual({ adapters: ['ky'], sources: ['json', 'key-vault'], port: 0 })
  })

  test.each([
    [['--adapter', 'got'], '--adapter does not know "got"; choose among fetch, axios, ky'],
    [['--sources', 'json,vault'], '--sources does not know "vault"; choose among json, env, key-vault'],
    [['--port', '70000'], '--port takes a number from 0 to 65535, not "70000"; 0 takes any free one'],
    [['--port', '-1'], /--port.*see --help$/],
    [['--sort'], /^Unknown option '--sort'; see --help$/],
    [['once'], '"once" means nothing here; see --help'],
    [['--real'], '--real needs to know whose instances to ask for; add --org and --app, as in --org ttd --app soknad'],
    [['--real', '--org', 'ttd', '--app', 'a', '--sources', 'env'], '--real reads every source; leave --sources out'],
    [['--org', 'ttd'], '--org and --app go with --real; the emulator has one app of its own'],
  ])('%j is refused in one sentence that says what to write', (words, sentence) => {
    expect(() => readArguments(words)).toThrow(sentence)
  })

  test('the help names every flag', () => {
    for (const flag of ['once', 'adapter', 'sources', 'port', 'real', 'org', 'app', 'help']) {
      expect(usage).toContain(`--${flag}`)
    }
  })
})
