/** The .NET original and ours on the same emulator, one client a process. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from '../built-packages.ts'
import { buildDotnet } from '../dotnet-original.ts'
import type { Measure } from '../measure.ts'
import { type Round, interleave } from '../rounds.ts'
import { type Emulated, startEmulated } from '../server/emulated.ts'

const CALLS = 2_000
const ORIGINAL = 'the .NET original'
/** The calls after the first without us. */
const BARE = 'ours, then bare fetch'
const OURS = fileURLToPath(new URL('../processes/altinn-calls.mjs', import.meta.url))

export const dotnet: Measure = {
  name: 'dotnet',
  title: 'Altinn calls with the token exchanged, against Altinn.ApiClients.Maskinporten 10.2.1',
  figures: [
    { name: 'process start to the first call', unit: 'ms', against: ORIGINAL },
    { name: 'each of 2,000 more', unit: 'ms', against: ORIGINAL },
  ],
  budget: [
    { system: 'ours', figure: 'process start to the first call', atMost: 0.8 },
    { system: 'ours', figure: 'each of 2,000 more', atMost: 1.2, accepted: 2.5 },
  ],
  systems: [ORIGINAL, 'ours', BARE],
  processes: 1,
  async run(effort) {
    const built = await buildDotnet()
    if (typeof built === 'string') return { samples: {}, skipped: built }
    using program = built
    await build(['core', 'fetch'])
    await using emulator = await startEmulated()
    const words = [`${emulator.altinn}/storage/api/v1/instances?org=ttd&appId=ttd/app`, String(effort.pick(200, CALLS))]
    const env = { ...process.env, NODE_OPTIONS: '', SETTINGS: JSON.stringify(settingsOf(emulator)) }
    const rounds: Record<string, Round> = {
      [ORIGINAL]: () => timed('dotnet', [program.library, ...words], env),
      ours: () => timed(process.execPath, [OURS, ...words], env),
      [BARE]: () => timed(process.execPath, [OURS, ...words, 'bare'], env),
    }
    await interleave(rounds, 1)
    return { samples: await interleave(rounds, effort.pick(3, 15)) }
  },
}

/** In the words of the original, which core knows too: neither of them asks for metadata. */
function settingsOf({ maskinporten, issuer, altinn, client }: Emulated): object {
  return {
    ClientId: client.clientId,
    Scope: client.settings['scope'],
    EncodedJwk: client.settings['encodedJwk'],
    TokenEndpoint: `${maskinporten}/token`,
    AssertionAudience: issuer,
    ExhangeToAltinnToken: true,
    TokenExchangeEndpoint: `${altinn}/authentication/api/v1/exchange/maskinporten`,
    UseAltinnTestOrg: true,
  }
}

/** Both start by the same clock: the parent's. */
function timed(command: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Record<string, number>> {
  const start = performance.now()
  const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let first: number | undefined
  let call: number | undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    first ??= performance.now() - start
    const said: unknown = JSON.parse(line)
    if (typeof said === 'object' && said !== null && 'callMs' in said) call = Number(said.callMs)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (first === undefined || call === undefined)
        reject(new Error(`${command} ended with ${String(code)} too early`))
      else resolve({ 'process start to the first call': first, 'each of 2,000 more': call })
    })
  })
}
