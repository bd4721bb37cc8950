/** All measures, in the order of the tables. A process loads only the one it runs. */
import type { Measure } from '../measure.ts'

export const measures: Readonly<Record<string, () => Promise<Measure>>> = {
  cached: async () => (await import('./cached.ts')).cached,
  'cached-request': async () => (await import('./cached-request.ts')).cachedRequest,
}
