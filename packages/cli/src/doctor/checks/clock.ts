/** Does this machine's clock go right? Maskinporten refuses a grant from more than 10 s ahead. */
import type { Check } from '../finding.ts'

/** Milliseconds. Digdir allows 10 s; half of that is a warning. */
const FAIL_MS = 10_000
const WARN_MS = 5_000

export const clock: Check = {
  id: 'clock',
  title: { en: 'The clock', nb: 'Klokken' },
  needs: ['discovery'],
  async run(facts) {
    const { skewMs } = await facts.discovery()
    if (skewMs === undefined)
      return {
        status: 'INFO',
        code: 'CLOCK_UNKNOWN',
        cause: {
          en: 'the answer has no Date, so the clock cannot be compared',
          nb: 'svaret har ingen Date, så klokken kan ikke sammenlignes',
        },
      }
    const seconds = Math.round(Math.abs(skewMs) / 1000)
    const evidence = { skewMs }
    if (Math.abs(skewMs) <= WARN_MS)
      return {
        status: 'OK',
        cause: {
          en: `this machine's clock is within ${Math.max(1, seconds)} s of the server's`,
          nb: `klokken på maskinen avviker høyst ${Math.max(1, seconds)} s fra klokken på serveren`,
        },
        evidence,
      }
    const isBehind = skewMs > 0
    return {
      status: Math.abs(skewMs) > FAIL_MS ? 'FAIL' : 'WARN',
      code: 'CLOCK_OFF',
      cause: {
        en: `this machine's clock is ${seconds} s ${isBehind ? 'behind' : 'ahead of'} the server's; at most 10 s are allowed`,
        nb: `klokken på maskinen går ${seconds} s ${isBehind ? 'etter' : 'foran'} serverens; høyst 10 s er lov`,
      },
      action: {
        en: 'Synchronise the clock (NTP: chrony, systemd-timesyncd, w32tm), in a virtual machine also on its host.',
        nb: 'Synkroniser klokken (NTP: chrony, systemd-timesyncd, w32tm), i en virtuell maskin også på verten.',
      },
      actor: 'operations',
      evidence,
    }
  },
  // Core corrects a wrong clock by the server's, and then the token comes all the same.
  async atEnd(finding, facts) {
    const outcomes = await facts.outcomes()
    const isCorrected = finding.status === 'FAIL' && outcomes.some(({ token }) => token !== undefined)
    return isCorrected ? { ...finding, status: 'WARN' } : finding
  },
}
