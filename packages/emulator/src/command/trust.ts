/** Whom the command trusts: the emulator's authority, and all whom it trusted before. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import tls from 'node:tls'
import type { Environment } from './run-environment.ts'
import { distinctCertificates } from './trust-store.ts'

/** Variables that name a file in the place of the roots, each with those whose file its readers take where it is not set. */
const replacing = {
  SSL_CERT_FILE: [],
  CURL_CA_BUNDLE: ['SSL_CERT_FILE'],
  REQUESTS_CA_BUNDLE: ['CURL_CA_BUNDLE'],
} as const

/** Variables that name a file beside the roots. */
const adding = ['NODE_EXTRA_CA_CERTS', 'DENO_CERT'] as const

export interface Trust {
  readonly variables: Readonly<Record<keyof typeof replacing | (typeof adding)[number], string>>
  /** PEM, one each: the emulator's authority, and the roots of this machine and of Node. */
  readonly roots: readonly string[]
  /** The caller's own files that cannot be read, a sentence each. */
  readonly problems: readonly string[]
}

/** Writes the files into `folder`. `caFile` has `ca`. */
export async function writeTrust(
  { folder, ca, caFile }: { readonly folder: string; readonly ca: string; readonly caFile: string },
  inherited: Environment,
): Promise<Trust> {
  const problems: string[] = []
  const roots = distinctCertificates([ca, ...systemRoots(), ...tls.rootCertificates])
  const common = join(folder, 'bundle.pem')
  await writeFile(common, `${roots.join('\n')}\n`)
  const merged = async (names: readonly string[], base: string, without: string): Promise<string> => {
    const name = names.find((one) => (inherited[one] ?? '') !== '')
    const path = name === undefined ? undefined : inherited[name]
    const own = path === undefined ? undefined : await readBundle(path)
    if (own === undefined) {
      if (path !== undefined) problems.push(`${name} is ${path}, which cannot be read, so it is left out`)
      return without
    }
    const file = join(folder, `${names[0]}.pem`)
    await writeFile(file, `${base}\n${own}\n`)
    return file
  }
  const all = roots.join('\n')
  return {
    variables: {
      SSL_CERT_FILE: await merged(['SSL_CERT_FILE', ...replacing.SSL_CERT_FILE], all, common),
      CURL_CA_BUNDLE: await merged(['CURL_CA_BUNDLE', ...replacing.CURL_CA_BUNDLE], all, common),
      REQUESTS_CA_BUNDLE: await merged(['REQUESTS_CA_BUNDLE', ...replacing.REQUESTS_CA_BUNDLE], all, common),
      NODE_EXTRA_CA_CERTS: await merged(['NODE_EXTRA_CA_CERTS'], ca, caFile),
      DENO_CERT: await merged(['DENO_CERT'], ca, caFile),
    },
    roots,
    problems: [...new Set(problems)],
  }
}

/** Node has it from 22.15 on; what the system trusts stands beside Node's own. */
function systemRoots(): readonly string[] {
  return 'getCACertificates' in tls ? tls.getCACertificates('system') : []
}

/** A file, or all files of a folder. */
async function readBundle(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return await readFile(path, 'utf8')
    const names = await readdir(path)
    const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8').catch(() => '')))
    return texts.filter((text) => text.includes('-----BEGIN CERTIFICATE-----')).join('\n')
  } catch {
    return undefined
  }
}
