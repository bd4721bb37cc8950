/** A source whose answers a test writes, and two clocks that it moves. */
import {
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  type LayerOrigin,
  createConfigLayer,
} from '@maskinporten-kit/core'
import type { Tree } from './load.ts'

export interface ScriptedSource extends ConfigSource {
  tree: Tree
  /** What the next loads do instead; `undefined`: they give `tree`. */
  fault: ((context: LoadContext) => Promise<ConfigLayer>) | undefined
  from: Partial<LayerOrigin>
  readonly loads: LoadContext[]
}

export function scriptedSource(
  tree: Tree,
  options: { readonly name?: string; readonly refreshMs?: number } = {},
): ScriptedSource {
  const name = options.name ?? 'scripted'
  const source: ScriptedSource = {
    name,
    refreshMs: options.refreshMs,
    tree,
    fault: undefined,
    from: {},
    loads: [],
    async load(context) {
      source.loads.push(context)
      return source.fault === undefined
        ? createConfigLayer(source.tree, { origin: name, ...source.from })
        : source.fault(context)
    },
  }
  return source
}

export interface MovedClock {
  now(): number
  monotonic(): number
  advance(ms: number): void
}

export function movedClock(now: number = Date.parse('2026-11-24T12:00:00Z')): MovedClock {
  let passed = 0
  return {
    now: () => now + passed,
    monotonic: () => passed,
    advance(ms) {
      passed += ms
    },
  }
}
