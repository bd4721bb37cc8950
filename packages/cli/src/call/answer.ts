/** What the API answered, as it goes to standard output or into a file. */
import { once } from 'node:events'
import { CommandFailed } from '../failure.ts'
import { writeFileWhole } from '../files/write-file.ts'
import type { Terminal } from '../terminal.ts'

/** The status line and the headers, as curl's `--include` has them. */
export function head({ status, statusText, headers }: Response): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`)
  return `HTTP ${status} ${statusText}`.trimEnd() + `\n${lines.join('\n')}\n\n`
}

/** As it comes, in its own bytes. */
export async function stream(answer: Response, to: NodeJS.WriteStream): Promise<void> {
  let last: number | undefined
  for await (const chunk of chunksOf(answer)) {
    if (!to.write(Buffer.from(chunk))) await once(to, 'drain')
    last = chunk.at(-1) ?? last
  }
  // So that the shell's prompt stands on a line of its own.
  if (to.isTTY && last !== undefined && last !== LINE_FEED) to.write('\n')
}

const LINE_FEED = 10

/** Whole or not at all. @throws CommandFailed when it is there already, or cannot be written. */
export async function save(answer: Response, file: string, isReplacing: boolean): Promise<void> {
  await writeFileWhole(file, chunksOf(answer), { isReplacing })
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  if (reader === undefined) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } catch {
    throw new CommandFailed('failed', {
      en: 'the connection broke before the answer was whole',
      nb: 'forbindelsen ble brutt før hele svaret var kommet',
    })
  } finally {
    // Who ends before the end wants no more of it.
    reader.cancel().catch(() => undefined)
  }
}

export interface AnswerDocument {
  readonly status: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON as it is; other texts as a string; bytes in base64. */
  readonly body: unknown
  readonly body_encoding: 'json' | 'text' | 'base64'
}

export async function documentOf(answer: Response, url: URL): Promise<AnswerDocument> {
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(answer)) chunks.push(chunk)
  const { status, headers } = answer
  const about = { status, url: url.href, headers: Object.fromEntries(headers) }
  return { ...about, ...decoded(Buffer.concat(chunks), headers.get('content-type') ?? '') }
}

function decoded(bytes: Buffer, type: string): Pick<AnswerDocument, 'body' | 'body_encoding'> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { body: bytes.toString('base64'), body_encoding: 'base64' }
  }
  if (/\bjson\b/i.test(type)) {
    try {
      return { body: JSON.parse(text) as unknown, body_encoding: 'json' }
    } catch {
      // It says that it is JSON, and is not.
    }
  }
  return { body: text, body_encoding: 'text' }
}

/** A terminal shows no bytes. @throws CommandFailed `failed`, since the call was made: who repeats it makes it twice. */
export function refuseBytesOnTerminal(answer: Response, terminal: Terminal): void {
  const type = answer.headers.get('content-type') ?? 'text/plain'
  if (terminal.isJson || !process.stdout.isTTY || /\b(?:text|json|xml|html|csv|yaml|javascript|x-www-form)/i.test(type))
    return
  const status = `${answer.status} ${answer.statusText}`.trim()
  throw new CommandFailed('failed', {
    en: `the call was sent and answered with ${status}; the answer is ${type}, which a terminal does not show: to call once more and keep it, give --output FILE`,
    nb: `kallet ble sendt og besvart med ${status}; svaret er ${type}, som en terminal ikke viser: for å kalle en gang til og ta vare på det, oppgi --output FIL`,
  })
}
