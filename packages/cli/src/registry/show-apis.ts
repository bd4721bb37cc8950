/** `maskinporten apis`: which APIs the registry has, and what it knows of one. */
import { type Api, apis } from '@maskinporten-kit/apis'
import { CommandFailed } from '../failure.ts'
import type { Text } from '../language.ts'
import type { Terminal } from '../terminal.ts'
import { columns } from './columns.ts'

/** @throws CommandFailed `failed` when the registry has nothing of that name. */
export function showApis(word: string | undefined, terminal: Terminal): void {
  const sorted = apis.toSorted((left, right) => left.id.localeCompare(right.id))
  const exact = sorted.filter((one) => one.id === word?.toLowerCase())
  const found = exact.length > 0 ? exact : sorted.filter((one) => matches(one, word))
  const [first] = found
  if (first === undefined)
    throw new CommandFailed('failed', {
      en: `the registry has no API with ${String(word).slice(0, 60)}; maskinporten apis lists all`,
      nb: `registeret har ikke noe API med ${String(word).slice(0, 60)}; maskinporten apis viser alle`,
    })
  if (terminal.isJson) terminal.json(found)
  else if (found.length === 1 && word !== undefined) terminal.result(factsOf(first, terminal).join('\n'))
  else terminal.result(columns(found.map((one) => [one.id, terminal.text(one.name), terminal.text(one.owner.name)])))
}

function matches({ id, name, owner }: Api, word = ''): boolean {
  const texts = [id, name.en, name.nb, owner.name.en, owner.name.nb]
  return texts.some((text) => text.toLowerCase().includes(word.toLowerCase()))
}

const accepted: Readonly<Record<'required' | 'accepted', Text>> = {
  required: { en: 'required', nb: 'kreves' },
  accepted: { en: 'accepted', nb: 'godtas' },
}

const yesOrNo = (is: boolean): Text => (is ? { en: 'yes', nb: 'ja' } : { en: 'no', nb: 'nei' })

/** What is not known is left out. */
function factsOf(api: Api, terminal: Terminal): readonly string[] {
  const say = (text: Text): string => terminal.text(text)
  const { baseUrls, token, audience, headers = [], delegable, systemUser, consent, rateLimits = [], docs } = api
  const kind =
    token.eitherKind === true
      ? say({ en: `${token.kind}, or the other`, nb: `${token.kind}, eller det andre` })
      : token.kind
  const rows: readonly (readonly [Text, string | undefined])[] = [
    [{ en: 'owner', nb: 'eier' }, say(api.owner.name)],
    [{ en: 'test', nb: 'test' }, baseUrls.test],
    [{ en: 'prod', nb: 'prod' }, baseUrls.prod],
    [{ en: 'token', nb: 'token' }, kind],
    [{ en: 'resource', nb: 'resource' }, audience?.test],
    ...headers.map(({ name, meaning }) => [{ en: 'header', nb: 'header' }, `${name}: ${say(meaning)}`] as const),
    [{ en: 'delegable', nb: 'kan delegeres' }, delegable && say(yesOrNo(delegable.value))],
    [{ en: 'system user', nb: 'systembruker' }, systemUser && say(accepted[systemUser.value])],
    [{ en: 'consent', nb: 'samtykke' }, consent && say(accepted[consent.value])],
    ...rateLimits.map(
      ({ requests, seconds, counted }) =>
        [{ en: 'limit', nb: 'grense' }, `${requests} / ${seconds} s: ${say(counted)}`] as const,
    ),
    [{ en: 'docs', nb: 'dokumentasjon' }, docs.url],
    [{ en: 'read', nb: 'lest' }, docs.date],
  ]
  const known = rows.flatMap(([label, value]) => (value === undefined ? [] : [[`  ${say(label)}`, value]]))
  const scopes = api.scopes.map(({ name, access, meaning }) => [`  ${name}`, access, say(meaning)])
  return [`${api.id}  ${say(api.name)}`, columns(known), 'Scopes', columns(scopes)]
}
