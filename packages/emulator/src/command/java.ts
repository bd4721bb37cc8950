/** `JAVA_TOOL_OPTIONS`, which every JVM reads: the proxy, and whom to trust. */
import { execFile } from 'node:child_process'
import { realpath, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Environment } from './run-environment.ts'
import { find, type Runtime } from './runtime.ts'
import { trustStore } from './trust-store.ts'

export interface JavaParts {
  readonly folder: string
  readonly proxy: string
  /** Hosts that are called without the proxy, as NO_PROXY has them. */
  readonly past: readonly string[]
  /** PEM, one each: the emulator's authority first. */
  readonly roots: readonly string[]
  readonly runtime: Runtime | undefined
  /** Aborted: no JVM is waited for. */
  readonly stopped?: AbortSignal | undefined
}

/** The caller's own options stand in front; of two of the same name, a JVM takes the last. */
export async function javaOptions(
  { folder, proxy, past, roots, runtime, stopped }: JavaParts,
  inherited: Environment,
): Promise<string> {
  const own = inherited['JAVA_TOOL_OPTIONS'] ?? ''
  const store = join(folder, 'trust.p12')
  // Asking a JVM costs a second: not for what runs on something else.
  const jvm = runtime === undefined || runtime.name === 'java' ? await rootsOfJvm(own, inherited, stopped) : []
  await writeFile(store, trustStore([...roots, ...jvm]))
  const { hostname, port } = new URL(proxy)
  const properties = {
    'http.proxyHost': hostname,
    'http.proxyPort': port,
    'https.proxyHost': hostname,
    'https.proxyPort': port,
    'http.nonProxyHosts': past.map(patternOf).join('|'),
    'javax.net.ssl.trustStore': store,
    'javax.net.ssl.trustStoreType': 'PKCS12',
    // No secret and no protection: it holds certificates only. Empty, a password of the caller's own counts for nothing.
    'javax.net.ssl.trustStorePassword': '',
  }
  const options = Object.entries(properties).map(([name, value]) => quoted(`-D${name}=${value}`))
  return [own, ...options].filter((option) => option !== '').join(' ')
}

/** Of an entry of NO_PROXY: Java knows no ports, puts IPv6 into brackets, and writes a domain as `*.example.com`. */
function patternOf(entry: string): string {
  if (/^[^[]*:[^[]*:/.test(entry)) return `[${entry}]`
  return entry.replace(/:\d+$/, '').replace(/^\./, '*.')
}

/** A JVM splits the variable at white space outside quotes. */
function quoted(option: string): string {
  if (!/[\s"']/.test(option)) return option
  return option.includes('"') ? `'${option}'` : `"${option}"`
}

/** What the JVMs of JAVA_HOME and of PATH trust, and the store of the caller's own options, PEM. Without a JVM: nothing. */
async function rootsOfJvm(
  options: string,
  inherited: Environment,
  stopped: AbortSignal | undefined,
): Promise<readonly string[]> {
  // A JVM tells on standard error that it takes them, and they are not for keytool.
  const env = { ...inherited, JAVA_TOOL_OPTIONS: undefined }
  const keytools = await findKeytools(inherited)
  const list = async (keytool: string, store: readonly string[], password = 'changeit'): Promise<readonly string[]> => {
    const args = ['-list', '-rfc', ...store, '-storepass:env', passwordName]
    const printed = await read(keytool, args, { ...env, [passwordName]: password }, stopped)
    return printed.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  }
  const rootsOf = async (keytool: string): Promise<readonly string[]> => {
    const roots = await list(keytool, ['-cacerts'])
    // Java 8 does not know the option.
    return roots.length > 0
      ? roots
      : list(keytool, ['-keystore', join(dirname(keytool), '..', 'lib', 'security', 'cacerts')])
  }
  const own = propertyOf(options, 'trustStore')
  const [keytool] = keytools
  const found = await Promise.all([
    ...keytools.map(rootsOf),
    ...(own === undefined || keytool === undefined
      ? []
      : [list(keytool, ['-keystore', own], propertyOf(options, 'trustStorePassword'))]),
  ])
  return found.flat()
}

const passwordName = 'EMULATED_MASKINPORTEN_STOREPASS'

/** Of `javax.net.ssl`, as a JVM reads the option: in quotes or without. */
function propertyOf(options: string, name: string): string | undefined {
  const property = String.raw`-Djavax\.net\.ssl\.${name}=`
  const [, double, single, bare] =
    new RegExp(`"${property}([^"]*)"|'${property}([^']*)'|${property}(\\S*)`).exec(options) ?? []
  return double ?? single ?? bare
}

/** Each once: links of the system lead to the same JVM. */
async function findKeytools(env: Environment): Promise<readonly string[]> {
  const program = process.platform === 'win32' ? 'keytool.exe' : 'keytool'
  const home = env['JAVA_HOME'] ?? ''
  const named = home === '' ? [] : [join(home, 'bin', program)]
  const found = await Promise.all([...named, program].map((one) => find(one, { env, folder: process.cwd() })))
  const there = found.filter((path) => path !== undefined)
  return [...new Set(await Promise.all(there.map((path) => realpath(path))))]
}

function read(
  program: string,
  args: readonly string[],
  env: Environment,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { env, signal, timeout: 20_000, maxBuffer: 16 * 1024 * 1024 }, (error, printed) =>
      resolve(error ? '' : printed),
    )
  })
}
