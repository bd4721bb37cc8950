// What `npm start`, `npm test` and `npm run check` run first, on any Node from 20 on and with nothing installed: the
// packages of the lockfile, by the pnpm that `packageManager` names, and, where `engines.node` does not admit this
// Node, a newer one. Needs npm and Node's own modules only. The sha512 of both downloads stands in this repository: npm refuses
// a download that differs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PNPM_VERSION, runInstall, VERIFIED_INSTALL } from './verified-install.mjs'
import { NODE_PACKAGES, verifiedNode } from './verified-node.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const windows = process.platform === 'win32'
const platform = `${process.platform}-${process.arch}`

/** The newest Node whose plain binary is on the registry for all of these. */
const NODE_VERSION = '26.10.0'
/** Every tool of the lockfile has its binary for these. */
const PLATFORMS = [...Object.keys(NODE_PACKAGES), 'win32-arm64']

const nodeIsOld = !isAdmitted(process.versions.node, manifest.engines.node)
const nodeTarget = join(root, 'node_modules', '.bin', windows ? 'node.exe' : 'node')
/** Outside .bin, which pnpm sweeps. */
const nodeKept = join(root, 'node_modules', `.node-${NODE_VERSION}`)
/** Also where the Node that runs this is the one put there before: what stands behind it may be old. */
const nodeWanted = nodeIsOld || existsSync(nodeKept) || realpathOf(process.execPath) === realpathOf(nodeTarget)
/** Its package-lock.json has the integrity of pnpm and of its binaries. */
const pnpmFolder = join(root, 'scripts', 'pnpm')
const pnpmScript = join(pnpmFolder, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs')
const stampFile = join(root, 'node_modules', '.setup')
const stamp = createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .update(readFileSync(join(root, 'package.json')))
  .update(readFileSync(join(pnpmFolder, 'package-lock.json')))
  .update(`${platform} ${NODE_VERSION}`)
  .digest('hex')

if (!isDone()) {
  try {
    refuseWhatCannotWork()
    await Promise.all([installPackages(), nodeWanted ? downloadNode() : undefined])
    if (nodeWanted) placeNode()
    writeFileSync(stampFile, stamp)
  } catch (error) {
    console.error(`set-up: ${error.message}`)
    process.exit(1)
  }
}

/** Warm: nothing changed since the last set-up, so nothing is asked of the network. */
function isDone() {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) return false
  return existsSync(pnpmScript) && (!nodeWanted || existsSync(nodeTarget))
}

function refuseWhatCannotWork() {
  const byHand = `Install Node ${manifest.engines.node} yourself, then run the command again.`
  if (!PLATFORMS.includes(platform)) {
    throw new Error(
      `${platform} is not a platform that this repository's tools have binaries for; use one of ${PLATFORMS.join(', ')}.`,
    )
  }
  if (nodeIsOld && NODE_PACKAGES[platform] === undefined) {
    throw new Error(
      `Node ${process.versions.node} is too old, and the npm registry has no newer one for ${platform}. ${byHand}`,
    )
  }
  if (
    nodeIsOld &&
    process.platform === 'linux' &&
    process.report.getReport().header.glibcVersionRuntime === undefined
  ) {
    throw new Error(
      `Node ${process.versions.node} is too old, and the newer one on the npm registry needs glibc, which this Linux lacks. ${byHand}`,
    )
  }
  try {
    mkdirSync(dirname(nodeTarget), { recursive: true })
    accessSync(dirname(nodeTarget), constants.W_OK)
  } catch (error) {
    throw new Error(
      `cannot write to ${join(root, 'node_modules')} (${error.code}). Clone the repository into a folder you own, or give yourself write access to it.`,
      { cause: error },
    )
  }
}

async function installPackages() {
  if (installedPnpm() !== PNPM_VERSION) await runInstall('npm', VERIFIED_INSTALL, pnpmFolder, `pnpm ${PNPM_VERSION}`)
  await runInstall(
    process.execPath,
    [pnpmScript, 'install', '--frozen-lockfile', '--prefer-offline'],
    root,
    'the packages of pnpm-lock.yaml',
  )
}

function installedPnpm() {
  const path = join(pnpmFolder, 'node_modules', 'pnpm', 'package.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : undefined
}

/** Outside .bin, and linked from there once pnpm is done with it. */
async function downloadNode() {
  if (existsSync(nodeKept)) return
  const binary = await verifiedNode(NODE_VERSION)
  if (spawnSync(binary, ['--version']).status !== 0) {
    throw new Error(
      `Node ${NODE_VERSION} from the npm registry does not run on this machine. Install Node ${manifest.engines.node} yourself, then run the command again.`,
    )
  }
  linkOrCopy(binary, nodeKept)
}

/** Where npm and pnpm's shims look first, once pnpm is done there. */
function placeNode() {
  if (existsSync(nodeTarget) && statSync(nodeTarget).ino === statSync(nodeKept).ino) return
  mkdirSync(dirname(nodeTarget), { recursive: true })
  rmSync(nodeTarget, { force: true })
  linkOrCopy(nodeKept, nodeTarget)
}

function linkOrCopy(from, to) {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

function realpathOf(path) {
  return existsSync(path) ? realpathSync(path) : undefined
}

/** Of the ranges of semver only what `engines.node` uses: `^` and `>=` with three numbers, joined by `||`. */
function isAdmitted(version, range) {
  const numbers = version.split('.').map(Number)
  return range.split('||').some((one) => {
    const [, sign, ...least] = /^(\^|>=)(\d+)\.(\d+)\.(\d+)$/.exec(one.trim())
    const differences = least.map((text, index) => numbers[index] - Number(text))
    const newerOrSame = (differences.find((difference) => difference !== 0) ?? 0) >= 0
    return newerOrSame && (sign === '>=' || differences[0] === 0)
  })
}
