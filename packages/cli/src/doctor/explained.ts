/** The catalogue's explanation of a code as plain text: a terminal shows no Markdown. */
import type { Actor } from '../catalogue/actors.ts'
import { explanationOf } from '../catalogue/explanation.ts'
import type { Text } from '../language.ts'

export interface Explained {
  readonly happened: Text
  readonly wayOut: Text
}

/** `undefined` for a code that the catalogue does not have. */
export function explained(code: string): Explained | undefined {
  const found = explanationOf(code)
  return found && { happened: bothPlain(found.happened), wayOut: bothPlain(found.wayOut) }
}

/** The first who can do something: the request is doctor's own, so a developer only where nobody else is named. */
export function actorOf(code: string): Actor {
  const acting = explanationOf(code)?.acts.filter((actor) => actor !== 'nobody') ?? []
  return acting.find((actor) => actor !== 'developer') ?? acting[0] ?? 'settings'
}

const bothPlain = ({ en, nb }: Text): Text => ({ en: plain(en), nb: plain(nb) })

const plain = (markdown: string): string => markdown.replaceAll('`', '').replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
