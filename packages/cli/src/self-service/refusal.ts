/** What the self-service API refuses: its own words, and what to do. */
import { CommandFailed } from '../failure.ts'
import type { Text } from '../language.ts'
import { memberOf, textAt } from '../member.ts'

interface Refused {
  readonly status: number
  readonly json: unknown
  readonly doing: Text
  /** One of them is needed for this operation. */
  readonly needed: readonly string[]
  readonly adminClientId: string
}

export function refusalOf({ status, json, doing, needed, adminClientId }: Refused): CommandFailed {
  const words = wordsOf(json)
  const said = words === '' ? '' : `: ${words}`
  const way = wayOut(status, words, needed, adminClientId)
  return new CommandFailed('failed', {
    en: `could not ${doing.en} (the self-service API answered ${status}${said}); ${way.en}`,
    nb: `kunne ikke ${doing.nb} (selvbetjenings-API-et svarte ${status}${said}); ${way.nb}`,
  })
}

export function noAnswer(baseUrl: string, what = 'no connection, or no answer in time'): CommandFailed {
  return new CommandFailed('failed', {
    en: `the self-service API ${baseUrl} gave no answer that can be used (${what}); nothing is lost: run the same command again`,
    nb: `selvbetjenings-API-et ${baseUrl} ga ikke noe brukbart svar (${what}); ingenting er tapt: kjør samme kommando igjen`,
  })
}

/** `errors[].errorMessage` with its field; else `error_description` without the comma that Digdir puts before it. */
function wordsOf(json: unknown): string {
  const errors = memberOf(json, 'errors')
  const list = Array.isArray(errors) ? errors.map((one) => textAt(one, 'errorMessage')).filter((one) => one !== '') : []
  const description = memberOf(json, 'error_description') ?? memberOf(json, 'error') ?? memberOf(json, 'message')
  const words = list.length > 0 ? list.join('; ') : typeof description === 'string' ? description : ''
  // A server's text is shown on a terminal.
  return words
    .replace(/^[,\s]+/, '')
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, 500)
}

function wayOut(status: number, words: string, needed: readonly string[], adminClientId: string): Text {
  if (status === 401)
    return {
      en: 'the administration client must be of the same environment as the API',
      nb: 'administrasjonsklienten må høre til samme miljø som API-et',
    }
  if (status === 403)
    return {
      en: `the administration client ${adminClientId} needs one of the scopes ${needed.join(', ')}; Digdir gives them (servicedesk@digdir.no)`,
      nb: `administrasjonsklienten ${adminClientId} trenger ett av scopene ${needed.join(', ')}; Digdir gir dem (servicedesk@digdir.no)`,
    }
  if (status === 404)
    return {
      en: 'check the client id, and that the administration client is of the same organisation and environment',
      nb: 'sjekk klient-ID-en, og at administrasjonsklienten hører til samme virksomhet og miljø',
    }
  if (status === 409)
    return {
      en: 'the client is deactivated and cannot be used again; register a new one',
      nb: 'klienten er deaktivert og kan ikke brukes igjen; registrer en ny',
    }
  if (/scope/i.test(words))
    return {
      en: 'ask the owner of the API to give your organisation access to the scope, or leave it out',
      nb: 'be API-tilbyderen gi virksomheten din tilgang til scopet, eller utelat det',
    }
  return { en: 'correct what it names', nb: 'rett det som er nevnt' }
}
