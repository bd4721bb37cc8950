// Every package as its users get it: our own look at the tarball, then publint (strict) and attw, for the oldest resolution (node10) too.
import { readFileSync } from 'node:fs'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { inTurn } from './in-turn.ts'
import { packedTarballs, type Tarball } from './release/rehearsal.ts'
import { tarballBreaches } from './release/tarball-breaches.ts'
import { runCommand } from './run-command.ts'
import { root } from './workspace.ts'

const all = await inTurn(
  packedTarballs().flatMap((tarball) => [
    () => Promise.resolve(tarballBreaches(tarball)),
    () => publintMessages(tarball),
    () => attwMessages(tarball),
  ]),
)
const found = all.flat()
for (const line of found) console.error(line)
if (found.length > 0) process.exitCode = 1

async function publintMessages({ name, path }: Tarball): Promise<readonly string[]> {
  const file = readFileSync(path)
  const tarball = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  return messages.map((message) => `${name}: publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)
}

async function attwMessages({ name, path }: Tarball): Promise<readonly string[]> {
  const { code, output } = await runCommand(
    [
      'node',
      'node_modules/@arethetypeswrong/cli/dist/index.js',
      path,
      '--profile',
      'strict',
      // What ES modules alone are: CommonJS requires them as such, from Node 20.19 on.
      '--ignore-rules',
      'cjs-resolves-to-esm',
      '--no-emoji',
      '--no-color',
    ],
    { cwd: root },
  )
  return code === 0 ? [] : [`${name}: attw:\n${output.trim()}`]
}
