/** A source of settings, and what it gives. */
import type { ConfigLayer, ConfigSource } from '@maskinporten-kit/core'

/** The same source; `see` hears each layer that it gives. */
export function watched(source: ConfigSource, see: (name: string, layer: ConfigLayer) => void): ConfigSource {
  const { parts } = source
  return {
    // Some sources know their name when they have loaded.
    get name() {
      return source.name
    },
    refreshMs: source.refreshMs,
    ...(source.nameOf && { nameOf: (key: string, section: string) => source.nameOf?.(key, section) }),
    ...(parts && { parts: parts.map((part) => watched(part, see)) }),
    load: async (context) => {
      const layer = await source.load(context)
      see(source.name, layer)
      return layer
    },
  }
}
