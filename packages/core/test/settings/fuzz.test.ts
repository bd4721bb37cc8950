import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isMaskinportenError, parseSigningKey } from '@maskinporten-kit/core'
import { canariesOf, leakIn, shownBy } from './canaries.ts'
import { load } from './load.ts'
import { type TestKey, base64, encoded, pem, rsaKey } from './rsa-keys.ts'

/** 2,000 in all: half of them keys, a quarter settings, and a quarter the text of files, in config-json. FUZZ_RUNS asks for more, FUZZ_SEED for one again. */
const total = Number(process.env['FUZZ_RUNS'] ?? 2_000)
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

let key: TestKey
let other: TestKey
let canaries: ReadonlySet<string>
let ids: readonly string[]
beforeAll(async () => {
  ;[key, other] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
  canaries = canariesOf(key.jwk, encoded(key.jwk))
  const both = await Promise.all([key, other].map(({ jwk }) => parseSigningKey(JSON.stringify(jwk))))
  ids = both.map(({ id }) => id)
  console.info(`fuzz of keys and settings: seed ${seed}, ${total} runs`)
})

type Mutation =
  | { readonly kind: 'cut' | 'double' | 'drop' | 'reverse'; readonly from: number; readonly length: number }
  | { readonly kind: 'insert'; readonly from: number; readonly text: string }
  | { readonly kind: 'swap'; readonly from: number; readonly to: number }

/** Positions are parts of the whole, so that they fit every text. Not of `double`, whose values are nearly all next to 0. */
const part = fc.nat(1_000_000).map((millionths) => millionths / 1_000_000)
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('cut' as const, 'double' as const, 'drop' as const, 'reverse' as const),
    from: part,
    length: fc.oneof(
      part,
      part.map((some) => some / 50),
    ),
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

describe('mutated input gives clear errors only: of', () => {
  it('keys', async () => {
    const count = { accepted: 0, refused: 0 }
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
            count.refused++
            expect(isMaskinportenError(outcome, 'settings_invalid')).toBe(true)
            expect(outcome).toMatchObject({
              detail: expect.stringMatching(/^(?:KEY|CONFIG)_[A-Z0-9_]+$/),
              hint: expect.stringMatching(/\w/),
            })
          } else {
            count.accepted++
            expect(ids).toContain(idOf(outcome))
          }
          const leak = leakIn(shownBy(outcome), canaries)
          expect(leak).toBeUndefined()
        },
      ),
      { numRuns: Math.ceil(total / 2), seed },
    )
    expectBoth(count)
  }, 600_000)

  it('settings', async () => {
    const count = { accepted: 0, refused: 0 }
    const file = (written: object): string =>
      JSON.stringify({
        MaskinportenSettings: {
          Environment: 'test',
          ClientId: 'client',
          Scope: 'a:b c:d',
          ...written,
          ExhangeToAltinnToken: true,
          TokenEndpoint: 'https://test.maskinporten.no/token',
          ConsumerOrgNo: '991825827',
          Resource: 'https://api.example.no',
        },
        kvSetting: { SecretUri: 'https://my-kv.vault.azure.net', ClientSecret: 'hemmelig' },
        MASKINPORTEN_SCOPES: 'a:b c:d',
      })
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.array(mutation, { minLength: 1, maxLength: 3 }), async (form, mutations) => {
        const EncodedJwk = encoded(key.jwk)
        const written = [{ EncodedJwk }, { Jwk: key.jwk }, { EncodedJwk, Jwk: key.jwk }]
        const tree = parsed(mutated(file(written[form] ?? {}), mutations))
        // What is no JSON is the file source's affair, and tested there.
        fc.pre(tree !== undefined)
        const { error, settings, shown } = await load({
          'appsettings.json': tree ?? {},
          env: { MaskinportenSettings: { ClientId: 'client' } },
        })
        count[settings ? 'accepted' : 'refused']++
        // Never another client, nor a key that was not there.
        if (settings) expect([settings.clientId, ...settings.keys.map(({ id }) => id)]).toEqual(['client', ids[0]])
        else
          expect(error).toMatchObject({
            code: 'settings_invalid',
            problems: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(/\. \S/) })]),
          })
        const leak = leakIn(shown.map(shownBy).join('\n'), canaries)
        expect(leak === undefined || openValues(tree).some((value) => inTheOpen(value, leak))).toBe(true)
      }),
      { numRuns: Math.ceil(total / 4), seed, maxSkipsPerRun: 10_000 },
    )
    expectBoth(count)
  }, 600_000)
})

const idOf = (outcome: unknown): unknown =>
  typeof outcome === 'object' && outcome !== null && 'id' in outcome ? outcome.id : undefined

/** A fuzz that sees one outcome only has found nothing out. */
function expectBoth({ accepted, refused }: { readonly accepted: number; readonly refused: number }): void {
  if (total >= 1_000) expect([accepted > 0, refused > 0]).toEqual([true, true])
}

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
