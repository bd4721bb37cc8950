/** Settings from a vault that is 20 ms away, by the real SDK, against the SDK's own gets. */
import { isRestError } from '@azure/core-rest-pipeline'
import { SecretClient } from '@azure/keyvault-secrets'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { settingsFrom } from '@maskinporten-kit/core'
import type { Measure } from '../measure.ts'
import { type Round, interleave } from '../rounds.ts'
import { type Emulated, startEmulated } from '../server/emulated.ts'
import { text } from '../server/stand-in.ts'

const DELAY_MS = 20
const PREFIX = 'MaskinportenSettings--'
/** The one that this vault lacks, as a vault does that holds the other form of the key. */
const ABSENT = 'JwkBase64'
const NAMES = ['ClientId', 'EncodedJwk', ABSENT, 'Authority']

export const keyVault: Measure = {
  name: 'key-vault',
  title: 'Settings from Key Vault, the four default names, 20 ms away',
  figures: [
    { name: 'wall time', unit: 'ms', against: "the SDK's gets" },
    { name: 'requests', unit: '', counted: true },
  ],
  budget: [
    { system: 'ours', figure: 'requests', atMost: 7 },
    { system: 'ours', figure: 'wall time', atMost: 1.15 },
  ],
  systems: ["the SDK's gets", 'ours', "the SDK's gets, four at once"],
  async run(effort) {
    await using emulator = await startEmulated()
    const { settings } = emulator.client
    const secrets = {
      ClientId: settings['clientId'],
      EncodedJwk: settings['encodedJwk'],
      Authority: settings['authority'],
    }
    for (const [name, value] of Object.entries(secrets))
      await emulator.control('PUT', `/secrets/${PREFIX}${name}`, { value })
    const accessToken = text(await emulator.control('GET', '/vault-token'), 'access_token')
    await emulator.control('POST', '/faults/key-vault', { delayMs: DELAY_MS, times: 1_000_000 })
    const newClient = (): SecretClient =>
      new SecretClient(
        emulator.keyVault,
        { getToken: async () => ({ token: accessToken, expiresOnTimestamp: Date.now() + 3_600_000 }) },
        { disableChallengeResourceVerification: true, tlsOptions: { ca: emulator.ca } },
      )
    const rounds: Record<string, Round> = {
      "the SDK's gets": () => timed(emulator, newClient(), (client) => gets(client, 1)),
      ours: () => timed(emulator, newClient(), (client) => load(client, emulator.client.clientId)),
      "the SDK's gets, four at once": () => timed(emulator, newClient(), (client) => gets(client, 0)),
    }
    await interleave(rounds, 1)
    return { samples: await interleave(rounds, effort.pick(5, 10)) }
  },
}

async function timed(
  emulator: Emulated,
  client: SecretClient,
  work: (client: SecretClient) => Promise<unknown>,
): Promise<Record<string, number>> {
  await emulator.control('DELETE', '/requests')
  const start = performance.now()
  await work(client)
  const wall = performance.now() - start
  const requests = await emulator.control('GET', '/requests?target=key-vault')
  return { 'wall time': wall, requests: Array.isArray(requests) ? requests.length : Number.NaN }
}

async function gets(client: SecretClient, alone: number): Promise<void> {
  const get = (name: string): Promise<unknown> =>
    client.getSecret(PREFIX + name).catch((error: unknown) => {
      if (name !== ABSENT || !isRestError(error) || error.statusCode !== 404) throw error
    })
  for (const name of NAMES.slice(0, alone)) await get(name)
  await Promise.all(NAMES.slice(alone).map(get))
}

async function load(client: SecretClient, expected: string): Promise<void> {
  const settings = settingsFrom([fromAzureKeyVault({ client })])
  const { clientId } = await settings.get()
  await settings.close()
  if (clientId !== expected) throw new Error(`the settings are of ${clientId}, not of ${expected}`)
}
