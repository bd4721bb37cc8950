import type { Server } from 'node:http'

export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no TCP port')
  return address.port
}
