/** The .NET client that this one is modelled on: built once for a machine, then one process a call. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PROJECT = join(import.meta.dirname, 'original')
const CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache')

export interface Original {
  /** GETs the address with the client's token. Rejects when the process does, with what it said. */
  call(address: string, place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }): Promise<void>
}

/** A sentence instead, where it cannot be had: without the SDK, or without NuGet. Rejects when it does not compile. */
export async function findOriginal(): Promise<Original | string> {
  const sdks = await run('dotnet', ['--list-sdks']).then(
    ({ stdout }) => stdout,
    () => '',
  )
  if (!/^(?:1\d|[2-9]\d)\./m.test(sdks)) return 'the .NET SDK 10 is not on this machine, so the original was not asked'
  const files = ['original.csproj', 'Program.cs']
  const hash = createHash('sha256').update(sdks)
  for (const text of await Promise.all(files.map((file) => readFile(join(PROJECT, file))))) hash.update(text)
  const built = join(CACHE, `original-${hash.digest('hex').slice(0, 16)}`)
  const failure = existsSync(built) ? undefined : await build(files, built)
  if (failure !== undefined) return failure
  return {
    async call(address, { cwd, env }) {
      // Nothing else of this machine's: .NET would read settings, environment and proxy from there.
      const needed = ['PATH', 'HOME', 'DOTNET_ROOT', 'SystemRoot'].flatMap((name) => {
        const value = process.env[name]
        return value === undefined ? [] : [[name, value] as const]
      })
      const whole = { ...Object.fromEntries(needed), ...env }
      await run('dotnet', [join(built, 'original.dll'), address], { cwd, env: whole, timeout: 30_000 })
    },
  }
}

/** Into a folder of its own, which then gets its name: another run may be building as well. */
async function build(files: readonly string[], built: string): Promise<string | undefined> {
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(join(CACHE, 'original-build-'))
  try {
    await Promise.all(files.map((file) => cp(join(PROJECT, file), join(folder, file))))
    const options = ['--configuration', 'Release', '--output', join(folder, 'out'), '--nologo']
    // No server is left behind that would serve the next build.
    await run('dotnet', ['build', folder, ...options, '-nodeReuse:false', '-p:UseSharedCompilation=false'], {
      env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', DOTNET_CLI_USE_MSBUILD_SERVER: '0' },
    })
    await rename(join(folder, 'out'), built).catch((error: unknown) => {
      if (!existsSync(built)) throw error
    })
    return undefined
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
    if (/\bNU1301\b/.test(said)) return 'NuGet cannot be reached from here, so the original was not asked'
    throw new Error(`the original does not build: ${said}`, { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
