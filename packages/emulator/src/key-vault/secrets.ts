/** The secrets of the emulated vault, with their versions. */
import { randomBytes } from 'node:crypto'
import type { EmulatorClock } from '../clock.ts'

export interface SecretAttributes {
  readonly enabled: boolean
  /** Seconds since the epoch, as the next three. */
  readonly created: number
  readonly updated: number
  readonly nbf?: number | undefined
  readonly exp?: number | undefined
}

export interface Secret {
  /** As it was first written; look-ups do not regard case. */
  readonly name: string
  readonly version: string
  readonly value: string
  readonly contentType?: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly attributes: SecretAttributes
}

export interface NewSecret {
  readonly value: string
  readonly contentType?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly enabled?: boolean | undefined
  readonly nbf?: number | undefined
  readonly exp?: number | undefined
}

export type SecretChange = Omit<NewSecret, 'value'>

export interface SecretStore {
  /** A new version, which is the newest from now on. @throws TypeError for a name that Key Vault would not take. */
  set(name: string, secret: NewSecret): Secret
  /** The newest without `version`. */
  get(name: string, version?: string): Secret | undefined
  change(name: string, version: string | undefined, change: SecretChange): Secret | undefined
  /** The newest of each, by name. */
  list(): readonly Secret[]
  /** Oldest first. */
  versions(name: string): readonly Secret[]
  delete(name: string): Secret | undefined
}

export function isSecretName(name: string): boolean {
  return /^[0-9A-Za-z-]{1,127}$/.test(name)
}

export function createSecrets(clock: EmulatorClock): SecretStore {
  const secrets = new Map<string, Secret[]>()
  const seconds = (): number => Math.floor(clock.now() / 1000)
  const versionsOf = (name: string): Secret[] => secrets.get(name.toLowerCase()) ?? []
  const find = (name: string, version: string | undefined): Secret | undefined =>
    version === undefined ? versionsOf(name).at(-1) : versionsOf(name).find((secret) => secret.version === version)
  return {
    set(name, { value, contentType, tags, enabled, nbf, exp }) {
      if (!isSecretName(name)) {
        throw new TypeError(
          `${JSON.stringify(name)} is not a name for a secret; use 1 to 127 letters, digits and hyphens ("--" for ":")`,
        )
      }
      const versions = versionsOf(name)
      const created = seconds()
      const secret: Secret = {
        name: versions[0]?.name ?? name,
        version: randomBytes(16).toString('hex'),
        value,
        contentType,
        tags: tags ?? {},
        attributes: { enabled: enabled ?? true, created, updated: created, nbf, exp },
      }
      secrets.set(name.toLowerCase(), [...versions, secret])
      return secret
    },
    get: find,
    change(name, version, change) {
      const found = find(name, version)
      if (!found) return undefined
      const changed: Secret = {
        ...found,
        contentType: change.contentType ?? found.contentType,
        tags: change.tags ?? found.tags,
        attributes: {
          ...found.attributes,
          enabled: change.enabled ?? found.attributes.enabled,
          nbf: change.nbf ?? found.attributes.nbf,
          exp: change.exp ?? found.attributes.exp,
          updated: seconds(),
        },
      }
      secrets.set(
        name.toLowerCase(),
        versionsOf(name).map((secret) => (secret === found ? changed : secret)),
      )
      return changed
    },
    list: () => [...secrets.keys()].toSorted().flatMap((name) => versionsOf(name).slice(-1)),
    versions: versionsOf,
    delete(name) {
      const newest = find(name, undefined)
      secrets.delete(name.toLowerCase())
      return newest
    },
  }
}
