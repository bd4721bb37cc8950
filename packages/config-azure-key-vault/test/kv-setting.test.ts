import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { describe, expect, it } from 'vitest'
import type { ReadSecret, SecretReader } from '../src/secret-reader.ts'
import { type Warned, VAULT_URL, load, refusal } from './vault.ts'

const all = { SecretUri: `${VAULT_URL}/`, ClientId: 'app', TenantId: 'tenant', ClientSecret: 'hemmelig' }

/** A caller's own reader: the shape is all that is asked for. */
const reader: SecretReader = {
  vaultUrl: VAULT_URL,
  getSecret: (name): Promise<ReadSecret> => Promise.resolve({ name, value: 'x', properties: {} }),
}

describe('without a vault to ask', () => {
  it('gives nothing, and says so: the guide adds the vault outside Development only', async () => {
    const warned: Warned[] = []
    expect((await load(fromAzureKeyVault(), { warned })).size).toBe(0)
    expect(warned).toEqual([
      {
        code: 'KV_INACTIVE',
        key: 'kvSetting:SecretUri',
        message:
          'Key Vault (the store of secrets in Azure) is not used, because no vault is named. To read the secrets from it, set kvSetting:SecretUri to the address of the vault, such as https://my-kv.vault.azure.net/.',
      },
    ])
  })

  it('blank values count as none', async () => {
    expect(
      (await load(fromAzureKeyVault(), { kvSetting: { SecretUri: '', ClientId: ' ', TenantId: '', ClientSecret: '' } }))
        .size,
    ).toBe(0)
  })

  it('is an error when it is required', async () => {
    expect(await refusal(load(fromAzureKeyVault({ required: true })))).toMatchObject({
      code: 'settings_invalid',
      detail: 'KV_INACTIVE',
    })
  })
})

describe('kvSetting', () => {
  it('says which of the four are missing, which are set, where it looked, and both ways out', async () => {
    const { ClientId, SecretUri } = all
    const error = await refusal(load(fromAzureKeyVault(), { kvSetting: { ClientId, SecretUri } }))
    expect(error).toMatchObject({ code: 'settings_invalid', detail: 'KV_CONFIG_MISSING' })
    expect(error.message).toBe(
      'kvSetting:TenantId and kvSetting:ClientSecret are missing (kvSetting:SecretUri and kvSetting:ClientId are set). Looked in appsettings.json. Simplest: delete kvSetting:ClientId; then your own sign-in is used (az login on your machine, managed identity in Azure). Or set kvSetting:TenantId, and the client secret as the environment variable kvSetting__ClientSecret (with fromEnv() before fromAzureKeyVault()), never in appsettings.json.',
    )
    expect(error.problems?.map(({ code, key }) => [code, key])).toEqual([
      ['KV_CONFIG_MISSING', 'kvSetting:TenantId'],
      ['KV_CONFIG_MISSING', 'kvSetting:ClientSecret'],
    ])
  })

  it('without an address names it, whatever else is set', async () => {
    const { SecretUri: _, ...rest } = all
    const error = await refusal(load(fromAzureKeyVault(), { kvSetting: rest }))
    expect(error.message).toContain(
      'kvSetting:SecretUri is missing (kvSetting:ClientId and kvSetting:TenantId and kvSetting:ClientSecret are set). Looked in appsettings.json, env.',
    )
    expect(error.message).not.toContain('hemmelig')
  })

  it.each([
    ['my-kv.vault.azure.net', 'has no https:// before it'],
    ['http://my-kv.vault.azure.net', 'is http, and a vault answers on https only'],
    ['https://my-kv.vault.azure.net/secrets/x', 'has more than the address of the vault, such as the path of a secret'],
    ['https://my-kv.vault.azure.net/?a=b', 'has more than the address of the vault, such as the path of a secret'],
    ['my-kv', 'has no https:// before it'],
    ['https://app:hemmelig@my-kv.vault.azure.net/', 'has a user name or password in it'],
    ['https://my kv.vault.azure.net/', 'is not a valid address'],
    ['https://<your-vault>.vault.azure.net', 'still holds a placeholder, <your-vault>'],
    ['https://{vault}.vault.azure.net/', 'still holds a placeholder, {vault}'],
    ['https://${VAULT}.vault.azure.net/', 'still holds a placeholder, ${VAULT}'],
    ['<vault uri>', 'still holds a placeholder, <vault uri>'],
    ['TODO: the vault', 'has no https:// before it'],
  ])('SecretUri %j is refused', async (SecretUri, says) => {
    const error = await refusal(load(fromAzureKeyVault(), { kvSetting: { SecretUri } }))
    expect(error).toMatchObject({ code: 'settings_invalid', detail: 'KV_ADDRESS' })
    expect(error.message).toContain(
      `kvSetting:SecretUri ${says}. Use the Vault URI from the Azure portal, such as https://`,
    )
    expect(error.problems?.[0]?.origin).toBe('appsettings.json:3')
  })

  it.each(['"https://my-kv.vault.azure.net"', "'https://my-kv.vault.azure.net/'", '`https://my-kv.vault.azure.net`'])(
    'SecretUri %s is read without its quotes, with a warning',
    async (SecretUri) => {
      const warned: Warned[] = []
      const vault = fromAzureKeyVault({ credential: { getToken: () => Promise.reject(new Error('stop')) } })
      const error = await refusal(load(vault, { kvSetting: { SecretUri }, warned }))
      expect(error.detail).not.toBe('KV_ADDRESS')
      expect(warned).toEqual([
        {
          code: 'CONFIG_QUOTES',
          key: 'kvSetting:SecretUri',
          message: 'kvSetting:SecretUri has quotes around it; they were taken off. Delete them.',
        },
      ])
    },
  )

  it('a vaultUrl that is not text gets a sentence', () => {
    for (const vaultUrl of [5, new URL(VAULT_URL), {}])
      expect(() => fromAzureKeyVault({ vaultUrl: vaultUrl as never })).toThrow(
        /^the option vaultUrl of fromAzureKeyVault is (?:a number|an object); give the address as text/,
      )
  })

  it('is not looked at when a client is given', async () => {
    expect((await load(fromAzureKeyVault({ client: reader }), { kvSetting: { ClientId: 'half' } })).size).toBe(4)
  })
})
