import type { ConfigEntry, ConfigLayer } from './config-source.ts'

/** Later wins, key by key, as .NET's configuration does: an empty or null value too. */
export function mergeLayers(layers: readonly ConfigLayer[]): ConfigLayer {
  const merged = new Map<string, ConfigEntry>()
  for (const layer of layers) for (const [key, entry] of layer) merged.set(key, entry)
  return merged
}
