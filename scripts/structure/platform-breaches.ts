// A lockfile made on one machine can lack the binaries of another: then the repository works there and nowhere else.
import { join } from 'node:path'
import { readYaml, record } from '../workspace.ts'

/** What setup.mjs promises. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'] as const

/** Tools that are nothing without a binary: with none at all of it in the lockfile, it does not even look native there. */
const NATIVE_TOOL =
  /^(?:lightningcss|oxc-parser|oxc-resolver|oxfmt|oxlint|oxlint-tsgolint|rolldown|sherif|turbo|typescript(?!@[1-6]\.))@/
/** For one platform by its nature: the watcher of macOS, elsewhere not missed. */
const OF_ONE_PLATFORM: ReadonlySet<string> = new Set(['fsevents'])

/** A package with native binaries lists them as optional dependencies, one for each platform. */
export function platformBreaches(root: string): readonly string[] {
  const lockfile = readYaml(join(root, 'pnpm-lock.yaml'))
  const packages = record(lockfile['packages'])
  return Object.entries(record(lockfile['snapshots'])).flatMap(([name, snapshot]) => {
    const native = Object.entries(record(record(snapshot)['optionalDependencies']))
      .filter(([one]) => !OF_ONE_PLATFORM.has(one))
      .map(([one, version]) => record(packages[`${one}@${String(version).replace(/\(.*/, '')}`]))
      .filter(({ os, cpu }) => os !== undefined || cpu !== undefined)
    if (native.length === 0 && !NATIVE_TOOL.test(name)) return []
    return PLATFORMS.filter((platform) => !native.some((one) => isFor(one, platform))).map(
      (platform) =>
        `pnpm-lock.yaml: ${name} has no binary for ${platform}; update it with \`pnpm update\`, do not delete it`,
    )
  })
}

function isFor({ os, cpu }: ReturnType<typeof record>, platform: string): boolean {
  const [wantedOs, wantedCpu] = platform.split('-')
  return [os, cpu].every((list, at) => Array.isArray(list) && list.includes([wantedOs, wantedCpu][at]))
}
