/** A connection that sends one POST after the other. Client and server share the processors, and this client costs next to nothing. */
import { connect, type Socket } from 'node:net'

export interface BareConnection {
  /** Resolves when the whole answer is there. Rejects for any status but 200. */
  post(path: string, form: string): Promise<void>
  close(): void
}

/** `origin`: of http, with its port. The server must say `content-length`. */
export function openConnection(origin: string): Promise<BareConnection> {
  const { hostname, port, host } = new URL(origin)
  const socket = connect(Number(port), hostname).setNoDelay().setEncoding('latin1')
  const opened = {
    post(path: string, form: string): Promise<void> {
      const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${form.length}\r\n\r\n`
      const answered = readAnswer(socket)
      socket.write(head + form, 'latin1')
      return answered
    },
    close: () => void socket.destroy(),
  }
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => resolve(opened))
  })
}

function readAnswer(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: string): void => {
      text += chunk
      const head = text.indexOf('\r\n\r\n')
      if (head < 0) return
      const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(text) ?? []
      if (length !== undefined && text.length < head + 4 + Number(length)) return
      end()
      if (length !== undefined && text.startsWith('HTTP/1.1 200 ')) resolve()
      else reject(new Error(`the server answered ${text.slice(0, text.indexOf('\r\n'))}`))
    }
    const onClose = (): void => {
      end()
      reject(new Error('the server closed the connection without an answer'))
    }
    const end = (): void => {
      socket.off('data', onData)
      socket.off('close', onClose)
    }
    socket.on('data', onData)
    socket.once('close', onClose)
  })
}
