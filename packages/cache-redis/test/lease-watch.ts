/** What became of each lease in the store, as its MONITOR tells. */
import { type Socket, connect } from 'node:net'
import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import type { RedisServer } from './redis-server.ts'

export interface LeaseWatch {
  /** Leases that ended under their holder, since it was dead or slow, and that another had then. Since the watch began. */
  takenOver(): Promise<number>
  close(): void
}

export async function watchLeases(server: RedisServer): Promise<LeaseWatch> {
  const socket: Socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  let seen = ''
  socket.on('data', (data) => (seen += data.toString('latin1')))
  socket.on('error', () => {})
  socket.write('MONITOR\r\n')
  await once(socket, 'data')
  return {
    takenOver: async () => {
      const mark = `mark-${Math.random()}`
      await server.command('echo', mark)
      while (!seen.includes(mark)) await after(10)
      return takenOverIn(seen)
    },
    close: () => socket.destroy(),
  }
}

/** A lease that is set a second time without having been deleted has ended by itself in between. */
function takenOverIn(log: string): number {
  const held = new Set<string>()
  let count = 0
  for (const [, command, name = ''] of log.matchAll(/ lua\] "(SET|DEL)" "([^"]*:lease)"/g)) {
    if (command === 'SET' && held.has(name)) count++
    if (command === 'SET') held.add(name)
    else held.delete(name)
  }
  return count
}
