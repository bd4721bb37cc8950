/**
 * The one table of controls: what the JavaScript object checks, what HTTP offers under `/__emulator`, and what the
 * published OpenAPI description says, are all made from it. A control that stands in `Emulator` and not here does not compile.
 */
import type { Emulator } from '../emulator.ts'
import type { Control } from './control.ts'
import type { Members } from './members.ts'
import { altinnRows } from './rows/altinn.ts'
import { faultRows } from './rows/faults.ts'
import { keyVaultRows } from './rows/key-vault.ts'
import { maskinportenRows } from './rows/maskinporten.ts'
import { ownRows } from './rows/own.ts'
import { texasRows } from './rows/texas.ts'

/** Where all paths of the table begin. */
export const controlPrefix = '/__emulator'

type Named<Holder, Prefix extends string> = {
  [Name in keyof Holder & string]: Holder[Name] extends (...args: never) => unknown ? `${Prefix}${Name}` : never
}[keyof Holder & string]

type HolderName = 'maskinporten' | 'altinn' | 'register' | 'keyVault' | 'entra' | 'texas' | 'clock' | 'faults'

export type ControlName =
  // A function cannot be sent, a socket is not shared, and who closes it by HTTP hears no answer.
  | Exclude<Named<Emulator, ''>, 'close' | 'fetch' | 'log'>
  | { [Name in HolderName]: Named<Emulator[Name], `${Name}.`> }[HolderName]

const controlTable: Readonly<Record<ControlName, Control>> = {
  ...maskinportenRows,
  ...altinnRows,
  ...keyVaultRows,
  ...texasRows,
  ...ownRows,
  ...faultRows,
}

/** The rows with their names, in the table's order. */
export const controlRows: readonly (readonly [string, Control])[] = Object.entries(controlTable)

/** All members of a control, as one object over HTTP. */
export function membersOf({ positional = {}, options = {}, optionsOptional, inVault }: Control): Members {
  const free = Object.fromEntries(
    Object.entries(options).map(([name, member]) => [name, { ...member, optional: true } as const]),
  )
  return {
    ...positional,
    ...(optionsOptional === true ? free : options),
    ...(inVault === true ? { vault: vaultMember } : {}),
  }
}

const vaultMember = {
  type: 'string',
  optional: true,
  description:
    'The vault, by a name of its own as in `my-kv.vault.azure.net`. Default: the one that answers under every name.',
} as const
