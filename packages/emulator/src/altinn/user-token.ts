/** An Altinn token of a person who has logged in: nobody logs in here, so a control makes it. */
import { randomUUID } from 'node:crypto'
import type { EmulatorClock } from '../clock.ts'
import type { Names } from '../network/names.ts'
import type { PersonRegister } from '../register/persons.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { lifetimeSeconds, signAltinnToken } from './altinn-token.ts'
import type { Parties } from './parties.ts'

export interface NewUserToken {
  /** Eleven digits of a synthetic person (month + 80). */
  readonly person: string
  /** Default: 'altinn:instances.read'. */
  readonly scopes?: readonly string[] | undefined
  /** How surely the person is known. Default 3. */
  readonly authLevel?: 0 | 1 | 2 | 3 | 4 | undefined
}

export interface UserToken {
  /** For 30 minutes. */
  readonly token: string
  readonly userId: string
  readonly partyId: string
}

/** Altinn's number for a user is another one than that of the party. */
const betweenNumbers = 30_000_000

function userIdOf(partyId: string): string {
  return String(Number(partyId) - betweenNumbers)
}

export function partyIdOf(userId: string): string {
  return String(Number(userId) + betweenNumbers)
}

/** Claims as Altinn's own generator of test tokens has them (Altinn/AltinnTestTools, `Token.cs`). @throws TypeError for a person who is not synthetic. */
export async function issueUserToken(
  { person, scopes = ['altinn:instances.read'], authLevel = 3 }: NewUserToken,
  parts: {
    readonly names: Names
    readonly clock: EmulatorClock
    readonly persons: PersonRegister
    readonly parties: Parties
    readonly keys: SigningKeys
  },
): Promise<UserToken> {
  parts.persons.ensure(person)
  const partyId = parts.parties.idOf(person)
  const userId = userIdOf(partyId)
  const now = Math.floor(parts.clock.now() / 1000)
  const claims = {
    'urn:altinn:authenticatemethod': 'NotDefined',
    'urn:altinn:authlevel': String(authLevel),
    pid: person,
    token_type: 'Bearer',
    client_id: randomUUID(),
    scope: scopes.join(' '),
    exp: now + lifetimeSeconds,
    iat: now,
    iss: parts.names.platformIssuer,
    nbf: now,
    nameid: Number(userId),
    'urn:altinn:userid': Number(userId),
    'urn:altinn:partyid': Number(partyId),
  }
  return { token: await signAltinnToken(claims, parts.keys), userId, partyId }
}
