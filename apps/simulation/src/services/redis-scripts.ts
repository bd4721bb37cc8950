/** What the scripts of `cache-redis` do, told apart by the commands in them. Its own tests run them on real servers. */
import type { Machine } from '../machine.ts'
import type { Redis } from './redis.ts'

/** Answers what comes after the clock. */
type Command = (redis: Redis, machine: Machine, name: string, texts: readonly string[]) => readonly unknown[]

/** In this order: the lease's script sets a value too. */
const COMMANDS: readonly (readonly [string, Command])[] = [
  ["'PEXPIRE'", lease],
  ["'DEL'", release],
  ["'SET'", write],
  ["'PTTL'", read],
]

export function commandOf(script: string): Command {
  return COMMANDS.find(([word]) => script.includes(word))?.[1] ?? (() => [])
}

function read(redis: Redis, _machine: Machine, name: string): readonly unknown[] {
  if (redis.isPoisoned) return ['rubbish here', -1]
  const found = redis.read(name)
  return found === undefined ? [] : [found.value, found.until - redis.clock]
}

function write(redis: Redis, machine: Machine, name: string, texts: readonly string[]): readonly unknown[] {
  const [value, order, until] = texts
  if (Number(until) - redis.clock < 1) return [0]
  redis.write(machine, name, { value, order: Number(order), until: Number(until) })
  return [1]
}

/** Without an id it is only looked at, by who writes under another key; here the whole fleet has one key. */
function lease(redis: Redis, machine: Machine, name: string, texts: readonly string[]): readonly unknown[] {
  const [id = '', ttl, latest] = texts
  if (Number(latest) > 0 && redis.clock > Number(latest)) return [0]
  return [redis.lease(name, machine, id, Number(ttl)) === undefined ? 0 : 1]
}

function release(redis: Redis, _machine: Machine, name: string, texts: readonly string[]): readonly unknown[] {
  redis.release(name, texts[0] ?? '')
  return []
}
