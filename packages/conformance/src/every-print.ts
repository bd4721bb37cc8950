import { inspect } from 'node:util'

/** All the ways in which a log may print a thing, causes included. */
export function everyPrintOf(thing: unknown): string {
  const cause = thing instanceof Error && thing.cause !== undefined ? everyPrintOf(thing.cause) : ''
  const stack = thing instanceof Error ? String(thing.stack) : ''
  return [String(thing), stack, jsonOf(thing), inspect(thing), inspect(thing, { depth: 20 }), cause].join('\n')
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    // Circular: nothing is printed that way.
    return ''
  }
}
