/** An emulator that runs: where it is, and an administration client there, since nobody orders one from Digdir for it. */
import { CommandFailed } from '../failure.ts'

export interface RunningEmulator {
  /** Under `maskinporten-emulator run`, all has the names of the test environment. */
  readonly isNamedTest: boolean
  readonly issuer: string
  readonly altinn: string
  readonly keyVault: string
  readonly selfService: string
  readonly entra: string
  /** PEM, of all that speaks https. */
  readonly ca: string
}

/** Of an emulator on its fixed ports. */
const FIXED_CONTROL = 'http://127.0.0.1:8055'
const TIMEOUT_MS = 5_000
const ADMIN_SCOPES = ['idporten:dcr.read', 'idporten:dcr.modify', 'idporten:dcr.write']

type Json = Readonly<Record<string, unknown>>

/** @throws CommandFailed when no emulator answers there. */
export async function findEmulator(control: string | true): Promise<RunningEmulator & { readonly control: string }> {
  const address = control === true ? (process.env['EMULATED_MASKINPORTEN_CONTROL'] ?? FIXED_CONTROL) : control
  const told = await ask(address, 'GET', '')
  const text = (name: string): string => (typeof told[name] === 'string' ? told[name] : '')
  return {
    control: address,
    isNamedTest: told['environment'] !== undefined,
    issuer: text('issuer'),
    altinn: text('altinn'),
    keyVault: text('keyVault'),
    selfService: text('selfService'),
    entra: text('entra'),
    ca: text('ca'),
  }
}

/** The section of an administration client, with its key, which is worth nothing elsewhere. */
export async function registerAdmin(control: string): Promise<Json> {
  const { settings } = await ask(control, 'POST', '/clients', { scopes: ADMIN_SCOPES })
  return (settings ?? {}) as Json
}

/** An application of Entra ID that may read and write the emulated vault. */
export async function registerApplication(control: string): Promise<Json> {
  return ask(control, 'POST', '/applications', {})
}

async function ask(control: string, method: string, path: string, body?: object): Promise<Json> {
  const url = `${control.replace(/\/+$/, '')}/__emulator${path}`
  try {
    const answer = await fetch(url, {
      method,
      headers: {
        'x-maskinporten-emulator': '1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (answer.ok) return (await answer.json()) as Json
  } catch {
    // Told below: there is nothing to add to it.
  }
  throw new CommandFailed('failed', {
    en: `no emulator answers at ${control}; start it with: maskinporten-emulator, or name its controls: --emulator URL`,
    nb: `ingen emulator svarer på ${control}; start den med: maskinporten-emulator, eller oppgi adressen: --emulator URL`,
  })
}
