/** Stands in for Altinn's policy decision point: who may read an app's instances, and have its events. */
import type { AuthorizationRegistry } from '../maskinporten/system-users.ts'
import type { Caller } from './identity.ts'
import type { Parties } from './parties.ts'

export interface Asked {
  readonly org: string
  readonly app: string
  /** Whose instance or event it is; left out when no party is asked for. */
  readonly partyId?: string | undefined
}

/** For the recorder. */
export interface Denial {
  readonly reason: string
  readonly compared: { readonly of: string; readonly expected: string; readonly received: string }
}

export interface Policy {
  /** Why not; `undefined` when it is permitted. `what` is asked for: 'app', 'instance'. */
  denial(who: Caller, what: string, asked: Asked): Denial | undefined
}

export function createPolicy(facts: {
  readonly authorizations: Pick<AuthorizationRegistry, 'systemUser'>
  readonly parties: Pick<Parties, 'find'>
}): Policy {
  const ofSystemUser = (id: string, what: string, { org, app, partyId }: Asked): Denial | undefined => {
    const deny = (reason: string, of: string, expected: string, received: string): Denial => ({
      reason: `The system user ${id} ${reason}`,
      compared: { of, expected, received },
    })
    const found = facts.authorizations.systemUser(id)
    if (!found) return deny('does not exist.', 'systemuser_id', 'one that was added', id)
    if (!found.approved)
      return deny('is not approved.', 'approval of the system user', 'given', 'not given, or taken back')
    const resource = `app_${org}_${app}`
    if (!found.resources.includes(resource)) {
      const allowed = found.resources.length === 0 ? 'no app' : found.resources.join(', ')
      const reason = `may read ${allowed}, and the ${what} is one of ${resource}.`
      return deny(reason, 'resources of the system user', resource, allowed)
    }
    const party = facts.parties.find(found.orgNumber) ?? 'unknown'
    if (partyId !== undefined && partyId !== party) {
      const reason = `is one of ${found.orgNumber} (party ${party}), and the ${what} is one of party ${partyId}.`
      return deny(reason, 'party', partyId, party)
    }
    return undefined
  }
  /** Roles and delegations are not emulated: a person has what is the person's own. */
  const ofPerson = (own: string, what: string, { partyId = 'nobody' }: Asked): Denial | undefined => {
    if (partyId === own) return undefined
    const reason = `The ${what} is one of party ${partyId}, and the token is the one of a person who is party ${own}.`
    return { reason, compared: { of: 'urn:altinn:partyid', expected: partyId, received: own } }
  }
  return {
    denial(who, what, asked) {
      if (who.org === undefined && who.systemUserId !== undefined) return ofSystemUser(who.systemUserId, what, asked)
      if (who.org === undefined && who.partyId !== undefined) return ofPerson(who.partyId, what, asked)
      if (who.org?.toLowerCase() === asked.org.toLowerCase()) return undefined
      const token = who.org === undefined ? 'no service owner’s' : `one of ${who.org}`
      return {
        reason: `The ${what} is one of ${asked.org}, and the token is ${token}.`,
        compared: { of: 'urn:altinn:org', expected: asked.org, received: who.org ?? 'none' },
      }
    },
  }
}
