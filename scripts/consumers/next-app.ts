// A real Next.js app with the packed packages: built, run and searched for what it keeps of a token.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Tarball } from '../release/rehearsal.ts'
import { runCommand } from '../run-command.ts'
import { record } from '../workspace.ts'
import { type Emulated, emulated } from './emulated.ts'
import { serve } from './examine.ts'
import { keptIn } from './kept.ts'
import { createHost } from './project.ts'

export interface NextVersion {
  readonly next: string
  readonly react: string
  /** The Node that builds and runs it: the command. */
  readonly node: string
  /** How often each page's request reaches Storage when it is opened twice after the build. */
  readonly asked: Readonly<Record<string, number>>
}

/** What is wrong with an app of this version; nothing, when all is well. */
export async function examineNext(version: NextVersion, tarballs: readonly Tarball[]): Promise<readonly string[]> {
  const { next, react } = version
  const ours = ['core', 'fetch', 'config-env']
  const project = await createHost('next', tarballs, ours, { next, react, 'react-dom': react })
  try {
    const served = await serve(project)
    try {
      const emulator = emulated(record(JSON.parse(served.emulator)))
      return (await examine(project.folder, version, emulator)).map((line) => `Next.js ${next}: ${line}`)
    } finally {
      served.stop()
    }
  } finally {
    project.remove()
  }
}

async function examine(folder: string, { node, asked }: NextVersion, emulator: Emulated): Promise<readonly string[]> {
  const command = [node, join(folder, 'node_modules', 'next', 'dist', 'bin', 'next')]
  const env = {
    ...emulator.environment,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    // Else it asks the registry which binaries the lockfile, that is not there, lacks.
    NEXT_IGNORE_INCORRECT_LOCKFILE: '1',
  }
  const instance = await emulator.submit()
  const built = await runCommand([...command, 'build'], { cwd: folder, env })
  if (built.code !== 0) return [`the build failed with ${String(built.code)}: ${built.output.trim()}`]

  await emulator.forget()
  const found: string[] = []
  const app = await start([...command, 'start', '--port', '0', '--hostname', '127.0.0.1'], folder, env)
  try {
    for (const path of ['/', '/revalidated', '/dynamic', '/asked', '/api'].flatMap((one) => [one, one])) {
      const answer = await fetch(`${app.origin}${path}`)
      const text = await answer.text()
      if (!answer.ok || !text.includes(instance)) found.push(`${path} answered ${answer.status}: ${text.slice(0, 500)}`)
    }
  } finally {
    await app.stop()
  }
  const grants = await emulator.grants()
  if (grants !== 1) found.push(`pages and route handler together asked Maskinporten ${grants} times, not once`)
  const pages = await emulator.pages()
  for (const [page, right] of Object.entries(asked)) {
    const times = pages.filter((one) => one === page).length
    if (times !== right) found.push(`the page ${page} asked Storage ${times} times, not ${right}`)
  }
  return [...found, ...kept(join(folder, '.next'), emulator, instance)]
}

/** The API's answer must be found too: else the search finds nothing because it does not search. */
function kept(output: string, emulator: Emulated, instance: string): readonly string[] {
  const inAnswer = 'the API’s own answer'
  const found = keptIn(output, {
    'a token or an assertion': /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/,
    'a request to Maskinporten or its metadata': emulator.ofMaskinporten,
    'a request to the exchange': emulator.ofExchange,
    [inAnswer]: new RegExp(instance),
  })
  const leaked = found.filter(({ what }) => what !== inAnswer).map(({ file, what }) => `.next/${file} keeps ${what}`)
  const cached = found.some(({ file, what }) => what === inAnswer && /fetch-cache/.test(file))
  return cached ? leaked : [...leaked, `.next/cache keeps nothing of ${inAnswer}, which a page asked for`]
}

interface App {
  readonly origin: string
  stop(): Promise<void>
}

function start([command = '', ...words]: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<App> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = new Promise<void>((settle) => {
      child.on('close', () => settle())
    })
    let said = ''
    const hear = (chunk: Buffer): void => {
      said += String(chunk)
      const [origin] = /http:\/\/(?:localhost|127\.0\.0\.1):[1-9]\d*/.exec(said) ?? []
      if (origin === undefined || !/ready/i.test(said)) return
      resolve({
        origin,
        stop: () => {
          child.kill()
          return ended
        },
      })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', (code) => {
      reject(new Error(`\`next start\` ended with ${String(code)}: ${said.trim()}`))
    })
  })
}
