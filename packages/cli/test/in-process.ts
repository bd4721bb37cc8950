/** Runs the command within the test's process: for the many cases that need no process of their own. */
import { vi } from 'vitest'
import { main } from '../src/program.ts'
import type { Ended } from './maskinporten.ts'

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
  process.exitCode = undefined
  try {
    await main(words.includes('--lang') ? words : [...words, '--lang', 'en'], '0.0.0')
    return { code: Number(process.exitCode ?? 0), ...texts }
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.exitCode = before
  }
}
