/** The form of an advice. */
import type { Text } from '../language.ts'

export type Who = 'you' | 'apiOwner' | 'customer' | 'digdir' | 'altinn'

export interface Advice {
  readonly who: Who
  readonly why: Text
  readonly wayOut: Text
}

export const whoTexts: Readonly<Record<Who, Text>> = {
  you: { en: 'You', nb: 'Du' },
  apiOwner: { en: 'The owner of the API', nb: 'API-tilbyderen' },
  customer: { en: 'Your customer, in Altinn', nb: 'Kunden din, i Altinn' },
  digdir: { en: 'Digdir', nb: 'Digdir' },
  altinn: { en: 'Altinn', nb: 'Altinn' },
}
