/** `trigger`, `fault` and `clock`: controls of an emulator that runs, from a second shell. What they take stands in the table of controls. */
import { readFile } from 'node:fs/promises'
import { controlHeader } from '../control/addresses.ts'
import type { Control } from '../control/control.ts'
import type { Kind, Members } from '../control/members.ts'
import { nearest } from '../control/nearest.ts'
import { controlPrefix, controlRows, membersOf } from '../control/table.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.ts'
import { fixedControl } from './arguments.ts'
import { controlUsage } from './usage.ts'

/** What a word does: the control, and what it is given before the caller's own members. */
interface Call {
  readonly control: string
  readonly given: JsonObject
  /** `name=value` each. */
  readonly members: readonly string[]
}

/** Resolves with what is printed. @throws Error, in one sentence, for what cannot be read, and for what the emulator refuses. */
export async function callControl(args: readonly string[]): Promise<string> {
  const { words, url, help } = optionsOf(args)
  if (help) return controlUsage(fixedControl)
  const { control: name, given, members } = callOf(words)
  const [, control] = controlRows.find(([row]) => row === name) ?? []
  if (!control) throw new TypeError(`this emulator has no ${name}`)
  const taken = membersOf(control)
  const own = new Map<string, unknown>()
  for (const member of members) {
    const [key, value] = await read(member, taken, name)
    const before = own.get(key)
    // headers.a=1 headers.b=2
    own.set(key, isJsonObject(before) && isJsonObject(value) ? { ...before, ...value } : value)
  }
  return send(url, control, { ...given, ...Object.fromEntries(own) })
}

function optionsOf(args: readonly string[]): { words: readonly string[]; url: string; help: boolean } {
  const words: string[] = []
  let url = process.env['EMULATED_MASKINPORTEN_CONTROL'] ?? fixedControl
  let help = false
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? ''
    if (word === '--help' || word === '-h') help = true
    else if (word === '--control' || word.startsWith('--control=')) {
      url = word === '--control' ? (args[++at] ?? '') : word.slice('--control='.length)
    } else if (word.startsWith('--')) throw new TypeError(`${args[0]} takes no ${word}; see ${args[0]} --help`)
    else words.push(word)
  }
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new TypeError(`--control is the address that the emulator prints, such as ${fixedControl}`)
  }
  return { words, url: url.replace(/\/+$/, ''), help }
}

function callOf([word, first, ...rest]: readonly string[]): Call {
  if (word === 'clock') return clockCall(first, rest)
  if (first === undefined || first.includes('=')) {
    const what = word === 'fault' ? 'the target: fault token status=503' : 'the event: trigger app.instance.created'
    throw new TypeError(`name ${what}; see ${word} --help`)
  }
  if (word === 'trigger') return triggerCall(first, rest)
  if (first !== 'clear') return { control: 'faults.next', given: { target: first }, members: rest }
  const [target, ...more] = rest
  return { control: 'faults.clear', given: target === undefined ? {} : { target }, members: more }
}

function clockCall(action: string | undefined, [time, ...more]: readonly string[]): Call {
  if (action === undefined) return { control: 'clock.now', given: {}, members: [] }
  if (action !== 'advance' && action !== 'adjust') {
    throw new TypeError('clock takes advance or adjust with a time, or nothing; see clock --help')
  }
  const [, count, unit = 'ms'] = /^(?:ms=)?([+-]?\d+)(ms|s|m|h|d)?$/.exec(time ?? '') ?? []
  if (count === undefined) throw new TypeError(`clock ${action} takes a time: 60000 (milliseconds), 90s, 5m, 2h or 1d`)
  return { control: `clock.${action}`, given: { ms: Number(count) * (units[unit] ?? 1) }, members: more }
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A synthetic one. */
const someone = { org: 'ttd', app: 'app', person: '20914695016' }

function triggerCall(type: string, members: readonly string[]): Call {
  const names = members.map((member) => member.slice(0, Math.max(0, member.indexOf('='))))
  const { person, ...where } = someone
  const instance = names.includes('instanceGuid')
  const who = names.includes('person') || names.includes('organisation') ? where : { ...where, person }
  return { control: 'altinn.trigger', given: { type, ...(instance ? {} : who) }, members }
}

/** `status=503`, `headers.retry-after=5`, `data=@form.xml`. */
async function read(text: string, members: Members, control: string): Promise<readonly [string, unknown]> {
  const at = text.indexOf('=')
  if (at <= 0) throw new TypeError(`${JSON.stringify(text)} is not name=value: ${Object.keys(members).join(', ')}`)
  const [path, value] = [text.slice(0, at), text.slice(at + 1)]
  const [name = '', ...inner] = path.split('.')
  const member = Object.hasOwn(members, name) ? members[name] : undefined
  if (!member) {
    const near = nearest(name, Object.keys(members))
    const meant = near === undefined ? `it takes ${Object.keys(members).join(', ')}` : `did you mean ${near}?`
    throw new TypeError(`${control} takes no ${name}; ${meant}`)
  }
  const content = value.startsWith('@') && member.type === 'any' ? await fileOf(value.slice(1)) : value
  return [name, inner.length > 0 ? { [inner.join('.')]: content } : valueOf(content, member)]
}

/** Text as the kind wants it; what does not fit is the emulator's to refuse. */
function valueOf(text: string, kind: Kind): unknown {
  switch (kind.type) {
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text
    case 'list':
      return text.split(',').map((item) => valueOf(item, kind.of))
    case 'map':
    case 'record':
    case 'object':
    case 'any':
      return parseJsonObject(text) ?? text
    case 'string':
    case 'instant':
    case 'orgNumber':
      return text
  }
}

async function fileOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new TypeError(`${path} cannot be read (${code})`, { cause: error })
  }
}

async function send(url: string, { method, path }: Control, body: JsonObject): Promise<string> {
  const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(body[name])))
  const rest = Object.fromEntries(Object.entries(body).filter(([name]) => !inPath.has(name)))
  const init = method === 'GET' ? {} : { body: JSON.stringify(rest) }
  const address = `${url}${controlPrefix}${filled}`
  let answer: Response
  try {
    answer = await fetch(address, { method, headers: { [controlHeader]: '1' }, ...init })
  } catch (error) {
    throw new Error(
      `no emulator answers at ${url}; start one, or say where its controls are with --control or EMULATED_MASKINPORTEN_CONTROL`,
      { cause: error },
    )
  }
  const text = await answer.text()
  if (answer.ok) return text === '' ? 'done\n' : `${text}\n`
  const told = parseJsonObject(text)
  throw new Error(
    isJsonObject(told) && typeof told['detail'] === 'string' ? told['detail'] : `it answered ${answer.status}`,
  )
}
