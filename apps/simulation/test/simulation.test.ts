import { describe, expect, it } from 'vitest'
import { Active, type Fault, drawFaults, faultKinds, isFault } from '../src/faults.ts'
import { Plot } from '../src/plot.ts'
import { Random } from '../src/random.ts'
import { sometimes } from '../src/referee/sometimes.ts'
import { shortLived } from '../src/short-lived.ts'
import { asTest, shrink } from '../src/shrink.ts'
import { simulate } from '../src/simulate.ts'

const MINUTE = 60_000
/** Bounded by virtual time, so that a slow machine tests the same. */
const SEEDS = [1, 3, 4]
const HOURS = 24

describe('the whole world', () => {
  const seen = new Set<string>()
  for (const seed of SEEDS) {
    it(`keeps every promise for ${HOURS} h of eight instances, seed ${seed}`, async () => {
      const { breaches, counts, hours, seen: seenNow } = await simulate({ seed, hours: HOURS, instances: 8 })
      for (const what of seenNow) seen.add(what)
      console.info(`simulated: seed ${seed}, ${hours} h, ${counts.calls} calls, ${counts.failures} failed`)
      expect(breaches).toEqual([])
      expect(counts.calls).toBeGreaterThan(10_000)
    }, 120_000)
  }

  it('keeps every promise where rare things come together', async () => {
    const faults: readonly Fault[] = [
      { kind: 'altinn down', at: 0, forMs: 12 * MINUTE },
      // Just before the jobs begin: who waits for a token meets the refused key, and with the new one a new client.
      ...[0, 1].flatMap((machine): readonly Fault[] => [
        { kind: 'key revoked', at: 20 * MINUTE - 1_000, forMs: 1_000, machine },
        { kind: 'client changed', at: 20 * MINUTE - 1_000, forMs: 1_000, machine },
      ]),
      // Jobs begin on all machines, some have no token, and the answer is not there yet.
      { kind: 'maskinporten slow', at: 29 * MINUTE, forMs: 20 * MINUTE, amount: 4_000 },
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((machine): Fault => ({
        kind: machine < 4 ? 'suspended' : 'stopped',
        at: 30 * MINUTE + 200,
        forMs: machine < 4 ? 5 * MINUTE : MINUTE,
        machine,
      })),
    ]
    const { breaches, seen: seenNow } = await simulate({ seed: 5, hours: 1, instances: 8, faults })
    for (const what of seenNow) seen.add(what)
    expect(breaches).toEqual([])
  }, 60_000)

  it('has seen every rare branch', () => {
    expect(sometimes.filter((what) => !seen.has(what))).toEqual([])
  })

  it('is the same again with the same seed, real signatures included', async () => {
    const scenario = { seed: 11, hours: 6, instances: 4 }
    const [first, again, other] = [
      await simulate(scenario),
      await simulate(scenario),
      await simulate({ ...scenario, seed: 12 }),
    ]
    expect(again.hash).toBe(first.hash)
    expect(again.counts).toEqual(first.counts)
    expect(other.hash).not.toBe(first.hash)
  }, 60_000)
})

describe('a thousand short-lived instances with a shared store', () => {
  it('ask once for each identity within a lifetime', async () => {
    // Sooner than any token is renewed: 85 s of 120 s.
    const { byIdentity, breaches } = await shortLived({ seed: 1, instances: 1_000, overMs: 80_000, livesMs: 4_000 })
    expect(breaches).toEqual([])
    expect([...byIdentity.values()]).toEqual([...byIdentity.values()].map(() => 1))
  }, 60_000)

  it('ask 1.05 times at most in each lifetime, all identities together, over four hours', async () => {
    const overMs = 240 * MINUTE
    const { byIdentity, breaches } = await shortLived({ seed: 2, instances: 1_000, overMs, livesMs: MINUTE / 2 })
    expect(breaches).toEqual([])
    const requests = [...byIdentity.values()].reduce((sum, count) => sum + count, 0)
    /** The scope says how long its tokens live: `sim:120`. */
    const lifetimes = [...byIdentity.keys()].map(
      (identity) => overMs / (1_000 * Number(/sim:(\d+)/.exec(identity)?.[1])),
    )
    const ideal = lifetimes.reduce((sum, count) => sum + count, 0)
    console.info(`short-lived: ${requests} token requests in ${ideal} lifetimes of ${byIdentity.size} identities`)
    expect(requests).toBeLessThanOrEqual(1.05 * ideal)
  }, 120_000)
})

describe('the schedule of faults', () => {
  it('is the same for the same seed, and brings every pair of kinds', () => {
    const endsAt = 40 * 24 * 60 * MINUTE
    const faults = drawFaults(new Random(1), endsAt)
    expect(drawFaults(new Random(1), endsAt)).toEqual(faults)
    const active = new Active()
    const steps = faults.flatMap((fault) => [
      { at: fault.at, run: () => active.begin(fault) },
      { at: fault.at + fault.forMs, run: () => active.end(fault) },
    ])
    for (const { run } of steps.toSorted((a, b) => a.at - b.at)) run()
    const kinds = faultKinds.filter((kind) => isFault({ kind, at: 0, forMs: 0 })).length
    expect(active.pairs.size).toBe((kinds * (kinds + 1)) / 2)
  })
})

describe('a failing run', () => {
  const needed: readonly Fault[] = [
    { kind: 'clock ahead', at: 300 * MINUTE, forMs: MINUTE, machine: 1, amount: 20_000 },
    { kind: 'suspended', at: 310 * MINUTE, forMs: MINUTE, machine: 1 },
  ]
  const faults = [...drawFaults(new Random(7), 320 * MINUTE), ...needed].toSorted((a, b) => a.at - b.at)
  const breach = { invariant: 'expiry', what: 'a token past its end', at: 315 * MINUTE }
  /** Fails where both are there, whenever they are. */
  const run = async ({
    faults: some = [],
  }: {
    readonly faults?: readonly Fault[] | undefined
  }): Promise<{ breaches: (typeof breach)[] }> => {
    const has = ({ kind, forMs }: Fault): boolean => some.some((fault) => fault.kind === kind && fault.forMs === forMs)
    return { breaches: needed.every(has) ? [breach] : [] }
  }

  it('is cut down to the events that make it fail, soon after the start, and written as a test', async () => {
    const failing = await shrink({ seed: 7, hours: 24, instances: 8 }, { breaches: [breach], faults }, run)
    expect(failing.faults.map(({ kind }) => kind)).toEqual(['clock ahead', 'suspended'])
    expect(failing.instances).toBe(1)
    expect(failing.hours).toBeLessThan(3)
    const test = asTest(failing, 'expiry: a token past its end')
    expect(test).toContain('"kind":"suspended"')
    expect(test).toContain("import { simulate } from '../src/simulate.ts'")
  })
})

describe('the plot', () => {
  it('shows requests, failed calls and each kind of fault over the hours', async () => {
    const plot = new Plot(2)
    const faults: readonly Fault[] = [{ kind: 'maskinporten down', at: 30 * MINUTE, forMs: 10 * MINUTE }]
    await simulate({ seed: 1, hours: 2, instances: 2, faults, watch: (world) => plot.watch(world) })
    const svg = plot.toSvg('two hours', faults)
    expect(svg).toContain('maskinporten down')
    expect(svg).toContain('failed calls')
    expect(svg.match(/<path d="M[\d.]+,[\d.]+/g)).toHaveLength(2)
  })
})
