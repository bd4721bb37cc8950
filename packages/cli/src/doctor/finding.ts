/** What a check found, and the one shape of a check. */
import type { Text } from '../language.ts'
import type { Facts } from './facts.ts'

/** The same words in both languages. */
export type Status = 'OK' | 'SKIP' | 'INFO' | 'WARN' | 'FAIL'

/** Who must act. The words are those of `actors`. */
export type Actor =
  | 'you'
  | 'client-administrator'
  | 'certificate-owner'
  | 'vault-administrator'
  | 'network'
  | 'api-owner'
  | 'delegating-organisation'
  | 'digdir'
  | 'altinn'
  | 'nobody'

export const actors: Readonly<Record<Actor, Text>> = {
  you: { en: 'you', nb: 'du' },
  'client-administrator': {
    en: 'the one who administers the client in Samarbeidsportalen',
    nb: 'den som administrerer klienten i Samarbeidsportalen',
  },
  'certificate-owner': {
    en: 'the one who keeps your organisation’s enterprise certificate',
    nb: 'den som forvalter virksomhetssertifikatet',
  },
  'vault-administrator': {
    en: 'the one who administers the Key Vault',
    nb: 'den som administrerer hvelvet (Key Vault)',
  },
  network: { en: 'the one who runs this machine and its network', nb: 'den som drifter maskinen og nettverket' },
  'api-owner': { en: 'the owner of the API', nb: 'API-eieren' },
  'delegating-organisation': {
    en: 'the organisation that delegates to yours',
    nb: 'virksomheten som delegerer til din',
  },
  digdir: { en: 'Digdir', nb: 'Digdir' },
  altinn: { en: 'Altinn', nb: 'Altinn' },
  nobody: { en: 'nobody for now', nb: 'ingen foreløpig' },
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

/** Words that are not of a language, such as a server's own. */
export const same = (text: string): Text => ({ en: text, nb: text })
