/** Stands in for Altinn's policy decision point: who may read an app's instances, and have its events. */
import type { AuthorizationRegistry } from '../maskinporten/system-users.ts'
import type { AltinnIdentity } from './identity.ts'
import type { Parties } from './parties.ts'

export interface Asked {
  readonly org: string
  readonly app: string
  /** Whose instance or event it is; left out when no party is asked for. */
  readonly partyId?: string | undefined
}

export interface Policy {
  /** Why not, in a sentence for the recorder; `undefined` when it is permitted. `what` is asked for: 'app', 'instance'. */
  denial(who: Pick<AltinnIdentity, 'org' | 'systemUserId'>, what: string, asked: Asked): string | undefined
}

export function createPolicy(facts: {
  readonly authorizations: Pick<AuthorizationRegistry, 'systemUser'>
  readonly parties: Pick<Parties, 'find'>
}): Policy {
  const ofSystemUser = (id: string, what: string, { org, app, partyId }: Asked): string | undefined => {
    const found = facts.authorizations.systemUser(id)
    if (!found) return `The system user ${id} does not exist.`
    if (!found.approved) return `The system user ${id} is not approved.`
    const resource = `app_${org}_${app}`
    if (!found.resources.includes(resource)) {
      const allowed = found.resources.length === 0 ? 'no app' : found.resources.join(', ')
      return `The system user ${id} may read ${allowed}, and the ${what} is one of ${resource}.`
    }
    const party = facts.parties.find(found.orgNumber)
    if (partyId !== undefined && partyId !== party) {
      return `The system user ${id} is one of ${found.orgNumber} (party ${party ?? 'unknown'}), and the ${what} is one of party ${partyId}.`
    }
    return undefined
  }
  return {
    denial(who, what, asked) {
      if (who.org === undefined && who.systemUserId !== undefined) return ofSystemUser(who.systemUserId, what, asked)
      if (who.org?.toLowerCase() === asked.org.toLowerCase()) return undefined
      const token = who.org === undefined ? 'no service owner’s' : `one of ${who.org}`
      return `The ${what} is one of ${asked.org}, and the token is ${token}.`
    },
  }
}
