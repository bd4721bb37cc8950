/** Runs the token service until it is told to stop. */
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Maskinporten } from '@maskinporten-kit/core'
import { CommandFailed } from '../failure.ts'
import { openMaskinporten } from '../open-maskinporten.ts'
import { type SettingsFlags, watchSettings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { tokenService } from './app.ts'
import { auditText, eventText } from './audit.ts'
import { createGuard, isLoopback } from './guard.ts'
import { type Place, listen, stop } from './listen.ts'
import { secretFrom, warnOfReaders } from './secret.ts'

export interface ServeFlags extends SettingsFlags {
  readonly port?: string | undefined
  readonly host?: string | undefined
  /** Path of a socket instead of host and port. */
  readonly socket?: string | undefined
  readonly secretFile?: string | undefined
}

export const DEFAULT_PORT = 8062

/** What a request in work gets to end, milliseconds: a little more than a caller waits for a token. */
const PATIENCE_MS = 11_000

export interface RunningService {
  /** Where it is: an origin, or the path of the socket. */
  readonly url: string
  readonly stop: () => Promise<void>
}

export async function serve(flags: ServeFlags, terminal: Terminal): Promise<void> {
  const service = await startService(flags, terminal)
  await toldToStop()
  terminal.say({ en: 'Stopping.', nb: 'Stopper.' })
  await service.stop()
}

/** A second signal ends the process at once. */
function toldToStop(): Promise<void> {
  const signals = ['SIGTERM', 'SIGINT'] as const
  return new Promise((resolve) => {
    const stopNow = (): void => {
      for (const signal of signals) process.off(signal, stopNow)
      resolve()
    }
    for (const signal of signals) process.on(signal, stopNow)
  })
}

/** @throws CommandFailed `usage` for a place that cannot be or needs a secret, `settings` for a secret that cannot be used. */
export async function startService(flags: ServeFlags, terminal: Terminal): Promise<RunningService> {
  const place = placeOf(flags)
  const isSocket = 'socket' in place
  if (!isSocket && !isLoopback(place.host) && flags.secretFile === undefined)
    throw new CommandFailed('usage', {
      en: `other machines can reach ${place.host}: give the secret of the callers with --secret-file`,
      nb: `andre maskiner når ${place.host}: oppgi hemmeligheten til klientene med --secret-file`,
    })
  const secret = flags.secretFile === undefined ? undefined : await secretFrom(flags.secretFile, terminal)
  if (flags.secretFile !== undefined) await warnOfReaders(flags.secretFile, terminal)
  const maskinporten = openMaskinporten(watchSettings(flags), terminal, eventText)
  try {
    return await open(maskinporten, place, secret, terminal)
  } catch (error) {
    await maskinporten.close()
    throw error
  }
}

async function open(
  maskinporten: Maskinporten,
  place: Place,
  secret: string | undefined,
  terminal: Terminal,
): Promise<RunningService> {
  // Wrong settings end the command now, and not each call later.
  const { authority, clientId } = await maskinporten.settings.get()
  let isStopping = false
  const service = tokenService({
    maskinporten,
    guard: createGuard({ secret, isSocket: 'socket' in place }),
    audit: (line) => terminal.say(auditText(line)),
    isStopping: () => isStopping,
  })
  const answer = getRequestListener(service.fetch, { overrideGlobalObjects: false })
  const server = createServer((request, response) => void answer(request, response))
  const port = await listen(server, place)
  const url = 'socket' in place ? place.socket : `http://${bracketed(place.host)}:${port}`
  terminal.say({
    en: `Tokens of the client ${clientId} at ${authority}; Ctrl-C ends it.`,
    nb: `Token for klienten ${clientId} hos ${authority}; Ctrl-C avslutter.`,
  })
  printAddresses(url, 'socket' in place, terminal)
  return {
    url,
    stop: async () => {
      isStopping = true
      await stop(server, PATIENCE_MS)
      await maskinporten.close()
    },
  }
}

/** As variables, by the names that NAIS gives them; of a socket only where it is. */
function printAddresses(url: string, isSocket: boolean, terminal: Terminal): void {
  const token = `${isSocket ? 'http://localhost' : url}/api/v1/token`
  const introspection = `${isSocket ? 'http://localhost' : url}/api/v1/introspect`
  if (terminal.isJson) {
    const where = isSocket ? { socket: url } : { url }
    // One line, so that a script can read it while the service runs.
    terminal.result(
      JSON.stringify({ ...where, token_endpoint: token, introspection_endpoint: introspection, pid: process.pid }),
    )
    return
  }
  if (isSocket) terminal.result(`MASKINPORTEN_SOCKET=${url}`)
  terminal.result(`NAIS_TOKEN_ENDPOINT=${token}\nNAIS_TOKEN_INTROSPECTION_ENDPOINT=${introspection}`)
}

function placeOf(flags: ServeFlags): Place {
  const { socket, host = '127.0.0.1', port = String(DEFAULT_PORT) } = flags
  if (socket !== undefined && (flags.host ?? flags.port) !== undefined)
    throw new CommandFailed('usage', {
      en: '--socket stands in the place of --host and --port: give one of them',
      nb: '--socket står i stedet for --host og --port: oppgi én av delene',
    })
  if (socket !== undefined) return { socket }
  const number = Number(port)
  if (!/^\d{1,5}$/.test(port) || number > 65_535)
    throw new CommandFailed('usage', {
      en: '--port takes a number from 0 (a free one) to 65535',
      nb: '--port tar et tall fra 0 (en ledig) til 65535',
    })
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: number }
}

/** An address that means "every interface" cannot be called; loopback can. */
function bracketed(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
