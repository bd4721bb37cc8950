// A lockfile made on one machine can lack the binaries of another: then the repository works there and nowhere else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What setup.mjs promises. */
const PLATFORMS: readonly (readonly [string, string])[] = [
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
  ['win32', 'x64'],
  ['win32', 'arm64'],
]

/** Tools that are nothing without a binary: with none at all of it in the lockfile, it does not even look native there. */
const NATIVE_TOOL =
  /^(?:lightningcss|oxc-parser|oxc-resolver|oxfmt|oxlint|oxlint-tsgolint|rolldown|sherif|turbo|typescript(?!@[1-6]\.))@/
/** For one platform by its nature: the watcher of macOS, elsewhere not missed. */
const OF_ONE_PLATFORM: ReadonlySet<string> = new Set(['fsevents'])

export function platformBreaches(root: string): readonly string[] {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
  const native = nativePackages(lockfile)
  return [...families(lockfile, native)].flatMap(([family, members]) => {
    const lacking = PLATFORMS.filter(([os, cpu]) => !members.some((one) => one.os.has(os) && one.cpu.has(cpu)))
    return lacking.map(
      ([os, cpu]) =>
        `pnpm-lock.yaml: ${family} has no binary for ${os}-${cpu}; update it with \`pnpm update\`, do not delete it`,
    )
  })
}

interface Native {
  readonly os: ReadonlySet<string>
  readonly cpu: ReadonlySet<string>
}

/** 'name@version' → the platforms it is for. */
function nativePackages(lockfile: string): ReadonlyMap<string, Native> {
  const packages = new Map<string, Native>()
  for (const [, name = '', body = ''] of section(lockfile, 'packages').matchAll(
    /^ {2}'?([^\s':]+)'?:\n((?: {4}.*\n)+)/gm,
  )) {
    const list = (key: string): ReadonlySet<string> =>
      new Set(new RegExp(`^ {4}${key}: \\[(.*)\\]$`, 'm').exec(body)?.[1]?.split(', '))
    if (list('os').size > 0 || list('cpu').size > 0) packages.set(name, { os: list('os'), cpu: list('cpu') })
  }
  return packages
}

/** A package that runs by native ones among its optional dependencies → those, also when the lockfile has lost them all. */
function* families(
  lockfile: string,
  native: ReadonlyMap<string, Native>,
): Generator<readonly [string, readonly Native[]]> {
  for (const [, name = '', body = ''] of section(lockfile, 'snapshots').matchAll(
    /^ {2}'?([^\s':]+)'?:(?: \{\})?\n((?: {4}.*\n)*)/gm,
  )) {
    const optional = /^ {4}optionalDependencies:\n((?: {6}.*\n)+)/m.exec(body)?.[1] ?? ''
    const members = [...optional.matchAll(/^ {6}'?([^\s':]+)'?: '?([^\s'(]+)/gm)].flatMap(
      ([, one = '', version = '']) => {
        const found = native.get(`${one}@${version}`)
        return found === undefined || OF_ONE_PLATFORM.has(one) ? [] : [found]
      },
    )
    if (members.length > 0 || NATIVE_TOOL.test(name)) yield [name, members]
  }
}

function section(lockfile: string, name: string): string {
  return new RegExp(`^${name}:\\n\\n((?:(?: .*)?\\n)+)`, 'm').exec(lockfile)?.[1] ?? ''
}
