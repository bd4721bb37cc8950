/** `maskinporten scopes`: which scopes the registry knows, of which APIs, and who grants them. */
import { apis, nearestScopes } from '@maskinporten-kit/apis'
import { CommandFailed } from '../failure.ts'
import type { Terminal } from '../terminal.ts'
import { columns } from './columns.ts'

/** @throws CommandFailed `failed` when it knows none of that name; the nearest ones are in the message. */
export function showScopes(word: string | undefined, terminal: Terminal): void {
  const wanted = word?.toLowerCase() ?? ''
  const all = apis.flatMap((api) => api.scopes.map((scope) => ({ api: api.id, ...scope })))
  const found = all
    .filter(({ name, meaning }) => [name, meaning.en, meaning.nb].some((text) => text.toLowerCase().includes(wanted)))
    .toSorted((left, right) => left.name.localeCompare(right.name) || left.api.localeCompare(right.api))
  if (found.length === 0) throw unknown(word ?? '')
  if (terminal.isJson) terminal.json(found)
  else
    terminal.result(
      columns(
        found.map(({ name, api, meaning, grantedBy }) => [
          name,
          api,
          `${terminal.text(meaning)}${grantedBy ? ` (${terminal.text(grantedBy)})` : ''}`,
        ]),
      ),
    )
}

function unknown(word: string): CommandFailed {
  const near = nearestScopes(word)
  const shown = word.slice(0, 60)
  return new CommandFailed('failed', {
    en: `the registry has no scope with ${shown}${near.length > 0 ? `; did you mean ${near.join(', ')}?` : ', but it does not have all scopes'}`,
    nb: `registeret har ikke noe scope med ${shown}${near.length > 0 ? `; mente du ${near.join(', ')}?` : ', men det har ikke alle scopes'}`,
  })
}
