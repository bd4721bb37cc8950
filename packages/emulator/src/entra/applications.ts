/** The applications ("app registrations") of the one tenant that the emulator has, each with a client secret. */
import { randomBytes, randomUUID } from 'node:crypto'

/** With `secretUri`, the four values of the section `kvSetting`. */
export interface EntraApplication {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface NewEntraApplication {
  /** Default: a new UUID. An application that is there already is registered anew. */
  readonly clientId?: string | undefined
  /** Default: a new one. */
  readonly clientSecret?: string | undefined
  /** By the emulator's clock. Default: never. */
  readonly secretExpiresOn?: Date | undefined
}

export interface RegisteredApplication extends EntraApplication {
  /** The service principal, which a token names as its subject. */
  readonly objectId: string
  /** Milliseconds since the epoch. */
  readonly secretExpiresAt: number
}

export interface ApplicationRegistry {
  readonly tenantId: string
  add(application: NewEntraApplication): RegisteredApplication
  get(clientId: string): RegisteredApplication | undefined
  clear(): void
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @throws TypeError for a tenant that is no UUID. */
export function createApplications(tenantId: string): ApplicationRegistry {
  if (!uuid.test(tenantId)) throw new TypeError('a tenant is a UUID; give `tenantId` as one, or leave it out')
  const applications = new Map<string, RegisteredApplication>()
  return {
    tenantId,
    add({ clientId = randomUUID(), clientSecret, secretExpiresOn }) {
      if (!uuid.test(clientId)) {
        throw new TypeError('an application of Entra ID is a UUID; give `clientId` as one, or leave it out')
      }
      const application: RegisteredApplication = {
        tenantId,
        clientId,
        clientSecret: clientSecret ?? randomBytes(30).toString('base64url'),
        objectId: randomUUID(),
        secretExpiresAt: secretExpiresOn?.getTime() ?? Number.POSITIVE_INFINITY,
      }
      applications.set(clientId.toLowerCase(), application)
      return application
    },
    get: (clientId) => applications.get(clientId.toLowerCase()),
    clear: () => applications.clear(),
  }
}
