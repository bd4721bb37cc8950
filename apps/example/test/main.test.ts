import { createServer } from 'node:net'
import { startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, describe, expect, test } from 'vitest'
import { adapterNames } from '../src/arguments.ts'
import { type ExampleProcess, openPlace, type Place } from './example-process.ts'

const places: Place[] = []
async function place(files?: Readonly<Record<string, string>>): Promise<Place> {
  const opened = await openPlace(files)
  places.push(opened)
  return opened
}
afterEach(async () => {
  for (const one of places.splice(0)) await one.remove()
})

describe('npm start -- --once', () => {
  test('prints a plain trace for each adapter and where every setting came from, writes nothing elsewhere, and exits 0', async () => {
    const here = await place()
    const run = here.start('--once')
    expect(await run.ended).toBe(0)
    expect(run.stderr()).toBe('')
    for (const adapter of adapterNames) expect(run.stdout()).toContain(`Søknad through ${adapter}\n`)
    for (const step of ['form', 'settings', 'token', 'exchange', 'list', 'instance', 'data', 'register', 'complete']) {
      expect(run.stdout().match(new RegExp(`^  ${step} .*\\d\\.\\d`, 'gm'))).toHaveLength(3)
    }
    expect(run.stdout()).toMatch(/ClientId {2}\[secret\]\n {4}from Key Vault soknad-kv/)
    expect(run.stdout()).not.toMatch(/eyJ|"d":|Bearer /)
    expect(run.stdout()).not.toContain('\u001b')
    expect(run.stdout()).not.toContain('20914695016')
    // Anything written elsewhere would have ended it: it had no right to.
    expect(await here.leftovers()).toEqual([])
  })

  test('--help says how to use it, and a flag that does not exist is refused with exit code 2', async () => {
    const here = await place()
    const help = here.start('--help')
    expect(await help.ended).toBe(0)
    expect(help.stdout()).toContain('--sources json,env,key-vault')
    const wrong = here.start('--adpter', 'ky')
    expect(await wrong.ended).toBe(2)
    expect(wrong.stderr()).toBe("Unknown option '--adpter'; see --help\n")
  })
})

describe('npm start', () => {
  async function serve(here: Place, port: number): Promise<{ readonly run: ExampleProcess; readonly url: string }> {
    const run = here.start('--adapter', 'fetch', '--port', String(port))
    const [, url = ''] = await run.seen(/its trace: (\S+)/)
    expect((await fetch(url)).status).toBe(200)
    return { run, url }
  }

  test('serves the page until SIGTERM, then leaves nothing and exits 0', async () => {
    const here = await place()
    const { run, url } = await serve(here, 0)
    expect(await here.leftovers()).toHaveLength(1)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
    expect(await here.leftovers()).toEqual([])
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  test('says so when its port is taken and takes another; Ctrl-C, sent twice as npm does, ends it with 0', async () => {
    const holder = createServer()
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        const address = holder.address()
        resolve(address !== null && typeof address === 'object' ? address.port : 0)
      })
    })
    const here = await place()
    const { run, url } = await serve(here, port)
    expect(Number(new URL(url).port)).not.toBe(port)
    run.child.kill('SIGINT')
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    expect(run.stderr()).toBe(`port ${port} is taken; the page takes another one\n`)
    expect(await here.leftovers()).toEqual([])
    await new Promise((resolve) => holder.close(resolve))
  })
})

describe('npm start -- --real', () => {
  const asked = ['--real', '--org', 'ttd', '--app', 'soknad']

  test('without settings: says which are missing, and exits 1', async () => {
    const run = (await place()).start(...asked)
    expect(await run.ended).toBe(1)
    expect(run.stderr()).toMatch(/ClientId/)
    expect(run.stderr()).not.toMatch(/^ {4}at /m)
  })

  test('with the settings of appsettings.json here: asks Storage, and changes nothing', async () => {
    const emulator = await startEmulator()
    const client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
    await emulator.altinn.submit({ org: 'ttd', app: 'soknad', person: '20914695016', data: {} })
    const here = await place({ 'appsettings.json': JSON.stringify({ MaskinportenSettings: client.settings }) })
    const run = here.start(...asked, '--adapter', 'ky')
    expect(await run.ended).toBe(0)
    expect(run.stdout()).toMatch(/^ {2}list .*GET \/instances → 200, 1 instance/m)
    expect(emulator.requests('storage').map(({ method }) => method)).toEqual(['GET'])
    await emulator.close()
  })
})
