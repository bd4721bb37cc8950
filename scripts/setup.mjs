// What `npm start`, `npm test` and `npm run check` run first, on any Node from 20 on and with nothing installed: the
// packages of the lockfile, by the pnpm that `packageManager` names, and, where `engines.node` does not admit this
// Node, a newer one. Needs npm and Node's own modules only. The sha512 of both downloads stands in this repository: npm refuses
// a download that differs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const windows = process.platform === 'win32'
const platform = `${process.platform}-${process.arch}`

/** The newest Node whose plain binary is on the registry for all of these. */
const NODE_VERSION = '26.10.0'
/** Platform → package and, for each version, the integrity that `npm view <name>@<version> dist.integrity` says. */
const NODE_PACKAGES = JSON.parse(readFileSync(join(root, 'scripts', 'node-packages.json'), 'utf8'))
/** `npm ci` compares the sha512 of each download with that of package-lock.json. */
const VERIFIED_INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
/** Every tool of the lockfile has its binary for these. */
const PLATFORMS = [...Object.keys(NODE_PACKAGES), 'win32-arm64']

const nodePackage = NODE_PACKAGES[platform]
const nodeIsOld = !isAdmitted(process.versions.node, manifest.engines.node)
const nodeTarget = join(root, 'node_modules', '.bin', windows ? 'node.exe' : 'node')
/** Outside .bin, which pnpm sweeps. */
const nodeKept = join(root, 'node_modules', `.node-${NODE_VERSION}`)
/** Also where the Node that runs this is the one put there before: what stands behind it may be old. */
const nodeWanted = nodeIsOld || existsSync(nodeKept) || realpathOf(process.execPath) === realpathOf(nodeTarget)
/** Its package-lock.json has the integrity of pnpm and of its binaries. */
const pnpmFolder = join(root, 'scripts', 'pnpm')
const pnpmVersion = JSON.parse(readFileSync(join(pnpmFolder, 'package.json'), 'utf8')).dependencies.pnpm
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
  if (nodeIsOld && nodePackage === undefined) {
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
  if (installedPnpm() !== pnpmVersion) await run('npm', VERIFIED_INSTALL, pnpmFolder, `pnpm ${pnpmVersion}`)
  await run(
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

/** The binary out of its npm package. */
async function downloadNode() {
  if (existsSync(nodeKept)) return
  const folder = mkdtempSync(join(tmpdir(), 'maskinporten-kit-node-'))
  try {
    const { name, integrity: known } = nodePackage
    const integrity = known[NODE_VERSION]
    const wanted = { name: 'newer-node', dependencies: { [name]: NODE_VERSION } }
    const packages = { '': wanted, [`node_modules/${name}`]: { version: NODE_VERSION, integrity } }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(wanted))
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ name: wanted.name, lockfileVersion: 3, requires: true, packages }),
    )
    await run('npm', VERIFIED_INSTALL, folder, `Node ${NODE_VERSION}`)
    const binary = join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node')
    chmodSync(binary, 0o755)
    if (spawnSync(binary, ['--version']).status !== 0) {
      throw new Error(
        `Node ${NODE_VERSION} from the npm registry does not run on this machine. Install Node ${manifest.engines.node} yourself, then run the command again.`,
      )
    }
    copyFileSync(binary, nodeKept)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where npm and pnpm's shims look first, once pnpm is done there. */
function placeNode() {
  if (existsSync(nodeTarget) && statSync(nodeTarget).ino === statSync(nodeKept).ino) return
  mkdirSync(dirname(nodeTarget), { recursive: true })
  rmSync(nodeTarget, { force: true })
  try {
    linkSync(nodeKept, nodeTarget)
  } catch {
    copyFileSync(nodeKept, nodeTarget)
  }
}

function realpathOf(path) {
  return existsSync(path) ? realpathSync(path) : undefined
}

/** Its output is shown only when it fails. */
function run(command, words, cwd, what) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd,
      // npm is a script there. A path of ours may hold blanks, and goes through no shell.
      shell: windows && command === 'npm',
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm waits for more than a minute before it says that there is no network, and says nothing under `--silent`.
      env: {
        ...process.env,
        npm_config_fetch_retries: '1',
        npm_config_fetch_retry_mintimeout: '2000',
        npm_config_loglevel: 'error',
      },
    })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) =>
      reject(new Error(`${command} did not start (${error.code}). Install npm, which comes with Node.`)),
    )
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const text = Buffer.concat(output).toString('utf8').trim().split('\n').slice(-15).join('\n')
      reject(new Error(`installing ${what} failed. ${wayOut(text)} It said:\n${text}`))
    })
  })
}

function wayOut(text) {
  if (/EINTEGRITY|integrity checksum failed/i.test(text)) {
    return 'The registry sent something other than what this repository names by its sha512. Do not use it: check which registry answers (`npm config get registry`), clear its copy (`npm cache clean --force`), then run the command again.'
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|error sending request|network/i.test(text)) {
    return 'The npm registry cannot be reached: check the network or the proxy (`npm config get registry`), then run the command again.'
  }
  if (/SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED|DEPTH_ZERO/.test(text)) {
    return 'The npm registry answers with a certificate that is not trusted here: name the CA of your network (`npm config set cafile <file>`, or NODE_EXTRA_CA_CERTS), then run the command again.'
  }
  if (/EACCES|EROFS|EPERM|ENOSPC|permission denied|read-only/i.test(text)) {
    return 'A folder cannot be written to (this clone, the home folder or the temporary one): give yourself access to it, then run the command again.'
  }
  if (/OUTDATED_LOCKFILE/.test(text))
    return `The lockfile is behind a package.json: run \`npx -y pnpm@${pnpmVersion} install\` and commit pnpm-lock.yaml.`
  return 'Mend what it says, then run the command again.'
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
