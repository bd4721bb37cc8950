/** The clients of the command: those of the configuration, and those of the command line, which are there with the same id and key after each reset. */
import type { EmulatedClient, EmulatedClientWithoutKey, NewClientOptions } from '../control/register-client.ts'
import type { OpenedEmulator } from '../start-emulator.ts'

export async function registerAtStart(
  clients: readonly NewClientOptions[],
  { emulator, atStart }: OpenedEmulator,
): Promise<readonly (EmulatedClient | EmulatedClientWithoutKey)[]> {
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
  return [...emulator.clients, ...clients.flatMap((_client, at) => registered.get(at) ?? [])]
}
