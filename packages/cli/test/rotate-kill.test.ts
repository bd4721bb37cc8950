// `keys rotate` is killed again and again, at any request and between them, and run again until it ends. All the while
// somebody gets a token with the key that the vault has.
import { spawn } from 'node:child_process'
import { SecretClient } from '@azure/keyvault-secrets'
import { createMaskinporten } from '@maskinporten-kit/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentWith, nodeArguments } from './maskinporten.ts'
import { SCOPE, type TestKey, type World, newKey, startWorld } from './world.ts'

const KEY = 'MaskinportenSettings--EncodedJwk'
const CLIENT = 'rotated'
/** 20 at each change, 200 every night. */
const kills = Number(process.env['ROTATION_KILLS'] ?? 20)
/** A failure is seen again with the same seed and number of kills. */
const seed = Number(process.env['ROTATION_SEED'] ?? 1)
/** The requests of a run that is not killed, without those that the observer makes, too. */
const requestsOf = { rotate: 13, prune: 7 }
const LATEST_MS = 300
/** Longer than a run takes from publishing a key to its switch, when it does not wait for the key to be known. */
const PROPAGATION_MS = 1_500

let world: World
let first: TestKey
let other: TestKey
let vault: SecretClient
beforeAll(async () => {
  world = await startWorld({ rules: { keyPropagationDelayMs: PROPAGATION_MS } })
  ;[first, other] = [await newKey('first'), await newKey('other')]
  await world.emulator.registerClient({ scopes: [SCOPE], clientId: CLIENT, jwk: first.publicJwk })
  world.emulator.maskinporten.setKeys(CLIENT, [first.publicJwk, other.publicJwk])
  world.emulator.keyVault.setSecret(KEY, first.encoded)
  world.emulator.keyVault.setSecret('MaskinportenSettings--ClientId', CLIENT)
  await world.settings()
  const { credential, clientOptions } = world.emulator.keyVault
  vault = new SecretClient('https://observer.vault.azure.net', credential, clientOptions)
  // The first token comes when the key is known.
  await new Promise((resolve) => setTimeout(resolve, PROPAGATION_MS))
})
afterAll(() => world[Symbol.asyncDispose]())

/** Mulberry32: the same numbers, from 0 to 1, for the same seed. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Run {
  readonly wasKilled: boolean
  readonly code: number | null
  readonly stderr: string
}

/** `kill`: after so many requests, and so many milliseconds. */
function run(words: readonly string[], kill?: { readonly requests: number; readonly ms: number }): Promise<Run> {
  const all = ['keys', 'rotate', '--admin', world.adminFile, '--self-service', world.emulator.selfService.url, '--yes']
  const child = spawn(process.execPath, [...nodeArguments, ...all, ...words], {
    cwd: world.folder,
    env: environmentWith(world.env),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  let left = kill?.requests ?? Infinity
  const stopCounting = world.emulator.log((entry) => {
    // Reads of a vault and tokens are the observer's, too.
    const isCounted =
      entry.kind === 'request' &&
      (entry.target === 'self-service' ||
        entry.target === 'entra' ||
        (entry.target === 'key-vault' && entry.method === 'PUT'))
    if (!isCounted || --left > 0 || kill === undefined) return
    left = Infinity
    setTimeout(() => child.kill('SIGKILL'), kill.ms)
  })
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      stopCounting()
      resolve({ wasKilled: signal === 'SIGKILL', code, stderr })
    })
  })
}

/** Gets tokens with the key of the vault until it is stopped. Returns how many it got, and what failed. */
function observe(): () => Promise<{ readonly tokens: number; readonly failures: readonly string[] }> {
  let isStopped = false
  let tokens = 0
  const failures: string[] = []
  const watching = (async () => {
    while (!isStopped) {
      const { value = '', properties } = await vault.getSecret(KEY)
      const authority = world.emulator.maskinporten.issuer
      const maskinporten = createMaskinporten({ authority, clientId: CLIENT, encodedJwk: value, scope: SCOPE })
      try {
        await maskinporten.getToken()
        tokens++
      } catch (error) {
        // It was replaced, and taken away, since it was read.
        const after = await vault.getSecret(KEY)
        if (after.properties.version === properties.version) failures.push(String(error))
      } finally {
        await maskinporten.close()
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return { tokens, failures }
  })()
  return () => {
    isStopped = true
    return watching
  }
}

async function kidOf(name: string): Promise<string> {
  const { value = '' } = await vault.getSecret(name)
  return (JSON.parse(Buffer.from(value, 'base64').toString()) as { kid: string }).kid
}

/** Those that the self-service API showed last. */
function published(): readonly string[] {
  const answered = world.emulator
    .requests('self-service')
    .findLast(({ method, path, status }) => method === 'POST' && path.endsWith('/jwks') && status === 201)
  return (JSON.parse(answered?.body ?? '{"keys":[]}') as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
}

test(
  `${kills} kills: each rotation ends right, and there is a working key at every moment (seed ${seed})`,
  async () => {
    const random = randomFrom(seed)
    const stop = observe()
    const at = new Map<number, number>()
    let done = 0
    let before = await kidOf(KEY)
    /** Until a run comes to its end. */
    const finish = async (what: keyof typeof requestsOf): Promise<void> => {
      for (;;) {
        const kill = { requests: 1 + Math.floor(random() * requestsOf[what]), ms: Math.floor(random() * LATEST_MS) }
        const ended = await run(what === 'prune' ? ['--prune'] : [], done < kills ? kill : undefined)
        if (!ended.wasKilled) {
          expect(ended).toEqual({ wasKilled: false, code: 0, stderr: ended.code === 0 ? ended.stderr : '' })
          return
        }
        done++
        at.set(kill.requests, (at.get(kill.requests) ?? 0) + 1)
      }
    }
    while (done < kills) {
      await finish('rotate')
      const kid = await kidOf(KEY)
      expect(kid).not.toBe(before)
      // One new key, whatever happened: none was made twice and left behind.
      expect(published()).toEqual([kid, before, 'other'])
      await finish('prune')
      expect(await kidOf(KEY)).toBe(kid)
      expect((await vault.getSecret(`${KEY}-next`)).value).toBe('taken over')
      expect(published()).toEqual([kid, 'other'])
      before = kid
    }
    const { tokens, failures } = await stop()
    expect(failures).toEqual([])
    expect(tokens).toBeGreaterThan(kills)
    // At different requests.
    expect(at.size).toBeGreaterThanOrEqual(Math.min(4, Math.ceil(kills / 5)))
  },
  kills * 60_000,
)
