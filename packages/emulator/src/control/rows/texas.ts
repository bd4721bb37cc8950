/** Controls of the emulated Texas. */
import type { Control } from '../control.ts'
import type { ControlName } from '../table.ts'

type TexasControl = ControlName & `texas.${string}`

export const texasRows: Readonly<Record<TexasControl, Control>> = {
  'texas.useClient': {
    method: 'PUT',
    path: '/texas/client',
    summary: 'Lets Texas sign for this client from now on. Until then: for the first client with a private key here.',
    positional: { clientId: { type: 'string', description: 'A client whose private key was made or given here.' } },
  },
}
