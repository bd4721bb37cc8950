import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { isDue } from '../src/rotate/key-life.ts'
import { type RotateFlags, rotateKey } from '../src/rotate/rotate-key.ts'
import { maskinporten } from './maskinporten.ts'
import { Spoken } from './spoken.ts'
import { SCOPE, type TestKey, type World, leaks, newKey, startWorld } from './world.ts'

const KEY = 'MaskinportenSettings--EncodedJwk'
const DAY_SECONDS = 86_400

let world: World
let first: TestKey
let others: readonly TestKey[]
beforeAll(async () => {
  world = await startWorld()
  ;[first, ...others] = (await Promise.all(['first', 'o1', 'o2', 'o3', 'o4'].map(newKey))) as [TestKey, ...TestKey[]]
  world.useHere()
})
afterAll(() => world[Symbol.asyncDispose]())

const now = Math.floor(Date.now() / 1000)
let client = ''
let count = 0
beforeEach(async () => {
  world.emulator.faults.clear()
  client = `client-${++count}`
  await world.emulator.registerClient({ scopes: [SCOPE], clientId: client, jwk: first.publicJwk })
  // Without a `use`, and with an end of its own: it is another's.
  const { use: _, ...foreign } = { ...others[0]?.publicJwk, exp: now + 30 * DAY_SECONDS }
  world.emulator.maskinporten.setKeys(client, [first.publicJwk, foreign as never])
  for (const name of [KEY, `${KEY}-next`]) world.emulator.keyVault.deleteSecret(name)
  world.emulator.keyVault.setSecret(KEY, first.encoded, { tags: { team: 'ours' } })
  world.emulator.keyVault.setSecret('MaskinportenSettings--ClientId', client)
  await world.settings()
  world.emulator.clearRequests()
})

async function rotate(
  flags: RotateFlags = {},
  terminal: Spoken = new Spoken({ isJson: true }),
): Promise<Rotated & { said: Spoken }> {
  await rotateKey(
    { settings: world.folder, admin: world.adminFile, selfService: world.emulator.selfService.url, ...flags },
    terminal,
  )
  return { ...(terminal.isJson ? (JSON.parse(terminal.out) as Rotated) : ({} as Rotated)), said: terminal }
}

interface Rotated {
  readonly kid: string
  readonly replacedKid: string | null
  readonly published: readonly string[]
  readonly pruneAfter: string | null
  readonly steps: readonly string[]
}

const posts = (): readonly { keys: { kid: string; use: string; exp?: number; d?: string }[] }[] =>
  world.emulator
    .requests('self-service')
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as never)

test('the whole command: the plan first, then a new key in the vault; the old one and that of another stay published', async () => {
  const words = ['keys', 'rotate', '--admin', world.adminFile, '--self-service', world.emulator.selfService.url]
  const options = { cwd: world.folder, env: world.env }
  const unasked = await maskinporten(words, options)
  expect(unasked).toMatchObject({ code: 2, stdout: '' })
  expect(unasked.stderr).toMatch(
    /1\. makes a new key.*-next\n.*2\. publishes.*beside first, o1\n.*3\. waits until .*, then switches\n.*4\. leaves first published for 24 h/,
  )
  expect(posts()).toEqual([])

  const { code, stdout, stderr } = await maskinporten([...words, '--yes', '--json'], options)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const { kid, replacedKid, published, pruneAfter } = JSON.parse(stdout) as Rotated
  expect(replacedKid).toBe('first')
  expect(published).toEqual([kid, 'first', 'o1'])
  expect(Date.parse(pruneAfter ?? '')).toBeGreaterThan(Date.now() + 23 * 3_600_000)
  const [{ keys } = { keys: [] }] = posts()
  expect(keys.map((key) => [key.kid, key.use, key.d])).toEqual([
    [kid, 'sig', undefined],
    ['first', 'sig', undefined],
    ['o1', 'sig', undefined],
  ])
  // The key of another does not get another year.
  expect(keys[2]?.exp).toBe(now + 30 * DAY_SECONDS)

  const token = await maskinporten(['token', '--inspect'], options)
  expect(token).toMatchObject({ code: 0 })
}, 60_000)

test('a second run changes nothing while the replaced key is published; --prune takes it away, and no other', async () => {
  const { kid } = await rotate()
  world.emulator.clearRequests()
  expect(await rotate()).toMatchObject({ kid, replacedKid: 'first' })
  expect(posts()).toEqual([])
  expect(await rotate({ prune: true })).toMatchObject({
    kid,
    replacedKid: null,
    published: [kid, 'o1'],
    pruneAfter: null,
  })
  expect(await rotate({ prune: true })).toMatchObject({ kid, published: [kid, 'o1'] })
})

test('after the grace a run takes the replaced key away, and makes the next', async () => {
  const { kid } = await rotate()
  const again = await rotate({ grace: '0', dryRun: true })
  expect(again.steps).toEqual(['prune', 'make', 'publish', 'switch', 'wait'])
  world.emulator.clearRequests()
  await rotate({ grace: '0' })
  expect(posts()[0]?.keys.map((key) => key.kid)).toEqual([kid, 'o1'])
})

test('the tags of the secret stay, and the new one says what it replaced', async () => {
  await rotate()
  const put = world.emulator
    .requests('key-vault')
    .findLast(({ method, path }) => method === 'PUT' && path.endsWith(KEY))
  expect(JSON.parse(put?.body ?? '{}')).toMatchObject({
    tags: { team: 'ours', 'maskinporten-replaces': expect.stringMatching(/^[\w-]{43}$/) },
  })
})

test('with five keys nothing is dropped unless it is named', async () => {
  const all = [first, ...others].map(({ publicJwk }) => publicJwk)
  world.emulator.maskinporten.setKeys(client, all)
  await expect(rotate()).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/has 5 keys.*--drop: o1 \(\d{4}-\d\d-\d\d\), o2/),
  })
  await expect(rotate({ drop: ['first'] })).rejects.toMatchObject({
    message: expect.stringContaining('the key in use'),
  })
  expect(await rotate({ drop: ['o2'], dryRun: true })).toMatchObject({ dropped: ['o2'] })
  const { said } = await rotate({ drop: ['o2'], dryRun: true }, new Spoken())
  expect(said.out).toMatch(/beside first, o1, o3, o4, and takes o2 away\n/)
  await expect(rotate({ drop: ['o2', 'o9'] })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/names o9, which the client does not have; it has first, o1/),
  })
  const { kid, published } = await rotate({ drop: ['o2'] })
  expect(published).toEqual([kid, 'first', 'o1', 'o3', 'o4'])
  // The same command again, behind the step that drops: what is gone is gone, and nothing else would go.
  expect(await rotate({ drop: ['o2'] })).toMatchObject({ kid })
  await expect(rotate({ drop: ['o3'] })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('o3 would stay'),
  })
})

test('--if-due begins nothing until 7 of 30 days are left, and ends what was begun', async () => {
  const endIn = (days: number): void =>
    world.emulator.maskinporten.setKeys(client, [{ ...first.publicJwk, exp: now + days * DAY_SECONDS }])
  const day = 86_400_000
  expect(isDue({ startsAt: 0, endsAt: 30 * day }, 22.9 * day)).toBe(false)
  expect(isDue({ startsAt: 0, endsAt: 30 * day }, 23.1 * day)).toBe(true)
  expect(isDue({ endsAt: 30 * day }, 23.1 * day)).toBe(true)
  expect(isDue({}, 0)).toBe(true)
  endIn(-1)
  expect(await rotate({ ifDue: true, dryRun: true })).toMatchObject({ steps: ['make', 'publish', 'switch', 'wait'] })
  endIn(30)
  world.emulator.clearRequests()
  expect(await rotate({ ifDue: true })).toMatchObject({ kid: 'first', pruneAfter: null })
  expect(posts()).toEqual([])
  await rotate()
  expect(await rotate({ ifDue: true, grace: '0', dryRun: true })).toMatchObject({ steps: ['prune'] })
})

test('until Maskinporten knows the key, it is not in use; the next run goes on', async () => {
  world.emulator.faults.next('token', { delayMs: 1, times: 1 })
  world.emulator.faults.next('token', { delayMs: 1, times: 1 })
  world.emulator.faults.next('token', { error: 'kid_unknown', times: 'forever' })
  await expect(rotate({ wait: '1' })).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/does not know the key \S+ after 1 s; the former key is still in use/),
  })
  const puts = world.emulator.requests('key-vault').filter(({ method }) => method === 'PUT')
  expect(puts.map(({ path }) => path)).toEqual([`/secrets/${KEY}-next`])
  world.emulator.faults.clear()
  const { kid, published } = await rotate()
  expect(published).toEqual([kid, 'first', 'o1'])
  expect(posts()).toHaveLength(1)
})

test('a key in appsettings.json is replaced there, and the private half is in no second file after it', async () => {
  for (const name of ['ClientId', 'EncodedJwk']) world.emulator.keyVault.deleteSecret(`MaskinportenSettings--${name}`)
  const text = `{
  "MaskinportenSettings": {
    "Authority": "${world.emulator.maskinporten.issuer}",
    "ClientId": "${client}", // ours
    "EncodedJwk": "${first.encoded}",
    "Scope": "${SCOPE}"
  }
}
`
  await world.write('appsettings.json', text)
  const { kid, said } = await rotate()
  const after = await world.read('appsettings.json')
  const encoded = /"EncodedJwk": "([^"]+)"/.exec(after)?.[1] ?? ''
  expect(after).toBe(text.replace(first.encoded, encoded))
  expect(JSON.parse(Buffer.from(encoded, 'base64').toString())).toMatchObject({ kid })
  const note = await world.read('appsettings.EncodedJwk-next.json')
  expect(Object.keys(JSON.parse(note) as object)).toEqual(['uses', 'replaces', 'since'])
  expect(leaks(said.out + said.err + note, first)).toBe(false)
  expect(await rotate({ prune: true })).toMatchObject({ kid, published: [kid, 'o1'] })
})

test('a key elsewhere, with a Kid beside it, or without an administration client is told what to do', async () => {
  await expect(rotate({ admin: undefined })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/no administration client.*keys create.*beside the old one/),
  })
  world.emulator.keyVault.deleteSecret(KEY)
  world.emulator.keyVault.deleteSecret('MaskinportenSettings--ClientId')
  vi.stubEnv('MaskinportenSettings__ClientId', client)
  vi.stubEnv('MaskinportenSettings__EncodedJwk', first.encoded)
  try {
    await expect(rotate()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^the key comes from env/),
    })
    vi.stubEnv('MaskinportenSettings__Kid', 'first')
    await expect(rotate()).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(/:Kid names the key/) })
  } finally {
    for (const name of ['ClientId', 'EncodedJwk', 'Kid']) vi.stubEnv(`MaskinportenSettings__${name}`, undefined)
  }
})

test('neither the plan nor the result holds a private member, in both languages', async () => {
  const { said } = await rotate({}, new Spoken({ language: 'nb' }))
  expect(said.out).toMatch(/^I bruk {5}[0-9a-f-]{36}\n/)
  expect(said.err).toContain('står registrert')
  const stored = world.emulator
    .requests('key-vault')
    .filter(({ method }) => method === 'PUT')
    .map(({ body }) => (JSON.parse(body) as { value: string }).value)
    .filter((value) => value !== 'taken over')
  expect(stored).toHaveLength(2)
  for (const encoded of stored) {
    const privateJwk = JSON.parse(Buffer.from(encoded, 'base64').toString()) as TestKey['privateJwk']
    const key = { privateJwk, publicJwk: first.publicJwk, encoded }
    expect(leaks(said.out + said.err, key)).toBe(false)
    expect(leaks(JSON.stringify(world.emulator.requests('self-service')), key)).toBe(false)
  }
})

test.each([
  ['key-vault', { error: 'ForbiddenByRbac', times: 'forever' }, 6],
  ['self-service', { status: 400, body: { error_description: ', not today' } }, 1],
  ['self-service', { status: 500, body: 'oh', times: 'forever' }, 2],
  ['token', { error: 'MP-124', times: 'forever' }, 2],
  ['token', { status: 200, body: 'not json', times: 'forever' }, 2],
] as const)(
  'a refusal by %s of %j ends the run with words of ours, without a private member, and the next goes on',
  async (target, fault, after) => {
    const terminal = new Spoken()
    world.emulator.faults.next(target, { delayMs: 1, times: after })
    world.emulator.faults.next(target, fault)
    const error: unknown = await rotate({ wait: '1' }, terminal).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    const values = world.emulator
      .requests('key-vault')
      .filter(({ method }) => method === 'PUT')
      .map(({ body }) => (JSON.parse(body) as { value: string }).value)
    const said = terminal.out + terminal.err + inspect(error, { depth: 9, showHidden: true })
    for (const encoded of values) {
      const privateJwk = JSON.parse(Buffer.from(encoded, 'base64').toString()) as TestKey['privateJwk']
      expect(leaks(said, { privateJwk, publicJwk: first.publicJwk, encoded })).toBe(false)
    }
    expect(leaks(said, first)).toBe(false)
    expect(said).not.toMatch(/eyJ[\w-]+\.eyJ/)
    world.emulator.faults.clear()
    const { kid, published } = await rotate()
    expect(published).toEqual([kid, 'first', 'o1'])
  },
  60_000,
)
