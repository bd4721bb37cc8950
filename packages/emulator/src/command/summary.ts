/** What a run came to: "1 token, 1 exchange, 3 calls, 0 refused". */
import type { LogEntry, LoggedRequest, LogListener } from '../http/log.ts'
import type { Target } from '../http/target.ts'

export interface Summary {
  readonly listen: LogListener
  /** Texas was called: beside the proxy, since it listens on loopback. */
  readonly metTexas: () => boolean
  /** `hosts`: how many the proxy refused. */
  line(hosts: number): string
}

const calls: readonly Target[] = ['storage', 'events', 'register', 'self-service']

export function createSummary(): Summary {
  const counts = { token: 0, exchange: 0, call: 0 }
  const refusals = new Map<string, number>()
  let texas = false
  return {
    listen(entry: LogEntry) {
      if (entry.kind !== 'request') return
      if (entry.target === 'texas') texas = true
      const rule = refusalOf(entry)
      if (rule !== undefined) refusals.set(rule, (refusals.get(rule) ?? 0) + 1)
      else if (entry.target === 'token') counts.token += 1
      else if (entry.target === 'exchange') counts.exchange += 1
      else if (calls.includes(entry.target)) counts.call += 1
    },
    metTexas: () => texas,
    line(hosts) {
      const all = hosts === 0 ? [...refusals] : [...refusals, ['not_emulated', hosts] as const]
      const refused = all.reduce((sum, [, count]) => sum + count, 0)
      const rules = all.map(([rule, count]) => (count === 1 ? rule : `${rule} (${count})`))
      const counted = Object.entries(counts).map(([what, count]) => `${count} ${what}${count === 1 ? '' : 's'}`)
      return `${counted.join(', ')}, ${refused} refused${rules.length > 0 ? `: ${rules.join(', ')}` : ''}`
    },
  }
}

/** The rule, or the service and its status where no rule has a name. */
function refusalOf({ target, status, rule }: LoggedRequest): string | undefined {
  // What is not there was not refused: an app also looks for secrets that it can do without.
  if (status === 404 && rule !== 'fault') return undefined
  if (rule !== undefined) return rule
  if (status === undefined || status < 400) return undefined
  // How every client of Key Vault begins: the challenge says where tokens are to be had.
  if (target === 'key-vault' && status === 401) return undefined
  return `${target} ${status}`
}
