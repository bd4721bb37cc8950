/** What the page shows, in a short text: to know that something is new without making the page. */
import type { Recorder } from '../http/recorder.ts'
import type { Client, ClientRegistry } from '../maskinporten/clients.ts'
import type { Approvals } from './approvals.ts'

export interface StateParts {
  readonly recorder: Recorder
  readonly clients: ClientRegistry
  readonly approvals: Pick<Approvals, 'systemUsers' | 'consents'>
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly now: () => number
}

export function stateOf({ recorder, clients, approvals, now }: StateParts): string {
  const at = now()
  const clientState = ({ clientId, orgNumber, scopes, active, keys }: Client): readonly unknown[] => [
    clientId,
    orgNumber,
    active,
    [...scopes],
    // A key that ends changes the page, and nothing that is kept.
    [...keys.values()].map(({ jwk, expiresAt }) => [jwk.kid, expiresAt, expiresAt <= at]),
  ]
  const consents = approvals.consents().map(({ id, from, to, validTo, approved }) => [id, from, to, validTo, approved])
  return JSON.stringify([recorder.changes(), clients.all().map(clientState), approvals.systemUsers(), consents])
}
