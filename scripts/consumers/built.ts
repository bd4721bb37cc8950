// The packed packages in bundles and in Jest: each of these says what went wrong, or nothing.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../run-command.ts'
import { record, root } from '../workspace.ts'
import type { Project } from './project.ts'
import type { Runtime } from './tools.ts'

/** It shows the lines of Jest's configuration. */
const README = join(root, 'README.md')

const BUNDLERS: Readonly<Record<string, readonly string[]>> = {
  esbuild: [
    'node_modules/esbuild/bin/esbuild',
    'bundles/app.mjs',
    '--bundle',
    '--platform=node',
    '--log-level=warning',
    '--outfile=bundles/esbuild.cjs',
  ],
  rolldown: ['node_modules/rolldown/bin/cli.mjs', '-c', 'bundles/rolldown.config.mjs'],
  webpack: ['bundles/webpack.mjs'],
}

/** An app with every adapter and every source, as one file; it reads its settings from appsettings.json. */
export async function bundleAndRun(
  project: Pick<Project, 'folder'>,
  { command }: Runtime,
  emulator: string,
): Promise<readonly string[]> {
  const found: string[] = []
  const cwd = join(project.folder, 'runs')
  mkdirSync(cwd, { recursive: true })
  const { settings } = record(JSON.parse(emulator))
  writeFileSync(join(cwd, 'appsettings.json'), JSON.stringify({ MaskinportenSettings: settings }))
  for (const [name, words] of Object.entries(BUNDLERS)) {
    const bundled = await runCommand([...command, ...words], { cwd: project.folder })
    if (bundled.code !== 0) {
      found.push(`${name} does not bundle: ${bundled.output.trim()}`)
      continue
    }
    const file = join(project.folder, 'bundles', `${name}.cjs`)
    const ran = await runCommand([...command, file], { cwd, env: { EMULATOR: emulator } })
    if (ran.code !== 0 || !ran.output.includes('[200,200,200]'))
      found.push(`a bundle of ${name} does not do the main job: ${ran.output.trim()}`)
  }
  return found
}

/** core and fetch in Vercel's edge runtime. */
export async function edge(
  { folder }: Pick<Project, 'folder'>,
  { command }: Runtime,
  emulator: string,
): Promise<readonly string[]> {
  const options = ['--bundle', '--format=iife', '--global-name=app', '--conditions=edge-light,worker,browser']
  const bundled = await runCommand(
    [...command, 'node_modules/esbuild/bin/esbuild', 'main-job.mjs', ...options, '--outfile=bundles/edge.js'],
    { cwd: folder },
  )
  if (bundled.code !== 0) return [`edge-runtime: esbuild does not bundle: ${bundled.output.trim()}`]
  const { code, output } = await runCommand([...command, 'edge.mjs', 'bundles/edge.js'], {
    cwd: folder,
    env: { EMULATOR: emulator },
  })
  return code === 0 && output.includes('"status":200') ? [] : [`edge-runtime cannot do the main job: ${output.trim()}`]
}

/** In its CommonJS default and with modules, with the configuration that the documentation shows. */
export async function jest({ folder }: Pick<Project, 'folder'>, { command }: Runtime): Promise<readonly string[]> {
  const found: string[] = []
  const documented = readFileSync(README, 'utf8')
  for (const [kind, flags] of [
    ['commonjs', []],
    ['modules', ['--experimental-vm-modules']],
  ] as const) {
    const config = `jest/${kind}/jest.config.js`
    const line = /^ *(transform\w*: .*),$/m.exec(readFileSync(join(folder, config), 'utf8'))?.[1]
    if (line === undefined || !documented.includes(line))
      found.push(`Jest, ${kind}: README.md does not show the line ${line ?? 'of its configuration'}`)
    const words = [...flags, 'node_modules/jest/bin/jest.js', '--rootDir', `jest/${kind}`, '--config', config]
    const { code, output } = await runCommand([...command, ...words], { cwd: folder })
    if (code !== 0) found.push(`Jest, ${kind}: ${output.trim()}`)
  }
  return found
}
