/** All measures, in the order of the tables. A process loads only the one it runs. */
import type { Measure } from '../measure.ts'

export const measures: Readonly<Record<string, () => Promise<Measure>>> = {
  cached: async () => (await import('./cached.ts')).cached,
  'cached-request': async () => (await import('./cached-request.ts')).cachedRequest,
  herd: async () => (await import('./herd.ts')).herd,
  fleet: async () => (await import('./fleet.ts')).fleet,
  store: async () => (await import('./store.ts')).store,
  absent: async () => (await import('./absent.ts')).absent,
  expiry: async () => (await import('./expiry.ts')).expiry,
  signing: async () => (await import('./signing.ts')).signing,
  fetch: async () => (await import('./fetch.ts')).fetchAdapter,
  axios: async () => (await import('./axios.ts')).axiosAdapter,
  ky: async () => (await import('./ky.ts')).kyAdapter,
  import: async () => (await import('./import.ts')).importing,
  'first-call': async () => (await import('./first-call.ts')).firstCall,
  size: async () => (await import('./size.ts')).size,
  heap: async () => (await import('./heap.ts')).heap,
  'altinn-hour': async () => (await import('./altinn-hour.ts')).altinnHour,
  'key-vault': async () => (await import('./key-vault.ts')).keyVault,
  emulator: async () => (await import('./emulator.ts')).emulator,
  'emulator-start': async () => (await import('./emulator-start.ts')).emulatorStart,
  dotnet: async () => (await import('./dotnet.ts')).dotnet,
}
