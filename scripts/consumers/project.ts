// A project far from this workspace, into which a user installs the tarballs by npm.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packedTarballs } from '../release/tarballs.ts'
import { mustRun } from '../run-command.ts'
import { importedPackages } from '../structure/readme-breaches.ts'
import { catalog, publicPackages, readJson, record, type Json } from '../workspace.ts'

export interface Project {
  readonly folder: string
  readonly remove: () => void
}

/** A copy of a folder beside this file, with our packages, or those named, and what `others` asks for beside them. */
export async function createProject(fixture: string, only?: readonly string[], others: Json = {}): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), `consumer-${fixture}-`))
  for (const source of [fixture, 'serve.mjs']) {
    const target = source === fixture ? folder : join(folder, source)
    cpSync(join(import.meta.dirname, source), target, { recursive: true })
  }
  const tarballs = packedTarballs().filter(({ short }) => only?.includes(short) ?? true)
  const ours = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  const manifest = readJson(join(folder, 'package.json'))
  const dependencies = { ...record(manifest['dependencies']), ...ours, ...others }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, dependencies }))
  const words = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
  await mustRun(['npm', 'install', ...words, '--strict-peer-deps', '--prefer-offline'], { cwd: folder })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What a user installs beside ours, at the versions this workspace is tested with: their peers, and what READMEs import. */
export function besideOurs(): Json {
  const manifests = publicPackages().map(({ manifest }) => manifest)
  const peers = manifests.flatMap((manifest) => Object.keys(record(manifest['peerDependencies'])))
  const readmes = publicPackages().map(({ folder }) => readFileSync(join(folder, 'README.md'), 'utf8'))
  const tested = manifests.reduce<Json>((all, one) => ({ ...all, ...record(one['devDependencies']) }), {})
  const shared = catalog()
  return Object.fromEntries(
    [...new Set(['@types/node', ...peers, ...readmes.flatMap(importedPackages)])]
      .filter((name) => !name.startsWith('@maskinporten-kit/'))
      .map((name) => [name, shared[name] ?? tested[name] ?? '*']),
  )
}
