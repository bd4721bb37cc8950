/** All checks, in the order in which they are run and told. */
import { apiCall } from './checks/api-call.ts'
import { audience } from './checks/audience.ts'
import { clock } from './checks/clock.ts'
import { credential } from './checks/credential.ts'
import { discoveryCheck } from './checks/discovery.ts'
import { exchange } from './checks/exchange.ts'
import { granted } from './checks/granted.ts'
import { hosts } from './checks/hosts.ts'
import { key } from './checks/key.ts'
import { keyAge } from './checks/key-age.ts'
import { scopes } from './checks/scopes.ts'
import { section } from './checks/section.ts'
import { settings } from './checks/settings.ts'
import { token } from './checks/token.ts'
import { tokenKind } from './checks/token-kind.ts'
import type { Check } from './finding.ts'

export const checks: readonly Check[] = [
  settings,
  section,
  credential,
  key,
  scopes,
  tokenKind,
  hosts,
  discoveryCheck,
  clock,
  audience,
  token,
  granted,
  exchange,
  apiCall,
  keyAge,
]
