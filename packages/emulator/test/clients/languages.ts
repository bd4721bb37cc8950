/** The clients that are tried, and by which command each runs. None of them knows of an emulator. */
import { mkdtempSync, globSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runFile } from '../run-node.ts'

export interface Client {
  readonly name: string
  /** Resolves to the command; undefined where the machine lacks what it needs. */
  readonly command: () => Promise<readonly string[] | undefined>
  /** What the machine lacks then. */
  readonly lack: string
  /** Of one that heeds no proxy of itself: the words behind the command with which it does. */
  readonly toHeedProxy?: readonly string[]
}

const folder = fileURLToPath(new URL('.', import.meta.url))
const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
const path = (script: string): string => join(folder, script)

async function works(...command: readonly string[]): Promise<boolean> {
  const [file = '', ...args] = command
  const { PATH = '' } = process.env
  return (await runFile(file, args, { PATH })).code === 0
}

/** The one on PATH may be another than the system's, which has the packages. */
async function python(...needed: readonly string[]): Promise<string | undefined> {
  for (const one of ['python3', '/usr/bin/python3']) {
    if (await works(one, '-c', `import ${needed.join(', ')}`)) return one
  }
  return undefined
}

function ofPython(script: string, ...needed: readonly string[]): Client {
  return {
    name: `Python: ${basename(script, '.py')}`,
    lack: `no python3 with ${needed.join(', ')} is here`,
    async command() {
      const found = await python(...needed)
      return found === undefined ? undefined : [found, path(script)]
    },
  }
}

/** One of PATH; `version` is how it tells its version. */
function ofProgram(name: string, script: string, ...version: readonly [string, ...string[]]): Client {
  return {
    name,
    lack: `no ${version[0]} is here`,
    command: async () => ((await works(...version)) ? [version[0], path(script)] : undefined),
  }
}

async function buildGo(): Promise<readonly string[] | undefined> {
  if (!(await works('go', 'version'))) return undefined
  const out = mkdtempSync(join(tmpdir(), 'emulator-go-'))
  process.once('exit', () => rmSync(out, { recursive: true, force: true }))
  const { code, errors } = await runFile('go', ['build', '-o', out, path('go/main.go')], {
    // The standard library alone, and nothing from the network.
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    GOFLAGS: '',
  })
  if (code !== 0) throw new Error(`go build: ${errors}`)
  return [join(out, 'main')]
}

/** As `check` keeps them (scripts/consumers/tools.ts), or of PATH. */
function ofTool(name: string, kept: string, ...options: readonly string[]): Client {
  const program = name.toLowerCase()
  return {
    name: `${name}: fetch and Web Crypto`,
    lack: `no ${program} is here: neither on PATH nor where \`npm run check\` keeps it`,
    async command() {
      const [found = program] = globSync(join(modules, '.consumer-tools', '*', 'node_modules', kept))
      return (await works(found, '--version')) ? [found, ...options, path('web/client.mjs')] : undefined
    },
  }
}

/** The Node of this process, or one that the tests on other Nodes or `check` keep (scripts/verified-node.mjs). */
async function node(major: number): Promise<string | undefined> {
  const kept = globSync(join(modules, '.nodes', `${major}.*`, 'node_modules', '*', 'bin', 'node{,.exe}'))
  for (const one of process.version.startsWith(`v${major}.`) ? [process.execPath, ...kept] : kept) {
    if (await works(one, '--use-env-proxy', '--version')) return one
  }
  return undefined
}

function ofNode(script: string): readonly Client[] {
  return [22, 24, 26].map((major) => ({
    name: `Node ${major}: ${basename(script, '.mjs')}`,
    lack: `no Node ${major} that heeds a proxy is here: neither this one nor where \`npm run test:nodes\` and \`check\` keep them`,
    async command() {
      const found = await node(major)
      return found === undefined ? undefined : [found, path(script)]
    },
  }))
}

export const clients: readonly Client[] = [
  ofPython('python/pyjwt_requests.py', 'jwt', 'cryptography', 'requests'),
  ofPython('python/pyjwt_httpx.py', 'jwt', 'cryptography', 'httpx'),
  ofPython('python/authlib_session.py', 'authlib', 'cryptography', 'requests'),
  ofProgram('Java: java.net.http.HttpClient', 'java/Client.java', 'java', '-version'),
  { name: 'Go: net/http', lack: 'no go is here', command: buildGo },
  {
    name: 'shell: curl and openssl',
    lack: 'no sh with curl and openssl is here',
    command: async () =>
      (await works('curl', '--version')) && (await works('openssl', 'version'))
        ? ['sh', path('shell/client.sh')]
        : undefined,
  },
  ofProgram('Ruby: net/http and openssl', 'ruby/client.rb', 'ruby', '--version'),
  ...ofNode('node/jsonwebtoken-axios.mjs'),
  ...ofNode('node/openid-client.mjs'),
  ...ofNode('node/oauth4webapi.mjs'),
  ...ofNode('node/undici.mjs'),
  ...ofNode('node/superagent.mjs').map((client) => ({ ...client, toHeedProxy: ['global-agent'] })),
  ofTool('Deno', '@deno/*/deno{,.exe}', 'run', '--allow-all', '--no-config', '--no-lock'),
  ofTool('Bun', '@oven/bun-*/bin/bun{,.exe}', 'run'),
]
