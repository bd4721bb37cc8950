// Cloudflare's own runtime: a Worker bundled as wrangler does it, run on this machine.
import { chmodSync, globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../run-command.ts'
import type { Json } from '../workspace.ts'
import { start, type Started } from './started.ts'

/** Undefined: npm found none for this platform. */
export function workerdOf(folder: string): string | undefined {
  const [binary] = globSync(join(folder, 'node_modules', '@cloudflare', 'workerd-*', 'bin', 'workerd{,.exe}'))
  if (binary !== undefined) chmodSync(binary, 0o755)
  return binary
}

/** `entry` is a file of the project. */
export async function bundle(folder: string, entry: string): Promise<void> {
  const options = ['--bundle', '--format=esm', '--target=es2024', '--conditions=workerd,worker,browser']
  const words = [`${entry}.js`, ...options, '--external:cloudflare:*', `--outfile=bundled/${entry}.js`]
  await mustRun([process.execPath, join('node_modules', 'esbuild', 'bin', 'esbuild'), ...words], { cwd: folder })
}

/** A bundled entry, served on the port that it `said`; `bindings` is its `env`, and `name` is of this Worker alone. */
export async function startWorker(
  workerd: string,
  folder: string,
  {
    name,
    entry,
    compatibilityDate,
    bindings,
  }: Readonly<Record<'name' | 'entry' | 'compatibilityDate', string>> & {
    readonly bindings: Json
  },
): Promise<Started> {
  const bound = Object.entries(bindings).map(
    ([key, value]) => `(name = "${key}", json = ${JSON.stringify(JSON.stringify(value))})`,
  )
  // The emulator stands on loopback, which workerd's own default does not reach.
  writeFileSync(
    join(folder, `${name}.capnp`),
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
  const ready = /"event":"listen"[^\n]*"port":(\d+)/
  return start([workerd, 'serve', `${name}.capnp`, '--control-fd=1'], ready, { cwd: folder })
}
