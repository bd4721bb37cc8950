/** What is asked of the control address beside the controls themselves: for tools and health checks. */
import type { Kind } from './members.ts'
import { controlPrefix } from './table.ts'

export interface OpenRoute {
  readonly path: string
  readonly name: 'addresses' | 'vaultToken' | 'openApi' | 'health' | 'ready' | 'version'
  readonly summary: string
  readonly schema: Kind
  /** Wants the control header, as the controls do. */
  readonly guarded: boolean
  /** Where it is answered, too. */
  readonly also?: string
}

const state: Kind = {
  type: 'record',
  members: { status: { type: 'string', oneOf: ['ok'], description: 'It answers at all.' } },
}

export const openRoutes: readonly OpenRoute[] = [
  {
    path: controlPrefix,
    also: '/',
    name: 'addresses',
    summary: 'The addresses and the certificate authority.',
    schema: { type: 'object' },
    guarded: true,
  },
  {
    path: `${controlPrefix}/vault-token`,
    also: '/vault-token',
    name: 'vaultToken',
    summary: 'The token of the emulator’s own credential, which every vault takes.',
    schema: { type: 'record', members: { access_token: { type: 'string', description: 'A bearer token.' } } },
    guarded: true,
  },
  {
    path: `${controlPrefix}/openapi.json`,
    name: 'openApi',
    summary: 'This description.',
    schema: { type: 'object' },
    guarded: false,
  },
  { path: '/health', name: 'health', summary: 'The process answers.', schema: state, guarded: false },
  {
    path: '/ready',
    name: 'ready',
    summary: 'All services listen, and what the emulator is begun with is there; 503 until then.',
    schema: state,
    guarded: false,
  },
  {
    path: '/version',
    name: 'version',
    summary: 'The version of the package.',
    schema: { type: 'record', members: { version: { type: 'string', description: 'As npm has it.' } } },
    guarded: false,
  },
]
