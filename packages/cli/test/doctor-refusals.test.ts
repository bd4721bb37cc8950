import { type Emulator, startEmulator, type TokenErrorId, tokenErrors } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../src/catalogue/actors.ts'
import { explanationOf } from '../src/catalogue/explanation.ts'
import { explained } from '../src/doctor/explained.ts'
import { exitCodeOf } from '../src/doctor/doctor.ts'
import { examined, of, realSettings, type RealSettings } from './examined.ts'

/** What `doctor` must say of each refusal of the token endpoint: who acts, and of the cause in both languages what is of the case; else the catalogue's words. */
const rows: Readonly<Record<TokenErrorId, readonly [actor: Actor, en?: RegExp, nb?: RegExp]>> = {
  missing_parameter: ['operations'],
  repeated_parameter: ['developer'],
  unsupported_grant_type: ['operations'],
  'MP-011': ['operations'],
  'MP-012': ['operations'],
  'MP-100': ['clientAdministrator', /test knows no active client CLIENT/, /test kjenner ingen aktiv klient CLIENT/],
  'MP-110': [
    'settings',
    /aud is https:\/\/test\.maskinporten\.no\//,
    /aud i JWT-en er https:\/\/test\.maskinporten\.no\//,
  ],
  'MP-120': ['settings', /does not trust the certificate/, /stoler ikke på sertifikatet/],
  'MP-121': [
    'clientAdministrator',
    /key KID on the client CLIENT has ended/,
    /nøkkelen KID på klienten CLIENT er utløpt/,
  ],
  'MP-122': ['clientAdministrator', /of another organisation/, /tilhører en annen virksomhet/],
  'MP-123': ['developer'],
  'MP-124': [
    'settings',
    /not the one whose public half is registered as KID/,
    /offentlige nøkkelen som er registrert som KID/,
  ],
  'MP-130': ['operations'],
  lifetime_too_long: ['developer'],
  iat_in_future: ['operations'],
  iat_in_past: ['operations'],
  kid_unknown: [
    'clientAdministrator',
    /public half of KID .* is not uploaded to the client CLIENT in Maskinporten test/,
    /offentlige nøkkelen KID .* er ikke lastet opp på klienten CLIENT i Maskinporten test/,
  ],
  kid_required: ['settings', /has registered keys/, /har registrerte nøkler/],
  unknown_claim: ['developer', /does not know a claim/, /kjenner ikke et av claimene/],
  consumer_org_is_self: ['settings', /organisation that owns the client/, /som selv eier klienten/],
  onbehalfof_unknown: ['clientAdministrator'],
  pid_required: ['developer', /one person at a time/, /én person om gangen/],
  invalid_target: ['settings'],
  'MP-200': ['clientAdministrator', /CLIENT does not have the scope SCOPE/, /CLIENT har ikke scopet SCOPE/],
  'MP-201': ['clientAdministrator', /integration type/, /integrasjonstype/],
  'MP-250': ['apiOwner', /owner of SCOPE, .*, has not granted/, /tilbyderen av SCOPE, .*, har ikke gitt/],
  'MP-251': ['customer', /has not delegated SCOPE/, /har ikke delegert SCOPE/],
  'MP-301': ['developer'],
  'MP-302': ['developer'],
  'MP-303': ['developer', /no approved system user/, /ingen godkjent systembruker/],
  'MP-303-customer': ['developer', /no approved system user/, /ingen godkjent systembruker/],
}

const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string

let emulator: Emulator
let settings: RealSettings
beforeAll(async () => {
  emulator = await startEmulator()
  settings = await realSettings(emulator)
})
beforeEach(() => emulator.faults.clear())
afterAll(() => emulator.close())

describe('doctor names the cause of each refusal of the token endpoint', () => {
  it.each(Object.entries(rows))('%s', async (id, [actor, en, nb]) => {
    emulator.faults.next('token', { error: id, times: 'forever' })
    const examination = await examined(emulator, settings)
    const [finding] = of(examination, 'token')
    const { kid } = JSON.parse(Buffer.from(settings.EncodedJwk, 'base64').toString()) as { readonly kid: string }
    const filled = (pattern: RegExp): RegExp =>
      new RegExp(
        pattern.source.replace('CLIENT', settings.ClientId).replace('KID', kid).replace('SCOPE', settings.Scope),
        's',
      )
    const isCoded = id.startsWith('MP-')
    expect(finding).toMatchObject({ status: 'FAIL', actor, ...(isCoded && { code: id.slice(0, 6) }) })
    // Doctor and explain send nobody to two people.
    expect(explanationOf(id)?.acts).toContain(finding?.actor)
    if (en === undefined || nb === undefined) expect(finding?.cause).toEqual(explained(id)?.happened)
    else expect([finding?.cause.en, finding?.cause.nb]).toEqual([en, nb].map((text) => matching(filled(text))))
    expect(finding?.action?.en).toMatch(/\.$/)
    expect(finding?.action?.nb).toMatch(/\.$/)
    expect(finding?.evidence?.['description']).toContain(tokenErrors[id as TokenErrorId].text.split('<')[0])
    expect(finding?.evidence?.['traceId']).toMatch(/^[\da-f]{32}$/)
    expect(of(examination, 'granted')[0]).toMatchObject({ status: 'SKIP', evidence: { needs: 'token' } })
    expect(exitCodeOf(examination)).toBe(1)
  })
})
