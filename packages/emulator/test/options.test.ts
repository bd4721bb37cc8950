import { startEmulator } from '@maskinporten-kit/emulator'
import { expect, test } from 'vitest'

const start = (options: unknown): Promise<unknown> => Reflect.apply(startEmulator, undefined, [options])

test.each([
  [{ strict: 'x' }, /`strict` cannot be "x"; choose one of: server, docs/],
  [{ strict: 'dosc' }, /did you mean docs\?/],
  [{ signingKeyBits: 1024 }, /`signingKeyBits` cannot be 1024; give it as one of: 2048, 3072, 4096/],
  [{ clock: { startAt: Number.NaN } }, /`startAt` cannot be NaN/],
  [{ clock: { startat: 1 } }, /`clock`, has no member "startat"\. Did you mean `startAt`\?/],
  [{ port: 8080 }, /has no member "port"\. Did you mean `ports`\?/],
  [{ ports: { control: 65_536 } }, /`control` cannot be 65536; give it as a whole number from 0 to 65535/],
  [{ ports: { tokens: 1 } }, /no member "tokens"/],
  [{ rules: { skewSecond: 1 } }, /Did you mean `skewSeconds`\?/],
  [{ rules: { forbiddenStatus: 401 } }, /one of: 403, 400/],
  [{ rules: { keyPropagationDelayMs: -1 } }, /0 to/],
  [{ signingKeys: { entra: {} } }, /no member "entra"/],
  [{ signingKeys: { altinn: 'pem' } }, /`altinn` as a JSON object/],
  [{ tenantId: 1 }, /`tenantId` as a string/],
  [JSON.parse('{"__proto__": 1}'), /no member "__proto__"/],
  [{ constructor: 1 }, /no member "constructor"/],
  [null, /takes an object/],
  ['test', /takes an object/],
])('startEmulator(%j) is refused, naming the member and what it may be', async (options, words) => {
  await expect(start(options)).rejects.toThrow(words)
})
