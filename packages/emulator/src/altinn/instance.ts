/** An instance as Storage keeps and sends it: null members are left out, so they are optional here. */

export interface Instance {
  /** `{partyId}/{guid}` */
  readonly id: string
  readonly instanceOwner: {
    readonly partyId: string
    readonly personNumber?: string
    readonly organisationNumber?: string
  }
  /** `{org}/{app}` */
  readonly appId: string
  readonly org: string
  readonly selfLinks: Links
  readonly visibleAfter: string
  readonly process: {
    readonly started: string
    readonly startEvent: string
    /** Until the process has ended. */
    readonly currentTask?: {
      readonly flow: number
      readonly started: string
      readonly elementId: string
      readonly name: string
      readonly altinnTaskType: string
      readonly flowType: string
    }
    readonly ended?: string
    readonly endEvent?: string
  }
  readonly status: {
    readonly isArchived: boolean
    readonly archived?: string
    readonly isSoftDeleted: boolean
    readonly isHardDeleted: boolean
    readonly readStatus: number
    readonly substatus?: { readonly label: string; readonly description?: string | undefined }
  }
  readonly completeConfirmations?: readonly { readonly stakeholderId: string; readonly confirmedOn: string }[]
  readonly data: readonly DataElement[]
  readonly presentationTexts: Readonly<Record<string, string>>
  readonly dataValues: Readonly<Record<string, string>>
  readonly created: string
  readonly createdBy: string
  readonly lastChanged: string
  readonly lastChangedBy: string
}

export interface DataElement {
  readonly id: string
  readonly instanceGuid: string
  readonly dataType: string
  readonly contentType: string
  readonly blobStoragePath: string
  readonly selfLinks: Links
  readonly size: number
  readonly locked: boolean
  readonly refs: readonly string[]
  readonly isRead: boolean
  readonly tags: readonly string[]
  readonly fileScanResult: string
  readonly created: string
  readonly createdBy: string
  readonly lastChanged: string
  readonly lastChangedBy: string
}

export interface Links {
  readonly apps: string
  readonly platform: string
}

export interface InstanceStore {
  put(instance: Instance): void
  get(guid: string): Instance | undefined
  /** Of one organisation, in no order. */
  ofOrg(org: string): readonly Instance[]
  /** Of all organisations, in no order. */
  all(): readonly Instance[]
  putBytes(dataGuid: string, bytes: Uint8Array<ArrayBuffer>): void
  bytes(dataGuid: string): Uint8Array<ArrayBuffer> | undefined
  clear(): void
}

export function createInstances(): InstanceStore {
  const byOrg = new Map<string, Map<string, Instance>>()
  const byGuid = new Map<string, Instance>()
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    put(instance) {
      const guid = guidOf(instance)
      const own = byOrg.get(instance.org) ?? new Map<string, Instance>()
      byOrg.set(instance.org, own.set(guid, instance))
      byGuid.set(guid, instance)
    },
    get: (guid) => byGuid.get(guid.toLowerCase()),
    ofOrg: (org) => [...(byOrg.get(org.toLowerCase())?.values() ?? [])],
    all: () => [...byGuid.values()],
    putBytes: (dataGuid, bytes) => void blobs.set(dataGuid, bytes),
    bytes: (dataGuid) => blobs.get(dataGuid),
    clear() {
      byOrg.clear()
      byGuid.clear()
      blobs.clear()
    },
  }
}

export function guidOf(instance: Instance): string {
  return instance.id.slice(instance.id.indexOf('/') + 1)
}
