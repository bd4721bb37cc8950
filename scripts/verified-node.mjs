// Versions of Node from the npm registry, each by the sha512 that node-packages.json names. Runs on any Node from 20 on.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInstall, VERIFIED_INSTALL } from './verified-install.mjs'

const scripts = dirname(fileURLToPath(import.meta.url))

/** Platform → package and, for each version, the integrity that `npm view <name>@<version> dist.integrity` says. */
export const NODE_PACKAGES = JSON.parse(readFileSync(join(scripts, 'node-packages.json'), 'utf8'))

/** The path of its binary, which is kept between runs. Undefined where there is none for this platform. */
export async function verifiedNode(version) {
  const { name, integrity } = NODE_PACKAGES[`${process.platform}-${process.arch}`] ?? {}
  const hash = integrity?.[version]
  if (hash === undefined) return undefined
  const folder = join(dirname(scripts), 'node_modules', '.nodes', version)
  const inside = join('node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(join(folder, inside))) return join(folder, inside)
  const unfinished = `${folder}-${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  try {
    const wanted = { name: 'other-node', dependencies: { [name]: version } }
    const packages = { '': wanted, [`node_modules/${name}`]: { version, integrity: hash } }
    const lockfile = { name: wanted.name, lockfileVersion: 3, requires: true, packages }
    writeFileSync(join(unfinished, 'package.json'), JSON.stringify(wanted))
    writeFileSync(join(unfinished, 'package-lock.json'), JSON.stringify(lockfile))
    await runInstall('npm', VERIFIED_INSTALL, unfinished, `Node ${version}`)
    chmodSync(join(unfinished, inside), 0o755)
    rmSync(folder, { recursive: true, force: true })
    renameSync(unfinished, folder)
    return join(folder, inside)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}
