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
  /** Apps whose instances of this customer it may read, and whose events it may have: 'app_ttd_my-app'. Default: none. */
  readonly resources?: readonly string[] | undefined
  /** The customer has approved it; without that no token names it. Default true. */
  readonly approved?: boolean | undefined
}

/** As it is kept, with its defaults. */
export type StoredSystemUser = SystemUser & {
  readonly systemUserId: string
  readonly resources: readonly string[]
  readonly approved: boolean
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
  /** Has been given, and not taken back. Default true. */
  readonly approved?: boolean | undefined
}

/** As it is kept, with its defaults. */
export type StoredConsent = Omit<Consent, 'id' | 'validTo' | 'approved'> & {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly validTo: number
  /** When it was given, milliseconds since the epoch. */
  readonly consented: number
  readonly approved: boolean
}

export interface AuthorizationRegistry {
  addSystemUser(systemUser: SystemUser): StoredSystemUser
  /** In the order in which they came. */
  systemUsers(): readonly StoredSystemUser[]
  /** The one of this owner, client and reference, an approved one first; a missing reference matches only a system user without one. */
  findSystemUser(owner: string, clientId: string, externalRef: string | undefined): StoredSystemUser | undefined
  systemUser(systemUserId: string): StoredSystemUser | undefined
  /** @throws TypeError for one that is not there. */
  setSystemUserApproved(systemUserId: string, approved: boolean): void
  addConsent(consent: Consent, now: number): StoredConsent
  /** In the order in which they came. */
  consents(): readonly StoredConsent[]
  findConsent(id: string): StoredConsent | undefined
  /** An approval at `now`, milliseconds since the epoch. @throws TypeError for one that is not there. */
  setConsentApproved(id: string, approved: boolean, now: number): void
  clear(): void
}

const yearMs = 365 * 86_400_000

export function createAuthorizations(): AuthorizationRegistry {
  const systemUsers = new Map<string, StoredSystemUser>()
  const consents = new Map<string, StoredConsent>()
  return {
    addSystemUser(systemUser) {
      const { systemUserId = randomUUID(), resources = [], approved = true } = systemUser
      const added = { ...systemUser, systemUserId, resources, approved }
      // One that is added anew is the newest again.
      systemUsers.delete(systemUserId)
      systemUsers.set(systemUserId, added)
      return added
    },
    systemUsers: () => [...systemUsers.values()],
    findSystemUser(owner, clientId, externalRef = '') {
      const found = [...systemUsers.values()].filter(
        (one) => one.orgNumber === owner && one.clientIds.includes(clientId) && (one.externalRef ?? '') === externalRef,
      )
      return found.findLast(({ approved }) => approved) ?? found.at(-1)
    },
    systemUser: (systemUserId) => systemUsers.get(systemUserId),
    setSystemUserApproved(systemUserId, approved) {
      const found = systemUsers.get(systemUserId)
      if (!found) throw new TypeError(`no system user ${systemUserId}; add it with addSystemUser first`)
      systemUsers.set(systemUserId, { ...found, approved })
    },
    addConsent(consent, now) {
      const { id = randomUUID(), validTo = now + yearMs, approved = true } = consent
      const added = { ...consent, id, validTo, approved, consented: now }
      consents.set(id, added)
      return added
    },
    consents: () => [...consents.values()],
    findConsent: (id) => consents.get(id),
    setConsentApproved(id, approved, now) {
      const found = consents.get(id)
      if (!found) throw new TypeError(`no consent ${id}; add it with addConsent first`)
      consents.set(id, { ...found, approved, consented: approved ? now : found.consented })
    },
    clear() {
      systemUsers.clear()
      consents.clear()
    },
  }
}
