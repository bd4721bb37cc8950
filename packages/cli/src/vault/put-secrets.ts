/** Puts secrets into a vault: what is there is looked at first, and what was written is read back. */
import { CommandFailed } from '../failure.ts'
import { publicHalfOf } from '../keys/public-half.ts'
import type { SecretStore } from './secret-client.ts'

export interface WantedSecret {
  readonly name: string
  readonly value: string
  /** Of a key: it is compared by this, since one key can be written in many ways. */
  readonly thumbprint?: string | undefined
  readonly expiresOn?: Date | undefined
}

export interface PlannedSecret extends WantedSecret {
  /** `same`: it is there with this value already, and nothing is written. `other`: it is there with another value. */
  readonly state: 'new' | 'same' | 'other'
}

export interface PutSecret {
  readonly name: string
  readonly version: string
  readonly isWritten: boolean
}

/** @throws CommandFailed */
export async function planSecrets(
  store: SecretStore,
  wanted: readonly WantedSecret[],
): Promise<readonly PlannedSecret[]> {
  const planned: PlannedSecret[] = []
  // One after the other: a cold client pays one anonymous request for each of them otherwise.
  for (const secret of wanted) {
    const there = await store.read(secret.name)
    const isEmpty = there === undefined || there.value.trim() === ''
    planned.push({ ...secret, state: isEmpty ? 'new' : (await isSame(secret, there.value)) ? 'same' : 'other' })
  }
  return planned
}

/** Nothing existing is replaced unasked; its former version stays in the vault. @throws CommandFailed `usage` */
export function refuseOthers(planned: readonly PlannedSecret[], vault: string, isForced: boolean): void {
  const others = planned.filter(({ state }) => state === 'other').map(({ name }) => name)
  if (others.length === 0 || isForced) return
  const list = others.join(', ')
  throw new CommandFailed('usage', {
    en: `${vault} has another value in ${list}; give --force for a new version (the former one stays in the vault), or replace a key in use with: maskinporten keys rotate`,
    nb: `${vault} har en annen verdi i ${list}; bruk --force for en ny versjon (den forrige blir i hvelvet), eller bytt en nøkkel i bruk med: maskinporten keys rotate`,
  })
}

/**
 * In this order, each read anew right before: what came since the plan is not replaced unasked.
 *
 * @throws CommandFailed, also when what is read back is not what was written.
 */
export async function putSecrets(
  store: SecretStore,
  planned: readonly PlannedSecret[],
  isForced: boolean,
): Promise<readonly PutSecret[]> {
  const put: PutSecret[] = []
  for (const secret of planned) {
    const { name, value, state, expiresOn } = secret
    if (state === 'same') {
      put.push({ name, version: '', isWritten: false })
      continue
    }
    const now = await planSecrets(store, [secret])
    refuseOthers(now, store.name, isForced)
    if (now.every((one) => one.state === 'same')) {
      put.push({ name, version: '', isWritten: false })
      continue
    }
    const { version } = await store.write(name, value, { expiresOn })
    const back = await store.read(name, version)
    if (back === undefined || !(await isSame(secret, back.value))) throw notTheSame(store.name, name)
    put.push({ name, version, isWritten: true })
  }
  return put
}

async function isSame({ value, thumbprint }: WantedSecret, there: string): Promise<boolean> {
  if (thumbprint === undefined) return there.trim() === value
  const found = await publicHalfOf(there).catch(() => undefined)
  return found?.isPrivate === true && found.thumbprint === thumbprint
}

const notTheSame = (vault: string, name: string): CommandFailed =>
  new CommandFailed('failed', {
    en: `what ${vault} gives back for ${name} is not what was written; somebody else wrote to it at the same time, so run the command again`,
    nb: `det ${vault} gir tilbake for ${name}, er ikke det som ble skrevet; noen andre skrev samtidig, så kjør kommandoen igjen`,
  })
