/** The .NET client and the .NET SDKs, unmodified, by the command. Skips, saying so, where `dotnet` or its packages are out of reach. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runFile } from './run-node.ts'

const command = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const project = fileURLToPath(new URL('dotnet', import.meta.url))
const environment = Object.fromEntries(
  Object.entries({ ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  ),
)

test(
  'the .NET client runs by `maskinporten-emulator run`: key from the vault by Azure’s own SDK, token, exchange, Storage',
  { timeout: 180_000 },
  async ({ skip }) => {
    const version = await runFile('dotnet', ['--version'], environment)
    if (version.code !== 0 || Number.parseInt(version.printed, 10) < 10) skip('the .NET SDK 10 is not on this machine')
    const folder = await mkdtemp(join(tmpdir(), 'emulator-dotnet-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await cp(project, folder, { recursive: true })
    const restored = await runFile('dotnet', ['restore', folder], environment)
    if (restored.code !== 0) skip('the packages of the .NET client could not be had from NuGet')
    // No compiler and no build node may outlive the test.
    const build = [
      'build',
      folder,
      '--no-restore',
      '--output',
      join(folder, 'out'),
      '-nodeReuse:false',
      '-p:UseSharedCompilation=false',
    ]
    const built = await runFile('dotnet', build, environment)
    expect([built.code, built.code === 0 ? '' : built.printed]).toEqual([0, ''])
    const emulate = ['--conditions=@maskinporten-kit/source', command, 'run', '--']
    const { code, printed, errors } = await runFile(
      process.execPath,
      [...emulate, 'dotnet', join(folder, 'out', 'app.dll')],
      environment,
    )
    expect([code, errors]).toEqual([0, 'maskinporten-emulator: 1 token, 1 exchange, 1 call, 0 refused\n'])
    expect(JSON.parse(printed)).toEqual({
      count: 0,
      self: 'https://platform.tt02.altinn.no/storage/api/v1/instances?org=ttd&appId=ttd/app',
      next: null,
      instances: [],
    })
  },
)
