/** What the emulator logs, as lines: for people, or one JSON object each. */
import type { LogEntry } from '../http/log.ts'

export type LogForm = 'text' | 'json' | 'none'

/** With its line break. */
export function logLine(entry: LogEntry, form: Exclude<LogForm, 'none'>): string {
  const time = new Date(entry.at).toISOString()
  if (form === 'json') {
    const { at: _at, ...rest } = entry
    return `${JSON.stringify({ time, ...rest })}\n`
  }
  if (entry.kind !== 'request') return `maskinporten-emulator: ${entry.message}\n`
  const { method, target, path, status, ms, rule } = entry
  const refused = rule === undefined ? '' : `  ${rule}`
  return `${time.slice(11, 23)} ${method.padEnd(4)} ${target} ${path} ${status ?? 'cut'} ${ms} ms${refused}\n`
}
