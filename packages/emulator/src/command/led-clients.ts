/** The clients of `run`: whom the emulator knows, who stands in its vault, and what the command finds in its environment. */
import type { ClientEnvironment } from '../control/client-environment.ts'
import type { EmulatedClient, EmulatedClientWithoutKey, NewClientOptions } from '../control/register-client.ts'
import type { OpenedEmulator } from '../start-emulator.ts'
import { registerAtStart } from './clients.ts'
import { type OwnClient, type OwnClients, findOwnClients } from './own-client.ts'
import type { OwnSettings } from './own-settings.ts'

export interface Asked {
  /** Those of `--client`. */
  readonly clients: readonly NewClientOptions[]
  /** The one where nothing names any. */
  readonly defaultClient: NewClientOptions
  /** The command makes a client of its own: it finds none in the vault and in the environment. */
  readonly withoutClient: boolean
}

export interface LedClients {
  /** For the command's environment. */
  readonly variables: Readonly<Record<string, string>>
  /** What was registered of the app's own, a sentence each. */
  readonly said: readonly string[]
  /** What of the app's own settings cannot be used, a sentence each. */
  readonly problems: readonly string[]
}

/**
 * An own client with a key is registered with its public half, and the settings stay as they are: the vault and the environment
 * get no other client, but for `--client` in the vault. Otherwise both get the first client, under the app's own id where its
 * settings name one without a key.
 */
export async function leadClients(opened: OpenedEmulator, settings: OwnSettings, asked: Asked): Promise<LedClients> {
  const own = await findOwnClients(settings)
  const said: string[] = []
  const problems = [...own.problems]
  const configured = new Set(opened.emulator.clients.map(({ clientId }) => clientId))
  const whole = own.clients.filter(({ key }) => key !== undefined)
  for (const client of whole) {
    if (configured.has(client.clientId)) {
      said.push(
        `client ${client.clientId} of ${client.from} is one of the configuration, which says its keys and scopes`,
      )
      continue
    }
    if (isDefault(client, asked.defaultClient)) {
      said.push(`client ${client.clientId} of ${client.from} is the one of every start, whose key is no secret`)
      continue
    }
    const { sentence, registered } = await registerOwn(opened, client, own.scopes, asked.defaultClient)
    if (registered) said.push(sentence)
    else problems.push(sentence)
  }
  const [named] = whole.length > 0 ? [] : own.clients
  const keyless = named && !configured.has(named.clientId) ? named : undefined
  const clients = await registerAtStart(clientsToMake(asked, own, keyless, configured.size > 0 && !keyless), opened)
  const first = clients.find(({ clientId }) => clientId === named?.clientId) ?? clients[0]
  if (!first) throw new TypeError('the configuration has no client; name one there, or with --client')
  if (keyless) said.push(`${keyless.from} names client ${keyless.clientId}, and no settings have its key: ${standIn}`)
  if (asked.withoutClient) return { variables: {}, said, problems }
  if (whole.length === 0 || asked.clients.length > 0) await putInVault(opened, first)
  const all = missing(first, settings, own)
  return { variables: whole.length === 0 ? all : addressesOf(all, settings), said, problems }
}

/** It is registered below, with its private key, so that Texas signs for it. */
const isDefault = ({ clientId, key }: OwnClient, { clientId: id, jwk }: NewClientOptions): boolean =>
  clientId === id && key !== undefined && jwk !== undefined && 'n' in jwk && key.jwk.n === jwk.n

const standIn = 'registered with one of the emulator, which is in the vault and in the environment'

async function registerOwn(
  { emulator, atStart }: OpenedEmulator,
  { clientId, key, from }: OwnClient,
  own: readonly string[],
  defaults: NewClientOptions,
): Promise<{ readonly sentence: string; readonly registered: boolean }> {
  const scopes = own.length > 0 ? own : defaults.scopes
  const register = (): Promise<unknown> => emulator.registerClient({ clientId, scopes, jwk: key?.jwk })
  try {
    await register()
  } catch (error) {
    // What Maskinporten would not register either: a short key.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    return { sentence: `client ${clientId} of ${from} is not registered: ${error.message}`, registered: false }
  }
  // It is there already; after a reset it is not.
  let isReset = false
  await atStart(() => {
    const registering = isReset ? register() : undefined
    isReset = true
    return registering
  })
  const whose = own.length > 0 ? 'its scopes' : 'since the settings name no scopes, the scopes'
  const place = key === undefined || key.from === from ? '' : ` of ${key.from}`
  const kid = key?.jwk.kid
  return {
    sentence: `registered client ${clientId} of ${from}, the public half of its key ${kid}${place}, and ${whose} ${scopes.join(' ')}`,
    registered: true,
  }
}

/** The first may be asked for the scopes of the settings, too. */
function clientsToMake(
  { clients, defaultClient }: Asked,
  own: OwnClients,
  keyless: OwnClient | undefined,
  hasConfigured: boolean,
): readonly NewClientOptions[] {
  if (clients.length === 0 && hasConfigured) return []
  const [first = defaultClient, ...others] = clients
  // The scopes of the settings alone, where nobody asks for others.
  const asked = clients.length === 0 && own.scopes.length > 0 ? [] : first.scopes
  const identity = keyless && { clientId: keyless.clientId, kid: keyless.kid }
  return [{ ...first, ...identity, scopes: [...new Set([...own.scopes, ...asked])] }, ...others]
}

/** Beside a whole client, NAIS's addresses alone, where that client is one of NAIS's variables. */
function addressesOf(
  variables: Readonly<Record<string, string>>,
  { nais }: OwnSettings,
): Readonly<Record<string, string>> {
  if (!nais.has('maskinporten_client_id')) return {}
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => /^MASKINPORTEN_.*(?:URL|ISSUER|ENDPOINT)$/.test(name)),
  )
}

async function putInVault(
  { emulator, atStart }: OpenedEmulator,
  { clientId, settings }: EmulatedClient | EmulatedClientWithoutKey,
): Promise<void> {
  await atStart(() => {
    emulator.keyVault.setSecret('MaskinportenSettings--ClientId', clientId)
    const { encodedJwk } = settings
    if (encodedJwk !== undefined) emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', encodedJwk)
  })
}

/** Names of the section of which one is enough. */
const groups = [
  ['ClientId'],
  ['Scope', 'Scopes'],
  [
    'EncodedJwk',
    'JwkBase64',
    'Jwk',
    'Jwks',
    'Pem',
    'EncodedX509',
    'CertificatePkcs12Path',
    'CertificateStoreThumbprint',
  ],
  ['Environment', 'Authority', 'TokenEndpoint'],
]

/** Of the variables of the client, those that no setting of the app says. */
function missing(
  { environment }: { readonly environment: ClientEnvironment },
  { section, nais }: OwnSettings,
  { usable, scopes }: OwnClients,
): Readonly<Record<string, string>> {
  const isSet = (name: string): boolean => {
    const lower = name.toLowerCase()
    // A variable is never replaced, whatever it holds; what a file holds only if it can be used.
    const found = section.get(lower) ?? nais.get(lower)
    return found !== undefined && (found.isVariable || usable.has(lower))
  }
  const filled = Object.entries(environment).filter(([variable]) => {
    const [, inner] = /^MaskinportenSettings__(.+)$/.exec(variable) ?? []
    if (inner === undefined) return !isSet(variable)
    const group = groups.find((names) => names.includes(inner))
    // What else an app that has a section leaves out there, it does without.
    return group ? !group.some(isSet) : section.size === 0
  })
  const all = Object.fromEntries(filled)
  // Read over a file, it must not say more than the file.
  return all['MASKINPORTEN_SCOPES'] === undefined || scopes.length === 0
    ? all
    : { ...all, MASKINPORTEN_SCOPES: scopes.join(' ') }
}
