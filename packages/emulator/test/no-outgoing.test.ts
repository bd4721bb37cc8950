/**
 * No account, no telemetry, no network: in a network of its own, whose only way out counts its packets, the emulator sends none.
 * By the kernel rather than by patches of Node, so that nothing slips past: not a name that is looked up, not a native library.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runFile } from './run-node.ts'

/** Packets that left by `way`; its other end answers nothing. */
const network = `
set -e
ip link set lo up
ip link add way type veth peer name end
for device in way end; do echo 1 >/proc/sys/net/ipv6/conf/$device/disable_ipv6; ip link set $device arp off up; done
ip address add 192.0.2.1/24 dev way
ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:02 dev way
ip route add default via 192.0.2.2
before=$(cat /sys/class/net/way/statistics/tx_packets 2>/dev/null || awk '$1 == "way:" { print $11 }' /proc/net/dev)
"$@" || exit $?
awk -v before="$before" '$1 == "way:" { print "packets", $11 - before }' /proc/net/dev
`

/** Of somebody who may make one. */
const own = process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net']
const inside = spawnSync('unshare', [...own, 'sh', '-c', network, 'sh', 'true'])
const without =
  inside.status === 0
    ? undefined
    : 'this machine lets no process have a network of its own (unshare --net, ip from iproute2)'

async function packetsOf(source: string): Promise<{ readonly code: number; readonly said: string }> {
  const node = [process.execPath, '--conditions=@maskinporten-kit/source', '--input-type=module', '--eval', source]
  const { code, printed, errors } = await runFile('unshare', [...own, 'sh', '-c', network, 'sh', ...node], {})
  return { code, said: printed + errors }
}

/** All services, their controls over HTTP, and the real SDK of the vault, under its own addresses and as the test environment. */
const wholeDemo = `
import { SecretClient } from '@azure/keyvault-secrets'
import { startEmulator } from '@maskinporten-kit/emulator'
import { importJWK, SignJWT } from 'jose'
const emulator = await startEmulator({ log: () => undefined })
const scopes = ['altinn:serviceowner/instances.read', 'krr:global/kontaktinformasjon.read']
const client = await emulator.registerClient({ scopes })
const key = await importJWK(client.jwk, 'RS256')
const ask = async (url, init) => {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(url + ' ' + answer.status + ' ' + (await answer.text()))
  return answer
}
const assertion = await new SignJWT({ scope: scopes.join(' ') }).setProtectedHeader({ alg: 'RS256', kid: client.kid })
  .setIssuer(client.clientId).setAudience(emulator.maskinporten.issuer).setIssuedAt().setExpirationTime('100 s').setJti('1').sign(key)
const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
const token = (await (await ask(emulator.maskinporten.url + '/token', { method: 'POST', body })).json()).access_token
const bearer = (value) => ({ authorization: 'Bearer ' + value })
const altinn = await (await ask(emulator.altinn.url + '/authentication/api/v1/exchange/maskinporten?test=true', { headers: bearer(token) })).text()
await emulator.altinn.submit({ org: 'ttd', app: 'app', person: '20914695016', data: { name: 'Kari' } })
await ask(emulator.altinn.url + '/storage/api/v1/instances?org=ttd&appId=ttd/app', { headers: bearer(altinn) })
await ask(emulator.register.url + '/rest/v2/personer', { method: 'POST', headers: bearer(token), body: JSON.stringify({ personidentifikatorer: ['20914695016'] }) })
emulator.keyVault.setSecret('name', 'value')
const { credential, clientOptions } = emulator.keyVault
await new SecretClient('https://my-kv.vault.azure.net', credential, clientOptions).getSecret('name')
const target = { identity_provider: 'maskinporten', target: scopes[0] }
await ask(emulator.texas.tokenEndpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(target) })
await ask(emulator.selfService.url + '/scopes/all')
await ask(emulator.control.url + '/__emulator/requests', { headers: { 'x-maskinporten-emulator': '1' } })
await emulator.close()
const test = await startEmulator({ as: 'test' })
await test.fetch('https://test.maskinporten.no/jwk')
await test.fetch('https://maskinporten.no/jwk').then(() => { throw new Error('production answered') }, () => undefined)
await test.close()
`

/** What the command does from its start to its end, with a configuration that it looks for. */
const command = `
import { spawn } from 'node:child_process'
const child = spawn(process.execPath, ['--conditions=@maskinporten-kit/source', ${JSON.stringify(fileURLToPath(new URL('../src/cli.ts', import.meta.url)))}, '--json', '--host', '0.0.0.0'], { stdio: ['ignore', 'pipe', 'ignore'] })
child.stdout.once('data', (line) => {
  fetch(JSON.parse(line).control + '/ready').then(({ status }) => { process.exitCode = status === 200 ? 0 : 1; child.kill('SIGTERM') })
})
`

describe('in a network of its own', () => {
  test.for([
    ['all services, in process', wholeDemo],
    ['the command', command],
  ] as const)('no packet goes out: %s', { timeout: 60_000 }, async ([, source], { skip }) => {
    skip(without !== undefined, without)
    expect(await packetsOf(source)).toEqual({ code: 0, said: 'packets 0\n' })
  })

  test('and one that goes out is seen', { timeout: 60_000 }, async ({ skip }) => {
    skip(without !== undefined, without)
    const source = `await fetch('http://192.0.2.77:8050', { signal: AbortSignal.timeout(500) }).catch(() => undefined)`
    const { code, said } = await packetsOf(source)
    expect([code, said]).toEqual([0, expect.stringMatching(/^packets [1-9]\d*\n$/)])
  })
})
