/** The world that the component works in, offline: the emulator, a client of its own, and a temporary folder with its settings. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SettingsProvider } from '@maskinporten-kit/core'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import type { SourceName } from './arguments.ts'
import { placeCredential } from './credential-places.ts'
import type { Application } from './journey.ts'
import type { App } from './storage.ts'
import type { Form } from './form.ts'

export interface Stage extends AsyncDisposable {
  readonly emulator: Emulator
  /** A new provider: nothing loaded yet. */
  settings(): SettingsProvider
  /** What a citizen's form becomes. */
  application(form: Form): Application
}

/** Digdir, whose Altinn token says `ttd` in test. */
const orgNumber = '991825827'
const scopes = [
  'altinn:serviceowner/instances.read',
  'altinn:serviceowner/instances.write',
  'krr:global/kontaktinformasjon.read',
]
const app: App = { org: 'ttd', app: 'soknad' }

export async function openStage(places: readonly SourceName[]): Promise<Stage> {
  const emulator = await startEmulator()
  let folder: string | undefined
  const close = async (): Promise<void> => {
    await emulator.close()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    const client = await emulator.registerClient({ orgNumber, scopes })
    folder = await mkdtemp(join(tmpdir(), 'soknad-'))
    const settings = await placeCredential(emulator, client, folder, places)
    return {
      emulator,
      settings,
      application: ({ person, ...data }) => ({
        ...app,
        register: emulator.register.url,
        async submit() {
          const { instance, event } = await emulator.altinn.submit({ ...app, person, data })
          return { instance: instance.id, event: event.type }
        },
      }),
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
