import type { ConfigEntry, ConfigLayer } from './config-source.ts'

/** Later wins, key by key, as .NET's configuration does: an empty or null value too, but a null for a section leaves what is in it. */
export function mergeLayers(layers: readonly ConfigLayer[]): ConfigLayer {
  const merged = new Map<string, ConfigEntry>(layers.flatMap((layer) => [...layer]))
  const sections = new Set<string>()
  for (const key of merged.keys())
    for (
      let end = key.lastIndexOf(':');
      end >= 0 && !sections.has(key.slice(0, end));
      end = key.lastIndexOf(':', end - 1)
    )
      sections.add(key.slice(0, end))
  for (const [key, entry] of merged) if (entry.reveal() === null && sections.has(key)) merged.delete(key)
  return merged
}
