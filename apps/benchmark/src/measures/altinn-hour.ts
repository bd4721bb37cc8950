/** How often Maskinporten and Altinn are asked in an hour of steady calls. The clock is virtual, the sockets are real. */
import { setImmediate } from 'node:timers/promises'
import { createMaskinporten } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import type { Measure } from '../measure.ts'

const HOUR_MS = 3_600_000
const STEP_MS = 5_000
const TOKEN_MS = 120_000
const ALTINN_TOKEN_MS = 1_800_000
/** The .NET original's margin; it drops the Altinn token with the token it was had for. */
const DOTNET_MARGIN_MS = 5_000

const ideal = Math.ceil(HOUR_MS / ALTINN_TOKEN_MS)

export const altinnHour: Measure = {
  name: 'altinn-hour',
  title: 'An hour of Altinn calls, one every 5 s: tokens of 120 s, Altinn tokens of 30 min',
  figures: [
    { name: 'token requests', unit: '', counted: true },
    { name: 'exchanges', unit: '', counted: true },
  ],
  budget: [
    { system: 'ours', figure: 'token requests', atMost: 3 },
    { system: 'ours', figure: 'exchanges', atMost: 3 },
  ],
  systems: ['ideal', 'ours', 'the .NET original, by its rule'],
  processes: 3,
  async run() {
    const ours = await hourOfOurs()
    const dotnet = hourOfDotnet()
    return {
      samples: {
        'token requests': { ideal: [ideal], ours: [ours.tokens], 'the .NET original, by its rule': [dotnet] },
        exchanges: { ideal: [ideal], ours: [ours.exchanges], 'the .NET original, by its rule': [dotnet] },
      },
    }
  },
}

async function hourOfOurs(): Promise<{ readonly tokens: number; readonly exchanges: number }> {
  await using emulator = await startEmulator({ clock: { stopped: true } })
  const client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
  await using maskinporten = createMaskinporten(client.settings, { clock: emulator.clock })
  let underWay = 0
  maskinporten.subscribe(({ type }) => {
    if (type === 'token.start') underWay++
    if (type === 'token.end') underWay--
  })
  for (let at = 0; at < HOUR_MS; at += STEP_MS) {
    await maskinporten.getToken({ kind: 'altinn' })
    // A renewal behind the caller's back takes no virtual time.
    while (underWay > 0) await setImmediate()
    emulator.clock.advance(STEP_MS)
  }
  return { tokens: emulator.requests('token').length, exchanges: emulator.requests('exchange').length }
}

function hourOfDotnet(): number {
  let asked = 0
  let endsAt = 0
  for (let at = 0; at < HOUR_MS; at += STEP_MS) {
    if (at < endsAt - DOTNET_MARGIN_MS) continue
    asked++
    endsAt = at + TOKEN_MS
  }
  return asked
}
