// Other versions of Node, from the npm registry, each by the sha512 that scripts/node-packages.json names.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mustRun } from './run-command.ts'
import { readJson, record, root } from './workspace.ts'

/** The path of its binary, which is kept between runs. Undefined where there is none for this platform. */
export async function verifiedNode(version: string): Promise<string | undefined> {
  const packages = readJson(join(root, 'scripts', 'node-packages.json'))
  const { name, integrity } = record(packages[`${process.platform}-${process.arch}`])
  const hash = record(integrity)[version]
  if (typeof name !== 'string' || typeof hash !== 'string') return undefined
  const folder = join(root, 'node_modules', '.nodes', version)
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(binary)) return binary
  const unfinished = `${folder}-${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  const wanted = { name: 'other-node', dependencies: { [name]: version } }
  const locked = { '': wanted, [`node_modules/${name}`]: { version, integrity: hash } }
  const lockfile = { name: wanted.name, lockfileVersion: 3, requires: true, packages: locked }
  writeFileSync(join(unfinished, 'package.json'), JSON.stringify(wanted))
  writeFileSync(join(unfinished, 'package-lock.json'), JSON.stringify(lockfile))
  await mustRun(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: unfinished })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  renameSync(unfinished, folder)
  return binary
}
