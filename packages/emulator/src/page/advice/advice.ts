/** What a rule that refused means for a person: why, who must act, and the way out. */
import { entraAdvice, vaultAdvice } from './azure.ts'
import { altinnAdvice } from './altinn.ts'
import { assertionAdvice } from './assertion.ts'
import { authorizationAdvice } from './authorization.ts'
import type { Advice } from './row.ts'
import { selfServiceAdvice } from './self-service.ts'
import { generalAdvice, texasAdvice, tokenAdvice } from './tokens.ts'

const advice: ReadonlyMap<string, Advice> = new Map(
  [
    assertionAdvice,
    authorizationAdvice,
    tokenAdvice,
    altinnAdvice,
    selfServiceAdvice,
    texasAdvice,
    vaultAdvice,
    entraAdvice,
    generalAdvice,
  ].flatMap((rows) => Object.entries(rows)),
)

/** Of a rule by its name; `undefined` for one that has no row of its own. */
export function adviceFor(rule: string): Advice | undefined {
  return advice.get(rule)
}

/** Of a rule without a row, by the status that was answered. */
export function adviceForStatus(status: number): Advice {
  return status >= 500 ? unforeseen : badRequest
}

const badRequest: Advice = {
  who: 'you',
  why: {
    en: 'The request does not have what this address wants.',
    nb: 'Forespørselen har ikke det denne adressen krever.',
  },
  wayOut: {
    en: 'Read the words of the answer, and correct the request.',
    nb: 'Les teksten i svaret, og rett forespørselen.',
  },
}

const unforeseen: Advice = {
  who: 'you',
  why: { en: 'The emulator failed in a way that nobody ordered.', nb: 'Emulatoren feilet uten at noen ba om det.' },
  wayOut: {
    en: 'Report it with the request: this is a defect of the emulator.',
    nb: 'Meld fra, og legg ved forespørselen: Dette er en feil i emulatoren.',
  },
}
