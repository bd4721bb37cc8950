import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isMaskinportenError, parseSigningKey } from '@maskinporten-kit/core'
import { canariesOf, leakIn, shownBy } from './canaries.ts'
import { load } from './load.ts'
import { type TestKey, base64, encoded, pem, rsaKey } from './rsa-keys.ts'

/** 2,000 in all; set FUZZ_RUNS for more, FUZZ_SEED to see one again. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 2_000)
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

let key: TestKey
let other: TestKey
let canaries: ReadonlySet<string>
beforeAll(async () => {
  ;[key, other] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
  canaries = canariesOf(key.jwk, encoded(key.jwk))
})

type Mutation =
  | { readonly kind: 'cut' | 'double' | 'drop' | 'reverse'; readonly from: number; readonly length: number }
  | { readonly kind: 'insert'; readonly from: number; readonly text: string }
  | { readonly kind: 'swap'; readonly from: number; readonly to: number }

/** Positions are parts of the whole, so that they fit every text. */
const part = fc.double({ min: 0, max: 1, noNaN: true })
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('cut' as const, 'double' as const, 'drop' as const, 'reverse' as const),
    from: part,
    length: fc.oneof(part, fc.double({ min: 0, max: 0.02, noNaN: true })),
  }),
  fc.record({
    kind: fc.constant('insert' as const),
    from: part,
    text: fc.oneof(
      fc.string(),
      fc.constantFrom(
        '"',
        '{',
        '}',
        '[',
        ',',
        '\\n',
        '\uFEFF',
        '\0',
        '=',
        '%2B',
        '-----BEGIN RSA PRIVATE KEY-----',
        '-----END PRIVATE KEY-----',
        '"kid":"x",',
        '__proto__',
        '\\ud800',
      ),
    ),
  }),
  fc.record({ kind: fc.constant('swap' as const), from: part, to: part }),
)

function mutated(text: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((now, one) => {
    const at = Math.floor(one.from * now.length)
    if (one.kind === 'insert') return now.slice(0, at) + one.text + now.slice(at)
    if (one.kind === 'swap') {
      const to = Math.floor(one.to * now.length)
      const [a, b] = [Math.min(at, to), Math.max(at, to)]
      return now.slice(b) + now.slice(a, b) + now.slice(0, a)
    }
    const piece = now.slice(at, at + Math.max(1, Math.floor(one.length * now.length)))
    const rest = now.slice(at + piece.length)
    if (one.kind === 'cut') return now.slice(0, at)
    if (one.kind === 'double') return now.slice(0, at) + piece + piece + rest
    return now.slice(0, at) + (one.kind === 'reverse' ? Array.from(piece).toReversed().join('') : '') + rest
  }, text)
}

const forms: readonly (() => string)[] = [
  () => encoded(key.jwk),
  () => JSON.stringify(key.jwk),
  () => base64(encoded(key.jwk)),
  () => encoded({ keys: [key.jwk, other.jwk] }),
  () => pem(key.key),
  () => pem(key.key, 'pkcs1'),
  () => base64(key.key.export({ type: 'pkcs8', format: 'der' })),
]

/** What the mutation itself wrote into the open must not count: a kid of `x`, a client id that swallowed a piece of the key. */
const inTheOpen = (value: unknown, shown: string): boolean =>
  typeof value === 'string' && shown !== '' && value.includes(shown)

describe(`mutated input gives clear errors only (seed ${seed}, ${runs} runs)`, () => {
  it('keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(forms.length - 1),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        fc.option(fc.constantFrom('k1', 'own', '')),
        async (form, mutations, kid) => {
          const text = mutated(forms[form]?.() ?? '', mutations)
          const outcome: unknown = await parseSigningKey(text, { kid: kid ?? undefined }).catch(
            (reason: unknown) => reason,
          )
          if (outcome instanceof Error) {
            expect(isMaskinportenError(outcome, 'settings_invalid')).toBe(true)
            expect(outcome).toMatchObject({
              detail: expect.stringMatching(/^(?:KEY|CONFIG)_[A-Z0-9_]+$/),
              hint: expect.stringMatching(/\w/),
            })
          }
          const leak = leakIn(shownBy(outcome), canaries)
          expect(leak).toBeUndefined()
        },
      ),
      { numRuns: Math.ceil(runs / 2), seed },
    )
  }, 600_000)

  it('settings files', async () => {
    const file = (): string =>
      JSON.stringify({
        MaskinportenSettings: {
          Environment: 'test',
          ClientId: 'client',
          Scope: 'a:b c:d',
          EncodedJwk: encoded(key.jwk),
          Jwk: key.jwk,
          ExhangeToAltinnToken: true,
          TokenEndpoint: 'https://test.maskinporten.no/token',
          ConsumerOrgNo: '991825827',
          Resource: 'https://api.example.no',
        },
        kvSetting: { SecretUri: 'https://my-kv.vault.azure.net', ClientSecret: 'hemmelig' },
        MASKINPORTEN_SCOPES: 'a:b',
      })
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const tree = parsed(mutated(file(), mutations))
        // What is no JSON is the file source's affair, and tested there.
        fc.pre(tree !== undefined)
        const { error, settings, shown } = await load({
          'appsettings.json': tree ?? {},
          env: { MaskinportenSettings: { ClientId: 'client' } },
        })
        if (settings === undefined)
          expect(error).toMatchObject({
            code: 'settings_invalid',
            problems: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(/\. \S/) })]),
          })
        const leak = leakIn(shown.map(shownBy).join('\n'), canaries)
        expect(leak === undefined || openValues(tree).some((value) => inTheOpen(value, leak))).toBe(true)
      }),
      { numRuns: Math.ceil(runs / 2), seed, maxSkipsPerRun: 10_000 },
    )
  }, 600_000)
})

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : undefined
  } catch {
    return undefined
  }
}

/** Names, and the values of what is no key's place: there a mutation may have put a piece of the key, and it is shown like any other. */
function openValues(value: unknown, name = ''): readonly unknown[] {
  if (typeof value !== 'object' || value === null)
    return /^(?:encodedjwk|jwk|d|p|q|dp|dq|qi|clientsecret)$/i.test(name) ? [name] : [name, value]
  return Object.entries(value).flatMap(([key_, member]) => [key_, ...openValues(member, key_)])
}
