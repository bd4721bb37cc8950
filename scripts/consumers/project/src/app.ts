// An application as a user would write it; compiled only.
import {
  createAccessToken,
  createMaskinporten,
  environments,
  fromObject,
  isMaskinportenError,
  settingsFrom,
  type AccessToken,
  type ConfigSource,
  type MaskinportenErrorCode,
  type TokenSource,
} from '@maskinporten-kit/core'
import { canSendAgain, originGuard, type AdapterOptions } from '@maskinporten-kit/core/adapter'
import { api, apis, apisAt, nearestScopes, scopeOf, type ApiAccess, type ApiId } from '@maskinporten-kit/apis'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { adapterExam, configSourceExam, type MakeExamClient } from '@maskinporten-kit/conformance'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings, fromJsonFile } from '@maskinporten-kit/config-json'
import { startEmulator, type Emulator } from '@maskinporten-kit/emulator'
import { maskinportenFetch, type MaskinportenFetch } from '@maskinporten-kit/fetch'
import { maskinportenKy } from '@maskinporten-kit/ky'
import axios from 'axios'
import ky from 'ky'

const sources: readonly ConfigSource[] = [
  fromAppSettings(),
  fromJsonFile('appsettings.json'),
  fromEnv(),
  fromAzureKeyVault(),
  fromObject({ MaskinportenSettings: { ClientId: 'a' } }),
]
export const maskinporten = createMaskinporten(settingsFrom(sources))
const allow = 'https://platform.tt02.altinn.no'

export const altinn: MaskinportenFetch = maskinportenFetch(maskinporten.with({ kind: 'altinn' }), { allow })
export const asFetch: typeof fetch = altinn
export const detach: () => void = maskinportenAxios(axios.create(), maskinporten, { allow: [allow] })
export const register = ky.extend(maskinportenKy(maskinporten, { allow: (url) => url.hostname.endsWith('.no') }))

const storage: ApiAccess = api('altinn/storage', 'test', { access: 'write' })
export const instances: MaskinportenFetch = maskinportenFetch(maskinporten.with(storage.request), storage)
export const instancesByAxios: () => void = maskinportenAxios(axios.create(), maskinporten, storage)
export const known: readonly ApiId[] = [...apis, ...apisAt(allow).map(({ api: { id } }) => ({ id }))].map(
  ({ id }) => id,
)
export const likely = [...nearestScopes('a:b'), ...scopeOf('a:b').map(({ scope }) => scope.meaning.nb)]

const client = axios.create()
maskinportenAxios(client, maskinporten, { allow })
export const perCall = [
  altinn(allow, { maskinporten: { consumerOrg: '991825827' } }),
  client.get(allow, { maskinporten: { scopes: 'a:b' } }),
  register(allow, { maskinporten: false }),
]

const options: AdapterOptions = { allow: new URL(environments.test.issuer), otherOrigins: 'pass-through' }
export const guards = [originGuard(options), canSendAgain('text')]

const fake: TokenSource = { getToken: async (): Promise<AccessToken> => createAccessToken({ value: 'test' }) }
export const faked = maskinportenFetch(fake, { allow })

const sitting: MakeExamClient = (tokens, examOptions) => {
  const send = maskinportenFetch(tokens, examOptions)
  return async (url, call) => {
    const answer = await send(url, call)
    return { status: answer.status, text: await answer.text(), shown: [answer] }
  }
}
export function sit(): void {
  adapterExam('a client of my own', sitting)
  configSourceExam('a source of my own', (values, section) => ({
    source: fromObject({ [section]: values }),
    change: () => undefined,
  }))
}

export function codeOf(error: unknown): MaskinportenErrorCode | undefined {
  return isMaskinportenError(error) ? error.code : undefined
}

export async function rehearse(): Promise<string> {
  const emulator: Emulator = await startEmulator()
  const registered = await emulator.registerClient({
    scopes: ['altinn:serviceowner/instances.read'],
    orgNumber: '991825827',
  })
  const offline = createMaskinporten(registered.settings, { clock: emulator.clock })
  const { value } = await offline.getToken()
  await offline.close()
  await emulator.close()
  return value
}
