/** How many tokens the emulator gives in a second, against how many signatures the machine makes. */
import { Agent, request as httpRequest } from 'node:http'
import type { Measure } from '../measure.ts'
import { grantSigner } from '../peers/limit.ts'
import { type Round, interleave } from '../rounds.ts'
import { type Emulated, SCOPE, startEmulated } from '../server/emulated.ts'

const IN_FLIGHT = 16

export const emulator: Measure = {
  name: 'emulator',
  title: 'The emulator: token requests a second, against raw RS256 signatures with 2,048 bits',
  figures: [{ name: 'a second', unit: '', against: 'raw WebCrypto', better: 'more' }],
  budget: [{ system: 'ours: the emulator', figure: 'a second', atLeast: 0.4 }],
  systems: ['raw WebCrypto', 'ours: the emulator'],
  async run(effort) {
    await using server = await startEmulated()
    const batch = effort.pick(200, 400)
    const sign = await grants(server)
    const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
    const rounds: Record<string, Round> = {
      'raw WebCrypto': await rawRound(batch),
      'ours: the emulator': async () => {
        // Signed before: the client's own signatures are not the emulator's work.
        const assertions = await Promise.all(Array.from({ length: batch }, sign))
        return aSecond(batch, (index) => request(server, agent, assertions[index] ?? ''))
      },
    }
    await interleave(rounds, 2)
    const samples = await interleave(rounds, effort.pick(5, 12))
    agent.destroy()
    return { samples }
  },
}

function grants({ client, issuer }: Emulated): Promise<() => Promise<string>> {
  const { clientId, kid, jwk } = client
  return grantSigner({ id: clientId, scope: SCOPE, kid, jwk, pem: '' }, issuer)
}

/** By `node:http`, which costs half of fetch: client and emulator share the processors. */
function request({ maskinporten }: Emulated, agent: Agent, assertion: string): Promise<void> {
  const body = `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=${assertion}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${maskinporten}/token`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.once('error', reject)
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`the emulator refused a grant with ${String(answer.statusCode)}`))
      })
    })
    sent.once('error', reject)
    sent.end(body)
  })
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

async function aSecond(times: number, once: (index: number) => Promise<unknown>): Promise<Record<string, number>> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < times) await once(next++)
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return { 'a second': times / ((performance.now() - start) / 1000) }
}
