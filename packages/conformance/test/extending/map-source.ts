import { type ConfigSource, createConfigLayer } from '@maskinporten-kit/core'

/** Settings from a Map of whole paths, `MaskinportenSettings:ClientId` → value. */
export function fromMap(values: ReadonlyMap<string, string>): ConfigSource {
  return {
    name: 'map',
    load: async ({ signal }) => {
      signal.throwIfAborted()
      return createConfigLayer(Object.fromEntries(values), { origin: (key) => `map ${key}` })
    },
  }
}
