/** Shows that a form is one of ours, and names the application that it becomes: sent twice, it still is one. */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'

export interface FormTokens {
  issue(): string
  /** The application's id; `undefined` for a token that is not ours. */
  read(token: string): string | undefined
}

/** Good as long as this process. */
export function createFormTokens(): FormTokens {
  const secret = randomBytes(32)
  const proofOf = (id: string): Buffer => createHmac('sha256', secret).update(id).digest()
  return {
    issue() {
      const id = randomUUID()
      return `${id}.${proofOf(id).toString('base64url')}`
    },
    read(token) {
      const [id = '', proof = ''] = token.split('.')
      const given = Buffer.from(proof, 'base64url')
      const own = proofOf(id)
      return given.length === own.length && timingSafeEqual(given, own) ? id : undefined
    },
  }
}
