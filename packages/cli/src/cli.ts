#!/usr/bin/env node
/** `maskinporten`: what the whole command is, is in `program.ts`; the version is told without loading that. */
import { readFileSync } from 'node:fs'

const words = process.argv.slice(2)
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) process.stdout.write(`${version()}\n`)
else void run()

/** A signal that comes while the rest is loaded ends it as one later does. */
async function run(): Promise<void> {
  const { endOnSignals, endWithReader } = await import('./endings.ts')
  endOnSignals()
  endWithReader()
  const { main } = await import('./program.ts')
  await main(words, version())
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
