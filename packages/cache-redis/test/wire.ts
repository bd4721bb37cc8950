/** One connection to a server, by hand: no client stands between a test and what the server says. */
import { type Socket, connect } from 'node:net'
import { once } from 'node:events'

export interface Wire {
  /** The answer as text, a list line by line. Bytes are letters of latin1, there and back. @throws Error for a refusal. */
  command(...words: readonly string[]): Promise<string>
  close(): void
}

export async function connectWire(port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const waiting: { resolve(answer: string): void; reject(error: Error): void }[] = []
  let received = ''
  socket.on('data', (data) => {
    received += data.toString('latin1')
    for (;;) {
      const answer = parse(received, 0)
      if (answer === undefined) return
      received = received.slice(answer.end)
      const first = waiting.shift()
      if (answer.isError) first?.reject(new Error(answer.text))
      else first?.resolve(answer.text)
    }
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    for (const one of waiting.splice(0)) one.reject(new Error('the connection broke'))
  })
  return {
    command: (...words) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        send(socket, words)
      }),
    close: () => socket.destroy(),
  }
}

function send(socket: Socket, words: readonly string[]): void {
  const parts = words.map((word) => Buffer.from(word, 'latin1'))
  const head = Buffer.from(`*${parts.length}\r\n`)
  const pieces = parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')])
  socket.write(Buffer.concat([head, ...pieces]))
}

interface Answer {
  readonly text: string
  readonly end: number
  readonly isError?: boolean
}

/** RESP2. Undefined while a part of it has not arrived. */
function parse(received: string, from: number): Answer | undefined {
  const lineEnd = received.indexOf('\r\n', from)
  if (lineEnd < 0) return undefined
  const line = received.slice(from + 1, lineEnd)
  const end = lineEnd + 2
  switch (received.charAt(from)) {
    case '-':
      return { text: line, end, isError: true }
    case '$': {
      const length = Number(line)
      if (length < 0) return { text: '', end }
      return received.length < end + length + 2
        ? undefined
        : { text: received.slice(end, end + length), end: end + length + 2 }
    }
    case '*': {
      const entries: string[] = []
      let at = end
      for (let left = Number(line); left > 0; left--) {
        const entry = parse(received, at)
        if (entry === undefined) return undefined
        entries.push(entry.text)
        at = entry.end
      }
      return { text: entries.join('\n'), end: at }
    }
    default:
      return { text: line, end }
  }
}
