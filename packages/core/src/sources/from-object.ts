import { createConfigLayer } from './config-layer.ts'
import type { ConfigSource } from './config-source.ts'

/**
 * A whole tree as a source: `{ MaskinportenSettings: { … }, kvSetting: { … } }`. Read at each load.
 *
 * `name` is what errors and `describe()` call it, default `object`.
 */
export function fromObject(
  tree: Readonly<Record<string, unknown>>,
  options: { readonly name?: string | undefined } = {},
): ConfigSource {
  const name = options.name ?? 'object'
  return { name, load: async () => createConfigLayer(tree, { origin: name }) }
}
