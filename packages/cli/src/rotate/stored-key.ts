/** A private key as a store has it. */
import { CommandFailed } from '../failure.ts'
import { type PublicHalf, publicHalfOf } from '../keys/public-half.ts'

export interface StoredKey extends PublicHalf {
  /** One line of base64. A secret. */
  readonly encoded: string
}

export async function storedKey(text: string, what: string): Promise<StoredKey> {
  const half = await publicHalfOf(text)
  if (half.isPrivate) return { ...half, encoded: text.trim() }
  throw notAKey(what)
}

export async function waitingKey(text: string, what: string, current: StoredKey): Promise<StoredKey | undefined> {
  if (text.trim() === '') return undefined
  const key = await storedKey(text, what).catch(() => {
    throw notAKey(what)
  })
  return key.thumbprint === current.thumbprint ? undefined : key
}

export const notAKey = (what: string): CommandFailed =>
  new CommandFailed('settings', {
    en: `${what} holds something that is not a private key; look at it, and delete it if nobody needs it`,
    nb: `${what} inneholder noe som ikke er en privat nøkkel; se på det, og slett det hvis ingen trenger det`,
  })
