/** What is sent to the emulator is kept for a look at it, and must not fill the machine: 400 bodies of 9 MiB in CI, 60 elsewhere. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const bodies = Number(process.env['EMULATOR_FUZZ_RUNS'] ?? 0) >= 100_000 ? 400 : 60
const command = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const timeout = 300_000

/** MiB in memory. */
async function resident(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

test('large bodies to every server leave the emulator under 300 MB above its start', { timeout }, async ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux tells in /proc how much memory a process has')
  const child = spawn(
    process.execPath,
    ['--conditions=@maskinporten-kit/source', command, '--port', '0', '--json', '--quiet'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const printed = await new Promise<string>((resolve) => {
    let text = ''
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      if (text.includes('\n')) resolve(text)
    })
  })
  const { maskinporten, altinn, register, selfService, control, texas } = JSON.parse(printed)
  const places = [
    `${maskinporten}/token`,
    `${altinn}/events/api/v1/subscriptions`,
    `${register}/rest/v2/personer`,
    `${selfService}/api/v1/clients`,
    `${texas}/api/v1/token`,
    `${control}/__emulator/clients`,
  ]
  const text = JSON.stringify({ scopes: ['a:b'], name: 'x'.repeat(9 * 1024 * 1024) })
  const send = async (at: number): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'x-maskinporten-emulator': '1' }
    const response = await fetch(places[at % places.length] ?? '', { method: 'POST', headers, body: text })
    await response.text()
    return response.status
  }
  for (let at = 0; at < places.length; at += 1) await send(at)
  const before = await resident(child.pid)
  const statuses = new Set<number>()
  for (let at = 0; at < bodies; at += 1) statuses.add(await send(at))
  expect([...statuses].filter((status) => status >= 500)).toEqual([])
  expect((await resident(child.pid)) - before).toBeLessThan(300)
})
