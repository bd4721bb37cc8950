/** Builds the program of the .NET original, where its SDK and its packages are to be had. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const project = fileURLToPath(new URL('../dotnet/', import.meta.url))
const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' }

export interface DotnetProgram extends Disposable {
  readonly library: string
}

/** @returns why not, where it cannot be built. */
export async function buildDotnet(): Promise<DotnetProgram | string> {
  const version = await run('dotnet', ['--version'], { env }).catch(() => undefined)
  if (version === undefined || Number.parseInt(version.stdout, 10) < 10) return 'the .NET SDK 10 is not on this machine'
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-dotnet-'))
  const program = {
    library: join(folder, 'out', 'benchmark.dll'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
  cpSync(project, folder, { recursive: true })
  try {
    await run('dotnet', ['restore', folder], { env })
  } catch {
    program[Symbol.dispose]()
    return 'NuGet did not give Altinn.ApiClients.Maskinporten 10.2.1'
  }
  // No compiler and no build node may outlive the measure.
  const quiet = ['-nodeReuse:false', '-p:UseSharedCompilation=false']
  await run('dotnet', ['build', folder, '--no-restore', '-c', 'Release', '-o', join(folder, 'out'), ...quiet], { env })
  return program
}
