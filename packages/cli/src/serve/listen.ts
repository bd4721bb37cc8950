/** The server's socket: an address of this machine, or a file. */
import { lstat, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { CommandFailed } from '../failure.ts'

export type Place = { readonly host: string; readonly port: number } | { readonly socket: string }

/** Resolves to the port, which is another than asked for where that was 0; of a socket there is none. */
export async function listen(server: Server, place: Place): Promise<number | undefined> {
  if ('socket' in place) await makeWay(place.socket)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unavailable(place, error)))
    // A socket is for this user alone from its first moment: a later chmod would leave a gap.
    const before = 'socket' in place ? process.umask(0o177) : undefined
    try {
      server.listen({ ...('socket' in place ? { path: place.socket } : place), backlog: BACKLOG }, resolve)
    } finally {
      // Node binds a socket within that call.
      if (before !== undefined) process.umask(before)
    }
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : undefined
}

/** In bytes, with room for the zero at its end: Linux has 108, macOS 104. A Node 22 cuts a longer one off and listens there. */
const LONGEST_PATH = 103

/** Deletes a socket that a service left behind when it was killed. Anything else at that path stays. */
async function makeWay(path: string): Promise<void> {
  if (process.platform !== 'win32' && Buffer.byteLength(path) > LONGEST_PATH)
    throw unavailable({ socket: path }, { name: 'Error', message: '', code: 'ENAMETOOLONG' })
  const found = await lstat(path).catch(() => undefined)
  if (found?.isSocket() === true && !(await answers(path))) await rm(path)
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('error', () => resolve(false))
    probe.once('connect', () => {
      resolve(true)
      probe.destroy()
    })
  })
}

function unavailable(place: Place, { code = 'unknown' }: NodeJS.ErrnoException): CommandFailed {
  const where = 'socket' in place ? place.socket : `${place.host}:${place.port}`
  const flag = 'socket' in place ? '--socket' : '--port'
  if (code === 'EADDRINUSE')
    return new CommandFailed('usage', {
      en: `${where} is taken: name another with ${flag}`,
      nb: `${where} er opptatt: oppgi en annen med ${flag}`,
    })
  return new CommandFailed('usage', {
    en: `nothing can listen at ${where} (${code}): name another place with ${flag}`,
    nb: `ingenting kan lytte på ${where} (${code}): oppgi et annet sted med ${flag}`,
  })
}

/** Connections that wait to be accepted: Node's own 511 resets some of a thousand that come at once. */
const BACKLOG = 4_096

const IDLE_MS = 50

/** Takes no more connections, and lets those that are answered finish, for `patienceMs` at most. */
export async function stop(server: Server, patienceMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  const cut = setTimeout(() => server.closeAllConnections(), patienceMs)
  // A connection that is kept alive is idle only after its answer.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS)
  await ended
  clearTimeout(cut)
  clearInterval(idle)
}
