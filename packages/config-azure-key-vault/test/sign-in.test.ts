// Signing in, in a process that nothing but the three proxy variables leads to the emulated Entra ID and vault.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type EmulatorAsTest, type EntraApplication, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

/** What came of each kvSetting, and every print of what there was to print. */
const script = `
import { inspect } from 'node:util'
import { ClientSecretCredential } from '@azure/identity'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromObject, settingsFrom } from '@maskinporten-kit/core'
const outcomes = []
for (const { kvSetting, vaultUrl, own } of JSON.parse(process.argv[1])) {
  const credential = own && new ClientSecretCredential(own.tenantId, own.clientId, own.clientSecret)
  const vault = fromAzureKeyVault({ vaultUrl, credential })
  const settings = settingsFrom([fromObject({ MaskinportenSettings: { Environment: 'test' }, kvSetting }), vault])
  const seen = [vault, settings]
  settings.subscribe((event) => seen.push(event))
  const outcome = await settings.get().then(({ clientId }) => ({ clientId }), (error) => {
    seen.push(error)
    return { code: error.code, detail: error.detail, message: error.message }
  })
  const shown = seen.map((one) => inspect(one, { depth: 9, showHidden: true }) + JSON.stringify(one) + one.stack)
  outcomes.push({ ...outcome, shown: shown.join() + JSON.stringify(settings.describe()) })
  await settings.close()
}
console.log(JSON.stringify(outcomes))
`

interface Outcome {
  readonly clientId?: string
  readonly code?: string
  readonly detail?: string
  readonly message?: string
  readonly shown: string
}

let emulator: EmulatorAsTest
let application: EntraApplication
let encodedJwk: string
beforeAll(async () => {
  emulator = await startEmulator({ as: 'test' })
  application = emulator.entra.registerApplication({ clientSecret: 'canary-of-the-right-secret' })
  const client = await emulator.registerClient({ scopes: ['a:b'], clientId: 'the-client' })
  encodedJwk = client.settings.encodedJwk ?? expect.unreachable()
  emulator.keyVault.setSecret('MaskinportenSettings--ClientId', client.clientId)
  emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', encodedJwk)
})
afterAll(() => emulator.close())
beforeEach(() => emulator.clearRequests())

interface Case {
  readonly kvSetting?: object
  /** The option, and the application of a credential that is given as one. */
  readonly vaultUrl?: string
  readonly own?: EntraApplication
}

const allFour = ({ tenantId, clientId, clientSecret }: EntraApplication): Case => ({
  kvSetting: {
    SecretUri: 'https://my-kv.vault.azure.net/',
    TenantId: tenantId,
    ClientId: clientId,
    ClientSecret: clientSecret,
  },
})

async function load(...cases: readonly Case[]): Promise<readonly Outcome[]> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@maskinporten-kit/source', '--input-type=module', '--eval', script, JSON.stringify(cases)],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { PATH: process.env['PATH'], NODE_OPTIONS: process.env['NODE_OPTIONS'], ...emulator.environment },
    },
  )
  expect(stderr).toBe('')
  expect(stdout).not.toMatch(/canary-of/)
  expect(stdout).not.toContain(encodedJwk.slice(100, 140))
  return JSON.parse(stdout)
}

describe('with all four kvSetting values', { timeout: 60_000 }, () => {
  it('the real ClientSecretCredential signs in, once for all secrets', async () => {
    expect(await load(allFour(application))).toMatchObject([{ clientId: 'the-client' }])
    expect(emulator.requests('entra').map(({ status }) => status)).toEqual([200])
    const { client_id, scope } = Object.fromEntries(new URLSearchParams(emulator.requests('entra')[0]?.body))
    expect([client_id, scope]).toEqual([
      application.clientId,
      expect.stringContaining('https://vault.azure.net/.default'),
    ])
  })

  it('what Entra ID refuses is said by its code and the setting that is wrong, and no secret is in any output', async () => {
    const expired = emulator.entra.registerApplication({
      clientSecret: 'canary-of-an-expired-secret',
      secretExpiresOn: new Date(Date.now() - 1_000),
    })
    const outcomes = await load(
      allFour({ ...application, clientSecret: 'canary-of-a-wrong-secret' }),
      allFour(expired),
      allFour({ ...application, clientId: application.tenantId }),
      allFour({ ...application, tenantId: application.clientId }),
    )
    const sent = emulator.requests('entra').map(({ body }) => new URLSearchParams(body).get('client_secret'))
    expect(sent).toContain('canary-of-a-wrong-secret')
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ code: 'settings_unavailable', detail: 'KV_LOGIN_FAILED' })
    expect(outcomes.map(({ message }) => message?.replace('Could not sign in to Entra ID for my-kv ', ''))).toEqual(
      [
        "(AADSTS7000215: wrong kvSetting:ClientSecret)| Set it to the value of one of the application's secrets, not to its id.",
        '(AADSTS7000222: expired kvSetting:ClientSecret)| Make a new secret for the application, and set it.',
        "(AADSTS700016: unknown kvSetting:ClientId)| Set it to the application's id in Entra ID; the Maskinporten client's is another.",
        // Another tenant than the one that the vault names.
        '(the vault is in another tenant)| Set kvSetting:TenantId to that of the vault.',
      ].map((says) => says.replace('|', ' (vault my-kv, secret MaskinportenSettings--ClientId).')),
    )
  })
})

it('the options vaultUrl and credential stand for kvSetting, and win over it', { timeout: 60_000 }, async () => {
  const vaultUrl = 'https://other-kv.vault.azure.net'
  const [without, over] = await load(
    { vaultUrl, own: application },
    { vaultUrl, own: application, ...allFour({ ...application, clientSecret: 'canary-of-a-wrong-secret' }) },
  )
  expect([without?.clientId, over?.clientId]).toEqual(['the-client', 'the-client'])
  expect(new Set(emulator.requests('key-vault').map(({ url }) => new URL(url).host))).toEqual(
    new Set(['other-kv.vault.azure.net']),
  )
})
