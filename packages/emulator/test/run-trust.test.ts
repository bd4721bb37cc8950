import { execFile, execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { javaOptions } from '../src/command/java.ts'
import { writeTrust } from '../src/command/trust.ts'
import { trustStore } from '../src/command/trust-store.ts'
import { createCertificateAuthority } from '../src/tokens/certificates.ts'
import { proxyUnheeded } from './run-node.ts'
import { folderWith, runAround } from './run-under.ts'

const timeout = 120_000
const execute = promisify(execFile)
const [ours, mine, javas] = await Promise.all([
  createCertificateAuthority(),
  createCertificateAuthority(),
  createCertificateAuthority(),
])

/** Prints the variables, and how many certificates are in the files that some of them name. */
const tell = `
  import { readFileSync } from 'node:fs'
  await fetch('https://test.maskinporten.no/jwk').catch(() => undefined)
  const files = ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'DENO_CERT']
  console.log(JSON.stringify({ env: process.env, files: Object.fromEntries(files.map((name) => [name, readFileSync(process.env[name], 'utf8')])) }))`
const node = [process.execPath, '--input-type=module', '--eval', tell]

interface Told {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly files: Readonly<Record<string, string>>
}

const certificates = (text = ''): readonly string[] => text.match(/-----BEGIN CERTIFICATE-----/g) ?? []
const firstRoot = tls.rootCertificates[0] ?? ''

test.skipIf(proxyUnheeded)('a file that takes the place of the roots has the roots, too', { timeout }, async () => {
  const { printed } = await runAround(node)
  const { files, env }: Told = JSON.parse(printed)
  for (const name of ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE']) {
    expect(files[name]).toContain(firstRoot)
    expect(certificates(files[name]).length).toBeGreaterThan(tls.rootCertificates.length)
  }
  expect([files['NODE_EXTRA_CA_CERTS'], files['DENO_CERT']].map((text) => certificates(text).length)).toEqual([1, 1])
  const { HTTPS_PROXY, HTTP_PROXY, http_proxy, https_proxy, NO_PROXY, no_proxy } = env
  expect(new Set([HTTPS_PROXY, HTTP_PROXY, http_proxy, https_proxy]).size).toBe(1)
  expect([NO_PROXY, no_proxy]).toEqual(['localhost,127.0.0.1,::1', 'localhost,127.0.0.1,::1'])
})

const caFile = join(tmpdir(), 'ca-of-the-emulator.pem')

/** In process: what each file holds, and the sentences. */
async function filesOf(
  inherited: Readonly<Record<string, string>>,
): Promise<{ readonly files: Readonly<Record<string, string>>; readonly problems: readonly string[] }> {
  const folder = await folderWith({})
  const { variables, problems } = await writeTrust({ folder, ca: ours.pem, caFile }, inherited)
  const read = async ([name, path]: readonly [string, string]): Promise<readonly [string, string]> => [
    name,
    path === caFile ? ours.pem : await readFile(path, 'utf8'),
  ]
  return { files: Object.fromEntries(await Promise.all(Object.entries(variables).map(read))), problems }
}

test.each([
  ['SSL_CERT_FILE', ['SSL_CERT_FILE', 'CURL_CA_BUNDLE'], true],
  ['CURL_CA_BUNDLE', ['CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'], true],
  ['REQUESTS_CA_BUNDLE', ['REQUESTS_CA_BUNDLE'], true],
  ['NODE_EXTRA_CA_CERTS', ['NODE_EXTRA_CA_CERTS'], false],
  ['DENO_CERT', ['DENO_CERT'], false],
] as const)("the user's own %s is in ours", async (name, holders, roots) => {
  const folder = await folderWith({ 'own.pem': mine.pem })
  const { files, problems } = await filesOf({ [name]: join(folder, 'own.pem') })
  const having = (pem: string): readonly string[] =>
    Object.entries(files).flatMap(([holder, text]) => (text.includes(pem.trim()) ? [holder] : []))
  expect(having(mine.pem).toSorted()).toEqual([...holders].toSorted())
  expect(having(ours.pem)).toEqual(Object.keys(files))
  expect(files[name]?.includes(firstRoot)).toBe(roots)
  expect(problems).toEqual([])
})

test('a folder of certificates is taken, and a file that is not there told', async () => {
  const folder = await folderWith({ 'a.pem': mine.pem, 'b.0': javas.pem, readme: 'no certificate' })
  const { files, problems } = await filesOf({ REQUESTS_CA_BUNDLE: folder, SSL_CERT_FILE: join(folder, 'nowhere.pem') })
  for (const pem of [mine.pem, javas.pem]) expect(files['REQUESTS_CA_BUNDLE']).toContain(pem.trim())
  expect(files['SSL_CERT_FILE']).toContain(firstRoot)
  expect(problems).toEqual([`SSL_CERT_FILE is ${join(folder, 'nowhere.pem')}, which cannot be read, so it is left out`])
})

test('JAVA_TOOL_OPTIONS of the user stand in front of ours, and a path with spaces in quotes', async () => {
  const folder = join(await folderWith({}), 'with a space')
  await mkdir(folder)
  const runtime = { name: 'node', program: 'node' } as const
  const past = ['localhost', '::1', '.example.com', '10.0.0.1:8080', '[fe80::1]:80']
  const parts = { folder, proxy: 'http://127.0.0.1:8057', past, roots: [ours.pem], runtime }
  expect(await javaOptions(parts, { JAVA_TOOL_OPTIONS: '-Dmine=1' })).toBe(
    [
      '-Dmine=1',
      '-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=8057 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8057',
      '-Dhttp.nonProxyHosts=localhost|[::1]|*.example.com|10.0.0.1|[fe80::1]',
      `"-Djavax.net.ssl.trustStore=${join(folder, 'trust.p12')}"`,
      '-Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=',
    ].join(' '),
  )
})

const keytool = ((): string | undefined => {
  try {
    execFileSync('keytool', ['-help'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'no keytool is here: openjdk-17-jdk-headless has it'
  }
})()

test('keytool reads the trust store, each certificate as trusted', { timeout }, async ({ skip }) => {
  skip(keytool !== undefined, keytool)
  const folder = await folderWith({})
  const store = join(folder, 'trust.p12')
  await writeFile(store, trustStore([mine.pem, mine.pem, ...tls.rootCertificates]))
  const { stdout } = await execute(
    'keytool',
    ['-list', '-rfc', '-keystore', store, '-storetype', 'PKCS12', '-storepass', ''],
    { maxBuffer: 1e8 },
  ).catch(() =>
    execute('keytool', ['-list', '-rfc', '-keystore', store, '-storetype', 'PKCS12', '-storepass', 'changeit'], {
      maxBuffer: 1e8,
    }),
  )
  expect(stdout).toContain('trustedCertEntry')
  expect(certificates(stdout).length).toBe(tls.rootCertificates.length + 1)
})

const client = `
import java.net.URI;
import java.net.http.*;
import java.security.KeyStore;
import javax.net.ssl.*;
public class Client {
  public static void main(String[] args) throws Exception {
    var answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("https://test.maskinporten.no/jwk")).build(), HttpResponse.BodyHandlers.ofString());
    var connection = (HttpsURLConnection) URI.create("https://platform.tt02.altinn.no/authentication/api/v1/openid/.well-known/openid-configuration").toURL().openConnection();
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    var trusted = ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
    var control = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(System.getenv("EMULATED_MASKINPORTEN_CONTROL") + "/health")).build(), HttpResponse.BodyHandlers.ofString());
    System.out.println(answer.statusCode() + " " + connection.getResponseCode() + " " + control.statusCode());
    for (var one : trusted) System.out.println(java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(one.getEncoded())));
  }
}`

test(
  "a JVM goes through the proxy, and trusts the emulator, its own roots and those of the user's own store",
  { timeout },
  async ({ skip }) => {
    skip(keytool !== undefined, keytool)
    const folder = await folderWith({ 'Client.java': client, 'own.pem': javas.pem })
    const own = join(folder, 'own store.jks')
    await execute('keytool', [
      '-importcert',
      '-noprompt',
      '-alias',
      'own',
      '-file',
      join(folder, 'own.pem'),
      '-keystore',
      own,
      '-storepass',
      'secret-of-store',
    ])
    const env = {
      JAVA_TOOL_OPTIONS: `"-Djavax.net.ssl.trustStore=${own}" -Djavax.net.ssl.trustStorePassword=secret-of-store`,
    }
    const { printed, errors, code } = await runAround(['java', join(folder, 'Client.java')], {
      env,
      args: ['--strict'],
    })
    const [answers, ...trusted] = printed.trim().split('\n')
    expect([answers, code]).toEqual(['200 200 200', 0])
    const { stdout } = await execute('keytool', ['-list', '-rfc', '-cacerts', '-storepass', 'changeit'], {
      maxBuffer: 1e8,
    })
    const roots = stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    const hash = (pem: string): string => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
    expect(roots.length).toBeGreaterThan(10)
    expect([...roots, javas.pem].map(hash).filter((one) => !trusted.includes(one))).toEqual([])
    expect(errors).toContain('Picked up JAVA_TOOL_OPTIONS')
  },
)
