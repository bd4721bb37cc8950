/** The long explanations of codes. */
import type { Text } from '../language.ts'

export interface Explained {
  readonly happened: Text
  readonly wayOut: Text
}

/** `undefined` for a code that nobody has explained. */
export function explained(_code: string): Explained | undefined {
  return undefined
}
