/** How long will the key still do? */
import type { Check } from '../finding.ts'

const DAY_MS = 86_400_000
/** As shares of the key's life, as `key.expires-soon` has them. */
const WARN_SHARE = 1 / 6

export const keyAge: Check = {
  id: 'key-age',
  title: { en: 'The key’s age', nb: 'Nøkkelens alder' },
  needs: ['settings', 'credential', 'key'],
  run(facts) {
    const life = facts.settings?.keyLife
    if (life === undefined)
      return {
        status: 'INFO',
        code: 'KEY_END_UNKNOWN',
        cause: {
          en: 'nothing here says when the key ends; at Maskinporten a key lives one year from its upload',
          nb: 'ingenting her sier når nøkkelen utløper; hos Maskinporten gjelder en nøkkel i ett år fra opplasting',
        },
        action: {
          en: 'See the key’s end in Samarbeidsportalen, or with maskinporten keys status.',
          nb: 'Se sluttdatoen i Samarbeidsportalen, eller med maskinporten keys status.',
        },
        actor: 'clientAdministrator',
      }
    const now = Date.now()
    const leftMs = life.endsAt - now
    const days = Math.floor(Math.abs(leftMs) / DAY_MS)
    const on = new Date(life.endsAt).toISOString().slice(0, 10)
    const evidence = { endsAt: new Date(life.endsAt).toISOString(), daysLeft: Math.floor(leftMs / DAY_MS) }
    const lifeMs = life.startsAt === undefined ? undefined : life.endsAt - life.startsAt
    const isSoon = lifeMs === undefined ? leftMs < 7 * DAY_MS : leftMs < lifeMs * WARN_SHARE
    const action = {
      en: 'Make a new key, register its public half, then switch: maskinporten keys rotate.',
      nb: 'Lag en ny nøkkel, registrer den offentlige nøkkelen, og bytt: maskinporten keys rotate.',
    }
    if (leftMs <= 0)
      return {
        status: 'FAIL',
        code: 'KEY_ENDED',
        cause: { en: `the key ended on ${on}`, nb: `nøkkelen utløp ${on}` },
        action,
        actor: 'clientAdministrator',
        evidence,
      }
    return {
      status: isSoon ? 'WARN' : 'OK',
      code: isSoon ? 'KEY_ENDS_SOON' : undefined,
      cause: { en: `the key ends on ${on}, in ${days} days`, nb: `nøkkelen utløper ${on}, om ${days} dager` },
      action: isSoon ? action : undefined,
      actor: isSoon ? 'clientAdministrator' : undefined,
      evidence,
    }
  },
}
