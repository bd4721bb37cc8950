// Cloudflare's own runtime with the packed packages: a Worker bundled as wrangler does it, run on this machine.
import { spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tarball } from '../release/rehearsal.ts'
import { mustRun } from '../run-command.ts'
import type { Json } from '../workspace.ts'
import { createHost } from './project.ts'

const WORKERD = '1.20261117.1'
const ESBUILD = '0.28.2'
/** The binary alone: the package `workerd` has an install script, which would look for it. */
const WORKERD_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@cloudflare/workerd-linux-64',
  'linux-arm64': '@cloudflare/workerd-linux-arm64',
  'darwin-x64': '@cloudflare/workerd-darwin-64',
  'darwin-arm64': '@cloudflare/workerd-darwin-arm64',
  'win32-x64': '@cloudflare/workerd-windows-64',
}
export interface WorkerProject {
  readonly folder: string
  /** `entry` is a file of scripts/consumers/worker; `bindings` is its `env`. */
  run(entry: string, compatibilityDate: string, bindings: Json): Promise<Worker>
  remove(): void
}

export interface Worker {
  get(path: string): Promise<string>
  stop(): Promise<void>
}

/** `undefined`: the registry has no workerd for this platform. */
export async function workerProject(tarballs: readonly Tarball[]): Promise<WorkerProject | undefined> {
  const binaryPackage = WORKERD_PACKAGES[`${process.platform}-${process.arch}`]
  if (binaryPackage === undefined) return undefined
  const others = { [binaryPackage]: WORKERD, esbuild: ESBUILD }
  const { folder, remove } = await createHost('worker', tarballs, ['core', 'fetch'], others)
  const binary = join(
    folder,
    'node_modules',
    binaryPackage,
    'bin',
    process.platform === 'win32' ? 'workerd.exe' : 'workerd',
  )
  chmodSync(binary, 0o755)
  return {
    folder,
    run: async (entry, compatibilityDate, bindings) => {
      await bundle(folder, entry)
      return start(binary, folder, configure(folder, entry, compatibilityDate, bindings))
    },
    remove,
  }
}

async function bundle(folder: string, entry: string): Promise<void> {
  const options = ['--bundle', '--format=esm', '--target=es2024', '--conditions=workerd,worker,browser']
  const esbuild = join(folder, 'node_modules', 'esbuild', 'bin', 'esbuild')
  await mustRun(
    [process.execPath, esbuild, `${entry}.js`, ...options, '--external:cloudflare:*', `--outfile=bundled/${entry}.js`],
    { cwd: folder },
  )
}

/** The emulator stands on loopback, which workerd's own default does not reach. */
function configure(folder: string, entry: string, compatibilityDate: string, bindings: Json): string {
  const bound = Object.entries(bindings).map(
    ([name, value]) => `(name = "${name}", json = ${JSON.stringify(JSON.stringify(value))})`,
  )
  writeFileSync(
    join(folder, `${entry}.capnp`),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [(name = "worker", esModule = embed "bundled/${entry}.js")],
      compatibilityDate = "${compatibilityDate}",
      bindings = [${bound.join(', ')}],
    )),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);
`,
  )
  return `${entry}.capnp`
}

function start(binary: string, cwd: string, config: string): Promise<Worker> {
  return new Promise((resolve, reject) => {
    // It writes its port, one line of JSON, to the descriptor named.
    const child = spawn(binary, ['serve', config, '--control-fd=3'], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<void>((settle) => {
      child.on('close', () => settle())
    })
    let [said, told] = ['', '']
    child.stderr?.on('data', (chunk: Buffer) => {
      said += String(chunk)
    })
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      told += String(chunk)
      const [, port] = /"event":"listen"[^\n]*"port":(\d+)/.exec(told) ?? []
      if (port === undefined) return
      resolve({
        get: async (path) => {
          const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(30_000) })
          return await answer.text()
        },
        stop: () => {
          child.kill()
          return ended
        },
      })
    })
    child.on('error', reject)
    child.on('close', () => {
      const [reason = said] = /Uncaught.*/.exec(said) ?? []
      reject(new Error(`workerd does not start: ${reason.trim()}`))
    })
  })
}
