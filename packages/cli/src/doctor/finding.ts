/** What a check found, and the one shape of a check. */
import type { Text } from '../language.ts'
import type { Facts } from './facts.ts'

/** The same words in both languages. */
export type Status = 'OK' | 'SKIP' | 'INFO' | 'WARN' | 'FAIL'

/** Who must act: the catalogue's names. */
export type Actor =
  | 'settings'
  | 'clientAdministrator'
  | 'vaultAdministrator'
  | 'operations'
  | 'apiOwner'
  | 'customer'
  | 'digdir'
  | 'altinn'
  | 'nobody'

export const actors: Readonly<Record<Actor, Text>> = {
  settings: {
    en: 'the one who keeps the settings and the key',
    nb: 'den som har ansvaret for innstillingene og nøkkelen',
  },
  clientAdministrator: {
    en: 'the one who administers the client in Samarbeidsportalen',
    nb: 'den som administrerer klienten i Samarbeidsportalen',
  },
  vaultAdministrator: {
    en: 'the one who administers the vault in Azure',
    nb: 'den som administrerer hvelvet i Azure',
  },
  operations: { en: 'the one who runs the machine and its network', nb: 'den som drifter maskinen og nettverket' },
  apiOwner: { en: 'the one who owns the API', nb: 'API-tilbyderen' },
  customer: { en: 'the customer, in Altinn', nb: 'kunden, i Altinn' },
  digdir: { en: 'Digdir', nb: 'Digdir' },
  altinn: { en: 'Altinn', nb: 'Altinn' },
  nobody: { en: 'nobody: it passes by itself', nb: 'ingen: det går over av seg selv' },
}

export type Evidence = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface Finding {
  readonly status: Status
  /** `MP-100`, `CONFIG_MISSING`, or a code of doctor's own, such as `CLOCK_OFF`. */
  readonly code?: string | undefined
  /** One sentence. With `OK`: what holds. */
  readonly cause: Text
  /** The next step. */
  readonly action?: Text | undefined
  readonly actor?: Actor | undefined
  /** For machines and for the support bundle. Never a secret. */
  readonly evidence?: Evidence | undefined
}

export interface Check {
  readonly id: string
  readonly title: Text
  /** Ids of checks before it: when one of them failed or was skipped, this one is skipped. */
  readonly needs: readonly string[]
  run(facts: Facts): Promise<Finding | readonly Finding[]> | Finding | readonly Finding[]
}
