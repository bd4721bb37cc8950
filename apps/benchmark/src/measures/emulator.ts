/** How many tokens the emulator gives in a second, against how many signatures the machine makes. */
import type { Measure } from '../measure.ts'
import { grantSigner } from '../peers/limit.ts'
import { type Round, interleave } from '../rounds.ts'
import { type BareConnection, openConnection } from '../server/bare-connection.ts'
import { type Emulated, SCOPE, startEmulated } from '../server/emulated.ts'

const IN_FLIGHT = 16

export const emulator: Measure = {
  name: 'emulator',
  title: 'The emulator: token requests a second, against raw RS256 signatures with 2,048 bits',
  figures: [{ name: 'a second', unit: '', against: 'raw WebCrypto', better: 'more' }],
  budget: [{ system: 'ours: the emulator', figure: 'a second', atLeast: 0.45 }],
  systems: ['raw WebCrypto', 'ours: the emulator'],
  async run(effort) {
    await using server = await startEmulated()
    const batch = effort.pick(200, 400)
    const sign = await grants(server)
    const rounds: Record<string, Round> = {
      'raw WebCrypto': await rawRound(batch),
      'ours: the emulator': async () => {
        // Signed before: the client's own signatures are not the emulator's work.
        const assertions = await Promise.all(Array.from({ length: batch }, sign))
        // Opened for the round: the emulator closes a connection that was idle while the others measured.
        const lanes = await Promise.all(Array.from({ length: IN_FLIGHT }, () => openConnection(server.maskinporten)))
        const figures = await aSecond(batch, (index, lane) => request(lanes[lane], assertions[index] ?? ''))
        for (const lane of lanes) lane.close()
        return figures
      },
    }
    await interleave(rounds, 2)
    const samples = await interleave(rounds, effort.pick(5, 12))
    return { samples }
  },
}

function grants({ client, issuer }: Emulated): Promise<() => Promise<string>> {
  const { clientId, kid, jwk } = client
  return grantSigner({ id: clientId, scope: SCOPE, kid, jwk, pem: '' }, issuer)
}

async function request(connection: BareConnection | undefined, assertion: string): Promise<void> {
  if (!connection) throw new TypeError('a lane has no connection; open one for each')
  await connection.post('/token', `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=${assertion}`)
}

async function rawRound(batch: number): Promise<Round> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const { privateKey } = await crypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    false,
    ['sign', 'verify'],
  )
  const input = new TextEncoder().encode('a'.repeat(800))
  return () => aSecond(batch, () => crypto.subtle.sign(algorithm.name, privateKey, input))
}

async function aSecond(
  times: number,
  once: (index: number, lane: number) => Promise<unknown>,
): Promise<Record<string, number>> {
  let next = 0
  const run = async (_none: unknown, lane: number): Promise<void> => {
    while (next < times) await once(next++, lane)
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, run))
  return { 'a second': times / ((performance.now() - start) / 1000) }
}
