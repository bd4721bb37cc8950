import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmulatorAsTest, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proxyUnheeded } from '../../emulator/test/run-node.ts'
import { type Ended, maskinporten } from './maskinporten.ts'

const scope = 'altinn:serviceowner/instances.read'
let emulator: EmulatorAsTest
let folder: string
beforeAll(async () => {
  emulator = await startEmulator({ as: 'test' })
  folder = await mkdtemp(join(tmpdir(), 'doctor-'))
  const { clientId, settings } = await emulator.registerClient({ scopes: [scope] })
  const { tenantId, clientId: application, clientSecret } = emulator.entra.registerApplication()
  emulator.keyVault.setSecret('MaskinportenSettings--ClientId', clientId)
  emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', settings.encodedJwk)
  const content = {
    MaskinportenSettings: {
      Environment: 'test',
      ClientId: '',
      Scope: scope,
      EncodedJwk: '',
      ExhangeToAltinnToken: true,
      UseAltinnTestOrg: true,
      EnableDebugLog: true,
    },
    kvSetting: {
      SecretUri: 'https://kv-app.vault.azure.net/',
      TenantId: tenantId,
      ClientId: application,
      ClientSecret: clientSecret,
    },
  }
  await writeFile(join(folder, 'appsettings.json'), JSON.stringify(content, null, 2))
})
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

/** In the folder of an app whose settings are Altinn's guide's, under the names of the real test environment. */
const doctor = (...words: readonly string[]): Promise<Ended> =>
  maskinporten(['doctor', ...words], { cwd: folder, env: { ...emulator.environment } })

interface Reported {
  readonly environment: string
  readonly checks: readonly { readonly id: string; readonly status: string; readonly code: string | null }[]
}

describe.skipIf(proxyUnheeded)(
  'the command, in an app’s folder, through a proxy and with the vault',
  { timeout: 60_000 },
  () => {
    it('finds the guide’s section whole, with the vault’s secrets, and calls Storage', async () => {
      const bundle = join(folder, 'bundle.json')
      const { code, stdout, stderr } = await doctor('--json', '--bundle', bundle)
      expect({ code, failed: stderr.includes('Error') }).toEqual({ code: 0, failed: false })
      const { environment, checks } = JSON.parse(stdout) as Reported
      expect(environment).toBe('test')
      expect(checks.filter(({ status }) => status === 'FAIL' || status === 'WARN')).toEqual([])
      expect(checks.find(({ id }) => id === 'api-call')).toMatchObject({ status: 'OK' })
      expect(stderr).toContain('token.end')
      const secrets = emulator.requests('entra').map(({ body }) => new URLSearchParams(body).get('client_secret') ?? '')
      expect(secrets.length).toBeGreaterThan(0)
      for (const text of [stdout, stderr, await readFile(bundle, 'utf8')])
        for (const secret of secrets) expect(text).not.toContain(secret)
    })

    it('says what another key would need, in bokmål, and ends with 1', async () => {
      emulator.faults.next('token', { error: 'kid_unknown', times: 'forever' })
      const { code, stdout } = await doctor('--lang', 'nb')
      emulator.faults.clear()
      expect(code).toBe(1)
      const text = stdout.replaceAll(/\s+/g, ' ')
      expect(text).toMatch(/✗ FAIL Token for hvert scope: den offentlige nøkkelen \S+ \(Key Vault kv-app, /)
      expect(text).toContain('Hvem: den som administrerer klienten i Samarbeidsportalen')
      expect(text).toContain('– SKIP Vekslingen hos Altinn: ikke gjort, fordi «Token for hvert scope» feilet')
    })

    it('ends with 3 when the vault may not be read, and still looks at the clock', async () => {
      emulator.keyVault.deny('ForbiddenByRbac')
      const { code, stdout } = await doctor('--json')
      emulator.keyVault.allow()
      expect(code).toBe(3)
      const { checks } = JSON.parse(stdout) as Reported
      expect(checks.find(({ id }) => id === 'settings')).toMatchObject({ status: 'FAIL', code: 'KV_FORBIDDEN' })
      expect(checks.find(({ id }) => id === 'clock')).toMatchObject({ status: 'OK' })
      expect(checks.find(({ id }) => id === 'token')).toMatchObject({ status: 'SKIP' })
    })
  },
)
