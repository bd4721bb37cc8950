/** The clients of the command line: there at the start, and with the same id and key after each reset. */
import type { EmulatedClient, NewClientOptions } from '../control/register-client.ts'
import type { OpenedEmulator } from '../start-emulator.ts'

export async function registerAtStart(
  clients: readonly NewClientOptions[],
  { emulator, atStart }: OpenedEmulator,
): Promise<readonly EmulatedClient[]> {
  const registered = new Map<number, EmulatedClient>()
  await atStart(() =>
    Promise.all(
      clients.map(async (client, at) => {
        const before = registered.get(at)
        const same = before && { clientId: before.clientId, jwk: before.jwk }
        registered.set(at, await emulator.registerClient({ ...client, ...same }))
      }),
    ),
  )
  return clients.flatMap((_client, at) => registered.get(at) ?? [])
}
