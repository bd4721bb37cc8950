/** Does the token have exactly the scopes that were asked for? */
import type { Check } from '../finding.ts'
import { decodeJwt } from '../jwt.ts'

export const granted: Check = {
  id: 'granted',
  title: { en: 'Scopes of the token', nb: 'Scopes i tokenet' },
  needs: ['token'],
  async run(facts) {
    const { scopes } = facts
    const { token } = await facts.token('maskinporten', scopes)
    const claims = decodeJwt(token?.value ?? '')?.claims
    const said = typeof claims?.['scope'] === 'string' ? claims['scope'].split(' ') : (token?.scopes ?? [])
    const missing = scopes.filter((scope) => !said.includes(scope))
    const evidence = { asked: scopes, granted: said }
    if (missing.length === 0)
      return {
        status: 'OK',
        cause: {
          en: `the token has ${scopes.length === 1 ? 'the scope' : `all ${scopes.length} scopes`} that ${scopes.length === 1 ? 'was' : 'were'} asked for`,
          nb: `tokenet har ${scopes.length === 1 ? 'scopet' : `alle ${scopes.length} scopene`} det ble bedt om`,
        },
        evidence,
      }
    return {
      status: 'FAIL',
      code: 'SCOPE_NOT_GRANTED',
      cause: {
        en: `the token lacks ${missing.join(', ')}, which was asked for`,
        nb: `tokenet mangler ${missing.join(', ')}, som det ble bedt om`,
      },
      action: {
        en: 'Add the scope to the client in Samarbeidsportalen, then ask again.',
        nb: 'Legg scopet til på klienten i Samarbeidsportalen, og prøv igjen.',
      },
      actor: 'clientAdministrator',
      evidence: { ...evidence, missing },
    }
  },
}
