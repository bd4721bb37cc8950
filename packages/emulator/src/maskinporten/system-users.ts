/** System users and consents that exist in the emulated Altinn: what `authorization_details` can name. */
import { randomUUID } from 'node:crypto'

export interface SystemUser {
  /** The customer that owns it: nine digits. */
  readonly orgNumber: string
  /** The clients registered on its system in the System Register. */
  readonly clientIds: readonly string[]
  /** `{vendor's organisation number}_{name}`. */
  readonly systemId: string
  readonly externalRef?: string | undefined
  /** Default: a new one. */
  readonly systemUserId?: string | undefined
}

export interface Consent {
  /** UUID. Default: a new one. */
  readonly id?: string | undefined
  /** `urn:altinn:person:identifier-no:<11>` or `urn:altinn:organization:identifier-no:<9>`. */
  readonly from: string
  /** The consumer it was given to: nine digits. */
  readonly to: string
  readonly consentRights: readonly object[]
  /** Milliseconds since the epoch. Default: a year from now. */
  readonly validTo?: number | undefined
}

export interface AuthorizationRegistry {
  addSystemUser(systemUser: SystemUser): SystemUser & { readonly systemUserId: string }
  /** The one of this owner, client and reference; a missing reference matches only a system user without one. */
  findSystemUser(
    owner: string,
    clientId: string,
    externalRef: string | undefined,
  ): (SystemUser & { readonly systemUserId: string }) | undefined
  addConsent(consent: Consent, now: number): StoredConsent
  findConsent(id: string): StoredConsent | undefined
  clear(): void
}

export type StoredConsent = Omit<Consent, 'id' | 'validTo'> & {
  readonly id: string
  readonly validTo: number
  readonly consented: number
}

const yearMs = 365 * 86_400_000

const key = (owner: string, clientId: string, externalRef = ''): string => `${owner} ${clientId} ${externalRef}`

export function createAuthorizations(): AuthorizationRegistry {
  const systemUsers = new Map<string, SystemUser & { readonly systemUserId: string }>()
  const consents = new Map<string, StoredConsent>()
  return {
    addSystemUser(systemUser) {
      const added = { ...systemUser, systemUserId: systemUser.systemUserId ?? randomUUID() }
      for (const clientId of added.clientIds) systemUsers.set(key(added.orgNumber, clientId, added.externalRef), added)
      return added
    },
    findSystemUser: (owner, clientId, externalRef) => systemUsers.get(key(owner, clientId, externalRef)),
    addConsent(consent, now) {
      const added = {
        ...consent,
        id: consent.id ?? randomUUID(),
        validTo: consent.validTo ?? now + yearMs,
        consented: now,
      }
      consents.set(added.id, added)
      return added
    },
    findConsent: (id) => consents.get(id),
    clear() {
      systemUsers.clear()
      consents.clear()
    },
  }
}
