/** A real server on a free port of this machine, with nothing on disk; and what to do where none is installed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, it } from 'vitest'
import { type Wire, connectWire } from './wire.ts'

const SERVERS = ['redis-server', 'valkey-server'] as const
export type ServerName = (typeof SERVERS)[number]

export interface RedisServer {
  readonly name: ServerName
  readonly port: number
  /** Over a connection of its own, which no fault of the proxy reaches. The answer as text, so that it can be searched. */
  command(...words: readonly string[]): Promise<string>
  kill(signal: NodeJS.Signals): void
  /** The process is gone, and all that it kept; nobody listens on its port. */
  halt(): Promise<void>
  /** A new process on the same port. */
  start(): Promise<void>
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
  let child: ChildProcess | undefined
  let ended: Promise<unknown> = Promise.resolve()
  let wire: Wire | undefined
  const halt = async (): Promise<void> => {
    child?.kill('SIGKILL')
    wire?.close()
    wire = undefined
    await ended
  }
  const start = async (): Promise<void> => {
    const started = spawn(name, [...own, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    ended = new Promise<void>((resolve) => started.once('close', () => resolve()))
    try {
      await untilReady(started)
    } catch (error) {
      await halt()
      throw error
    }
  }
  await start()
  return {
    name,
    port,
    command: async (...words) => {
      wire ??= await connectWire(port)
      return wire.command(...words)
    },
    kill: (signal) => void child?.kill(signal),
    halt,
    start,
    stop: async () => {
      await halt()
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
