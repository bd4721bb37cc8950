/** What the emulator says of the rules that no server has a code for: its own words, so that its page and this say the same. */
import {
  type Advice,
  type Who,
  altinnAdvice,
  generalAdvice,
  selfServiceAdvice,
  texasAdvice,
  tokenAdvice,
  vaultAdvice,
} from '@maskinporten-kit/emulator/refusals'
import { vaultAnswers } from './azure-codes.ts'
import type { Actor } from './actors.ts'
import type { RefusalEntry } from './entry.ts'

const actorOf: Readonly<Record<Who, Actor>> = {
  you: 'developer',
  apiOwner: 'apiOwner',
  customer: 'customer',
  digdir: 'digdir',
  altinn: 'altinn',
}

export const tokenRules: Readonly<Record<string, RefusalEntry>> = entriesOf(tokenAdvice)
export const altinnRules: Readonly<Record<string, RefusalEntry>> = entriesOf(altinnAdvice)
export const selfServiceRules: Readonly<Record<string, RefusalEntry>> = entriesOf(selfServiceAdvice)
export const emulatorRules: Readonly<Record<string, RefusalEntry>> = entriesOf({
  ...texasAdvice,
  ...generalAdvice,
  // The others are codes of Key Vault's own, and stand there.
  ...Object.fromEntries(Object.entries(vaultAdvice).filter(([rule]) => !(rule in vaultAnswers))),
})

function entriesOf(rows: Readonly<Record<string, Advice>>): Readonly<Record<string, RefusalEntry>> {
  return Object.fromEntries(
    Object.entries(rows).map(([rule, { who, why, wayOut }]) => [rule, { happened: why, acts: actorOf[who], wayOut }]),
  )
}
