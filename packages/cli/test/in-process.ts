/** Runs the command within the test's process: for the many cases that need no process of their own. */
import { vi } from 'vitest'
import { main } from '../src/program.ts'
import type { Ended } from './maskinporten.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** One at a time: what is written meanwhile counts as the command's. It speaks English unless `words` say otherwise. */
export async function inProcess(words: readonly string[]): Promise<Ended> {
  const texts = { stdout: '', stderr: '' }
  const before = process.exitCode
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      texts[name] += String(text)
      return true
    }),
  )
  process.exitCode = 0
  const listening = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const)
  const errors = (['stdout', 'stderr'] as const).map(
    (name) => [process[name], process[name].listeners('error')] as const,
  )
  try {
    await main(words.includes('--lang') ? words : [...words, '--lang', 'en'], '0.0.0')
    return { code: Number(Reflect.get(process, 'exitCode')), ...texts }
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.exitCode = before
    // The command listens for as long as its process lives.
    for (const [signal, own] of listening)
      for (const listener of process.listeners(signal)) if (!own.includes(listener)) process.off(signal, listener)
    for (const [stream, own] of errors)
      for (const listener of stream.listeners('error'))
        if (!own.includes(listener)) stream.off('error', listener as never)
  }
}
