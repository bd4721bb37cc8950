/** `maskinporten explain`: what a code, or the codes in a pasted text, mean. */
import { text as readAll } from 'node:stream/consumers'
import { whoActs } from '../catalogue/actors.ts'
import { TROUBLESHOOTING, groups } from '../catalogue/catalogue.ts'
import type { Explanation } from '../catalogue/explanation.ts'
import { exitCodes } from '../failure.ts'
import type { Language, Text } from '../language.ts'
import type { Terminal } from '../terminal.ts'
import { findCodes, nearestCodes } from './find-codes.ts'
import { shown, shownGroups } from './shown.ts'

/** `words`: a code, or a text; `-` reads standard input; none lists all codes. Gives the exit code. */
export async function explain(words: readonly string[], terminal: Terminal): Promise<number> {
  if (words.length === 0) {
    listAll(terminal)
    return exitCodes.ok
  }
  const text = words.length === 1 && words[0] === '-' ? await readAll(process.stdin) : words.join(' ')
  const { explanations, traceId } = findCodes(text)
  const isKnown = explanations.length > 0
  const nearest = isKnown ? [] : nearestCodes(text.trim())
  if (terminal.isJson) {
    terminal.json({ explanations: explanations.map((one) => asJson(one, terminal.language)), traceId, nearest })
    return isKnown ? exitCodes.ok : exitCodes.failed
  }
  if (!isKnown) {
    terminal.fail(unknown(text, nearest, terminal))
    return exitCodes.failed
  }
  terminal.result(explanations.map((one) => shown(one, terminal)).join('\n\n'))
  if (traceId !== undefined)
    terminal.result(
      {
        en: `\nTrace id ${traceId}: give it to Digdir when you ask them.`,
        nb: `\nSporings-ID ${traceId}: oppgi den når du spør Digdir.`,
      }[terminal.language],
    )
  return exitCodes.ok
}

function listAll(terminal: Terminal): void {
  if (terminal.isJson)
    terminal.json({
      groups: groups.map(({ id, title, entries }) => ({
        id,
        title: terminal.text(title),
        codes: Object.keys(entries),
      })),
    })
  else terminal.result(shownGroups(terminal))
}

/** What was asked for is not repeated: somebody may have pasted a token. */
function unknown(text: string, nearest: readonly string[], terminal: Terminal): string {
  const what = terminal.text({ en: 'No known code is in this', nb: 'Her er ingen kjent kode' })
  const ways: Text[] = []
  if (nearest.length > 0)
    ways.push({ en: `did you mean ${nearest.join(', ')}?`, nb: `mente du ${nearest.join(', ')}?` })
  if (/\bMP[-_ ]?\d{3}\b/i.test(text))
    ways.push({ en: `Digdir may know it: ${TROUBLESHOOTING.en}`, nb: `Digdir kan ha den: ${TROUBLESHOOTING.nb}` })
  if (ways.length === 0)
    ways.push({
      en: '`maskinporten explain` without a code lists all',
      nb: '`maskinporten explain` uten kode viser alle',
    })
  return [what, ...ways.map((way) => terminal.text(way))].join('; ')
}

function asJson({ code, group, happened, acts, wayOut, page, more }: Explanation, language: Language): object {
  return {
    code,
    group: group.id,
    happened: happened[language],
    actors: acts,
    whoActs: whoActs(acts, language),
    wayOut: wayOut[language],
    page: page[language],
    more: more?.[language],
  }
}
