/** The real SDK before a vault, imported when it is needed: with the sign-in it takes a third of a second. */
import type { SecretClient } from '@azure/keyvault-secrets'
import { type VaultAddress, isLoopback, vaultName } from './address.ts'
import { absent, vaultFailure } from './vault-failure.ts'

/** For one operation, sign-in and the SDK's own tries included, milliseconds. */
const DEADLINE_MS = 20_000

export interface Secret {
  readonly name: string
  readonly value: string
  readonly version: string
  readonly tags: Readonly<Record<string, string>>
  readonly contentType?: string | undefined
  readonly createdOn?: Date | undefined
  readonly expiresOn?: Date | undefined
}

export interface SecretChange {
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly contentType?: string | undefined
  readonly expiresOn?: Date | undefined
}

/** The secrets of one vault. Its errors say what is missing, and never hold what Azure said. */
export interface SecretStore {
  /** Short, for messages. */
  readonly name: string
  readonly url: string
  /** The newest version, or the one named; `undefined` when there is none. @throws CommandFailed */
  read(name: string, version?: string): Promise<Secret | undefined>
  /** A new version. The SDK may send it twice when an answer is lost: then there are two versions of one value. @throws CommandFailed */
  write(name: string, value: string, change?: SecretChange): Promise<Secret>
}

export async function secretClient({ url, application }: VaultAddress): Promise<SecretClient> {
  const [{ SecretClient: Client }, identity] = await Promise.all([
    import('@azure/keyvault-secrets'),
    import('@azure/identity'),
  ])
  // An emulated Entra ID is not known to Microsoft's list of instances.
  const authority = process.env['AZURE_AUTHORITY_HOST'] ?? ''
  const options = isLoopback(authority) ? { disableInstanceDiscovery: true } : {}
  const credential =
    application === undefined
      ? new identity.DefaultAzureCredential(options)
      : new identity.ClientSecretCredential(
          application.tenantId,
          application.clientId,
          application.clientSecret,
          options,
        )
  return new Client(url, credential, {
    // The challenge of an emulated vault names vault.azure.net, which a loopback address does not match.
    disableChallengeResourceVerification: isLoopback(url),
    retryOptions: { maxRetries: 2 },
  })
}

export async function openVault(vault: VaultAddress): Promise<SecretStore> {
  const client = await secretClient(vault)
  const name = vaultName(vault.url)
  const bounded = async <T>(
    what: 'get' | 'set',
    secret: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const deadline = AbortSignal.timeout(DEADLINE_MS)
    // The SDK does not look at the signal everywhere: not while it signs in.
    const { promise: ended, reject } = Promise.withResolvers<never>()
    const stop = (): void => reject(new Error('deadline'))
    deadline.addEventListener('abort', stop)
    try {
      return await Promise.race([ended, work(deadline)])
    } catch (error) {
      if (absent(error) && what === 'get') throw error
      throw vaultFailure(error, {
        vault: name,
        secret,
        what,
        timedOutAfterMs: deadline.aborted ? DEADLINE_MS : undefined,
      })
    } finally {
      deadline.removeEventListener('abort', stop)
    }
  }
  return {
    name,
    url: vault.url,
    async read(secret, version) {
      try {
        return secretOf(
          await bounded('get', secret, (abortSignal) =>
            client.getSecret(secret, version === undefined ? { abortSignal } : { version, abortSignal }),
          ),
        )
      } catch (error) {
        if (absent(error)) return undefined
        throw error
      }
    },
    write: async (secret, value, { tags, contentType, expiresOn } = {}) =>
      secretOf(
        await bounded('set', secret, (abortSignal) =>
          client.setSecret(secret, value, {
            abortSignal,
            ...(tags === undefined ? {} : { tags: { ...tags } }),
            ...(contentType === undefined ? {} : { contentType }),
            ...(expiresOn === undefined ? {} : { expiresOn }),
          }),
        ),
      ),
  }
}

function secretOf({
  name,
  value = '',
  properties: { version = '', tags = {}, contentType, createdOn, expiresOn },
}: Awaited<ReturnType<SecretClient['getSecret']>>): Secret {
  return { name, value, version, tags, contentType, createdOn, expiresOn }
}
