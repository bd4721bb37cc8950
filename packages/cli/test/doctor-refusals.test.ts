import { type Emulator, startEmulator, type TokenErrorId, tokenErrors } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../src/catalogue/actors.ts'
import { exitCodeOf } from '../src/doctor/doctor.ts'
import { examined, of, realSettings, type RealSettings } from './examined.ts'

/** What `doctor` must say of each refusal of the token endpoint: who acts, and of the cause in both languages. */
const rows: Readonly<Record<TokenErrorId, readonly [actor: Actor, en: RegExp, nb: RegExp]>> = {
  missing_parameter: ['operations', /did not arrive/, /kom ikke fram/],
  repeated_parameter: ['operations', /did not arrive/, /kom ikke fram/],
  unsupported_grant_type: ['operations', /takes no JWT grant/, /tar ikke JWT-grant/],
  'MP-011': ['operations', /did not arrive whole/, /kom ikke hel fram/],
  'MP-012': ['operations', /sends requests twice/, /sender forespørsler to ganger/],
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
  'MP-123': ['operations', /x5c/, /x5c/],
  'MP-124': [
    'settings',
    /not the one whose public half is registered as KID/,
    /offentlige nøkkelen som er registrert som KID/,
  ],
  'MP-130': ['operations', /clock is wrong/, /klokken på maskinen går feil/],
  lifetime_too_long: ['operations', /clock is wrong/, /klokken på maskinen går feil/],
  iat_in_future: ['operations', /clock is wrong/, /klokken på maskinen går feil/],
  iat_in_past: ['operations', /clock is wrong/, /klokken på maskinen går feil/],
  kid_unknown: [
    'clientAdministrator',
    /public half of KID .* is not uploaded to the client CLIENT in Maskinporten test/,
    /offentlige halvdelen av KID .* er ikke lastet opp på klienten CLIENT i Maskinporten test/,
  ],
  kid_required: ['settings', /has registered keys/, /har registrerte nøkler/],
  unknown_claim: ['settings', /does not know a claim/, /kjenner ikke en av claims/],
  consumer_org_is_self: ['settings', /organisation that owns the client/, /som selv eier klienten/],
  onbehalfof_unknown: ['clientAdministrator', /iss_onbehalfof/, /iss_onbehalfof/],
  pid_required: ['settings', /one person at a time/, /én person om gangen/],
  invalid_target: ['settings', /resource/, /resource/],
  'MP-200': ['clientAdministrator', /CLIENT does not have the scope SCOPE/, /CLIENT har ikke scopet SCOPE/],
  'MP-201': ['clientAdministrator', /integration type/, /integrasjonstype/],
  'MP-250': ['apiOwner', /owner of SCOPE, .*, has not granted/, /tilbyderen av SCOPE, .*, har ikke gitt/],
  'MP-251': ['customer', /has not delegated SCOPE/, /har ikke delegert SCOPE/],
  'MP-301': ['settings', /type in authorization_details/, /typen i authorization_details/],
  'MP-302': ['settings', /field that Maskinporten does not know/, /felt som Maskinporten ikke kjenner/],
  'MP-303': ['settings', /no approved system user/, /ingen godkjent systembruker/],
  'MP-303-customer': ['settings', /no approved system user/, /ingen godkjent systembruker/],
}

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
    expect(finding?.cause.en).toMatch(filled(en))
    expect(finding?.cause.nb).toMatch(filled(nb))
    expect(finding?.action?.en).toMatch(/\.$/)
    expect(finding?.action?.nb).toMatch(/\.$/)
    expect(finding?.evidence?.['description']).toContain(tokenErrors[id as TokenErrorId].text.split('<')[0])
    expect(finding?.evidence?.['traceId']).toMatch(/^[\da-f]{32}$/)
    expect(of(examination, 'granted')[0]).toMatchObject({ status: 'SKIP', evidence: { needs: 'token' } })
    expect(exitCodeOf(examination)).toBe(1)
  })
})
