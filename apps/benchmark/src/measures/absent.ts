/** What a store and telemetry cost a call while the token is fresh, and so an engine that has neither. */
import { type TokenStore, createMaskinporten } from '@maskinporten-kit/core'
import { instrumentMaskinporten } from '@maskinporten-kit/opentelemetry'
import { timedCalls } from '../call-loop.ts'
import type { Measure } from '../measure.ts'
import { type GetToken, newClient } from '../peers/client.ts'
import { settingsAt } from '../peers/ours.ts'
import { type Round, interleave } from '../rounds.ts'
import { startStandIn } from '../server/stand-in.ts'

const LIFE_SECONDS = 36_000
/** It is asked before the first token and never again. */
const empty: TokenStore = { get: async () => undefined, set: async () => {} }

export const absent: Measure = {
  name: 'absent',
  title: 'A cached `getToken()` with and without a store and telemetry, against the same engine',
  figures: [{ name: 'time', unit: 'ns', against: 'ours' }],
  budget: ['ours, once more', 'ours, with a store', 'ours, with telemetry'].map((system) => ({
    system,
    figure: 'time',
    atMost: 1.1,
  })),
  systems: ['ours', 'ours, once more', 'ours, with a store', 'ours, with telemetry'],
  async run(effort) {
    await using server = await startStandIn()
    const settings = settingsAt(newClient(), server.base('absent', { lifeSeconds: LIFE_SECONDS }))
    const instrumented = createMaskinporten(settings)
    instrumentMaskinporten(instrumented)
    const engines = {
      ours: createMaskinporten(settings),
      'ours, once more': createMaskinporten(settings),
      'ours, with a store': createMaskinporten(settings, { store: empty }),
      'ours, with telemetry': instrumented,
    }
    const rounds: Record<string, Round> = {}
    for (const [name, engine] of Object.entries(engines)) {
      const getToken: GetToken = () => engine.getToken()
      await getToken()
      rounds[name] = await timedCalls(name, getToken)
    }
    return { samples: await interleave(rounds, effort.pick(40, 100)) }
  },
}
