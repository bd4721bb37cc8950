/** Which faults excuse a failed call. What is not excused here is a broken promise of the engine. */
import type { Fault, FaultKind } from '../faults.ts'
import type { Call } from './call.ts'

const SECOND = 1_000
const DEADLINE_MS = 10 * SECOND

/** While it goes on, and so long after it, a caller without a valid token may fail (design §5, and the drills' figures). */
const FATAL: Readonly<Partial<Record<FaultKind, number>>> = {
  'maskinporten down': 6 * SECOND,
  'maskinporten late': 16 * SECOND,
  'maskinporten hangs': 16 * SECOND,
  'maskinporten unavailable': 6 * SECOND,
  'maskinporten throttles': 34 * SECOND,
  'maskinporten refuses': 34 * SECOND,
  'maskinporten babbles': 6 * SECOND,
}
const FATAL_FOR_ALTINN: Readonly<Partial<Record<FaultKind, number>>> = {
  'altinn down': 6 * SECOND,
  'altinn hangs': 16 * SECOND,
  'altinn unauthorised': 6 * SECOND,
}
/** Who shares a store waits as long as its deadline for the leases of those who fail, and only then begins a pause of its own. */
const BEHIND_A_LEASE_MS = DEADLINE_MS
/** For its first settings, or for a new key when Maskinporten knows none of those that it has. */
const FATAL_WITHOUT_KEY: Readonly<Partial<Record<FaultKind, number>>> = {
  'vault down': 6 * SECOND,
  'vault hangs': 16 * SECOND,
  // Two questions, one after the other: 6.6 s.
  'vault slow': 6 * SECOND,
}
/** A refused key makes the settings asked for again, but not twice within ten seconds; then a pause of five ends, and ten per cent. */
const KEY_ASKED_FOR_MS = 17 * SECOND
/** A caller who reports a token that was refused is told so for as long as five minutes and ten per cent. */
const FATAL_FOR_REJECTED: Readonly<Partial<Record<FaultKind, number>>> = {
  'api rejects': 330 * SECOND,
  'altinn forgets': 330 * SECOND,
}
/** The new key stands in the settings, and Maskinporten does not know it yet. */
const KEY_UNKNOWN_MS = 7 * SECOND

/** What each of the others may cost a call, milliseconds: several of them together may use the ten seconds up. */
const ENOUGH_MS = 5_500
const COSTS: Readonly<Partial<Record<FaultKind, number>>> = {
  'maskinporten blip': 3_300,
  'maskinporten hangs once': 3_300,
  'metadata down': 1_500,
  'metadata hangs': 3_000,
  'key revoked': 1_500,
  'key rotated, known late': 1_500,
  'clock ahead': 1_500,
  'clock behind': 1_500,
  'redis hangs': 1_100,
  'redis slow': 1_100,
}

/** Until when a fault is felt at most, whatever it does, milliseconds after its end. */
export const FELT_MS: number = 330 * SECOND

/** @param faults that went on during the call, or less than `FELT_MS` before it. */
export function isExplained(faults: readonly Fault[], call: Call, failedAt: number): boolean {
  const { host, wanted, begunAt } = call
  const { machine } = host
  const isFelt = ({ at, forMs }: Fault, afterMs: number | undefined): boolean =>
    afterMs !== undefined && at <= failedAt && at + forMs + afterMs >= begunAt
  // A stop of ten to twenty seconds looks like a server that does not answer: design §5 tells a suspension by twice the deadline.
  const frozenMs = machine.frozenMs - call.frozenMs
  if (frozenMs > 0 && failedAt - begunAt >= DEADLINE_MS && failedAt - begunAt < 2 * DEADLINE_MS) return true
  const behindMs = host.fleet.redis === 'none' ? 0 : BEHIND_A_LEASE_MS
  const later = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms + behindMs)
  let cost = 0
  let isSlow = 0
  for (const fault of faults) {
    const { kind } = fault
    if (isFelt(fault, later(FATAL[kind]))) return true
    if (wanted.kind === 'altinn' && isFelt(fault, later(FATAL_FOR_ALTINN[kind]))) return true
    if (isFelt(fault, FATAL_WITHOUT_KEY[kind]) && needsVault(call)) return true
    if (kind === 'vault down' && isFelt(fault, KEY_ASKED_FOR_MS) && hadNoKey(call)) return true
    if (call.rejected !== undefined && isFelt(fault, FATAL_FOR_REJECTED[kind])) return true
    if (kind === 'key rotated, known late' && isFelt(fault, KEY_UNKNOWN_MS) && hadNoKey(call)) return true
    if (kind === 'cut off' && isFelt(fault, 16 * SECOND) && isCutOff(fault, call)) return true
    if (kind === 'maskinporten hangs once' && isFelt(fault, 16 * SECOND) && hangsAlone(faults, call)) return true
    // A key that was revoked is refused until the vault has been asked again.
    if (!isFelt(fault, (kind.startsWith('key ') ? 150 : 16) * SECOND)) continue
    cost += COSTS[kind] ?? 0
    if (kind === 'maskinporten slow') isSlow += 2 * (fault.amount ?? 0)
    if (wanted.kind === 'altinn') {
      if (kind === 'altinn slow') isSlow += 2 * (fault.amount ?? 0)
      if (kind === 'altinn blip') cost += 3_300
    }
  }
  // What is slow is slow for each request, of which other faults want more than one.
  return cost + isSlow >= ENOUGH_MS || (machine.disturbedAt >= begunAt && cost + isSlow > 0)
}

/**
 * No second attempt joins one that hangs where the last answer took long, nor while nobody waits: then a renewal that
 * began just before the token's end fails ten seconds later.
 */
function hangsAlone(faults: readonly Fault[], { host, lastEndedAt }: Call): boolean {
  const wasSlow = faults.some(({ kind }) => kind === 'maskinporten late' || kind === 'maskinporten slow')
  return wasSlow || host.machine.line - lastEndedAt < 25 * SECOND
}

function isCutOff({ from, machine }: Fault, call: Call): boolean {
  const { host, wanted } = call
  if (machine !== undefined && !host.machine.name.endsWith(`#${machine}`)) return false
  if (from === 'maskinporten') return true
  if (from === 'altinn') return wanted.kind === 'altinn'
  return from === 'vault' && needsVault(call)
}

const needsVault = (call: Call): boolean => !call.wasLoaded || hadNoKey(call)

/** A failure of then may still be told to this caller. */
const hadNoKey = ({ host, begunAt }: Call): boolean => host.keylessAt >= begunAt - 2 * DEADLINE_MS
