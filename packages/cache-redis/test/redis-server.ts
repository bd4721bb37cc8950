/** A real server on a free port of this machine, with nothing on disk; and what to do where none is installed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, it } from 'vitest'

const SERVERS = ['redis-server', 'valkey-server'] as const
export type ServerName = (typeof SERVERS)[number]

export interface RedisServer {
  readonly name: ServerName
  readonly port: number
  /** As redis-cli would run it, over a connection of its own. The raw answer, so that it can be searched. */
  command(...words: readonly string[]): Promise<string>
  kill(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

/** Under names of their own: the linter wants each title written out where it stands. */
const declare = { group: describe, single: it }

/** Declares the tests; where the server is not installed, one test that says so. */
export function describeServer(title: string, body: () => void, name: ServerName = 'redis-server'): void {
  if (isInstalled(name)) declare.group(title, body)
  else declare.single(title, (context) => context.skip(`${name} is not installed`))
}

const isInstalled = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })

export async function startServer(
  args: readonly string[] = [],
  name: ServerName = 'redis-server',
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cache-redis-'))
  const port = await freePort()
  const own = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder, '--save', '', '--appendonly', 'no']
  const child = spawn(name, [...own, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  try {
    await untilReady(child)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    name,
    port,
    command: async (...words) => {
      const cli = name.replace('server', 'cli')
      const { stdout } = await promisify(execFile)(cli, ['-p', `${port}`, ...words], { maxBuffer: 2 ** 28 })
      return stdout.trim()
    },
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** By what it writes: until then it refuses connections. */
function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (/Ready to accept connections/.test(said)) resolve()
    })
    child.once('error', reject)
    child.once('close', () => reject(new Error(`the server ended before it was ready: ${said.slice(-500)}`)))
  })
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
