/** Core as commands use it: its events go to standard error, because standard output is the result. */
import { Console } from 'node:console'
import {
  type Maskinporten,
  type MaskinportenEvent,
  type SettingsProvider,
  createMaskinporten,
  logTo,
} from '@maskinporten-kit/core'
import { isWatched } from '@maskinporten-kit/core/internal'
import type { Text } from './language.ts'
import type { Terminal } from './terminal.ts'

/** Runs `use` and closes the instance, however it ends. */
export async function withMaskinporten<T>(
  settings: SettingsProvider,
  terminal: Terminal,
  use: (maskinporten: Maskinporten) => Promise<T>,
): Promise<T> {
  const maskinporten = openMaskinporten(settings, terminal)
  try {
    return await use(maskinporten)
  } finally {
    await maskinporten.close()
  }
}

/** What is said of an event; `undefined`: nothing. */
type Tell = (event: MaskinportenEvent) => Text | string | undefined

/** The caller closes it. */
export function openMaskinporten(settings: SettingsProvider, terminal: Terminal, tell: Tell = told): Maskinporten {
  const maskinporten = createMaskinporten(settings)
  maskinporten.subscribe(eventsTo(terminal, () => isWatched(settings) && settings.isDebugging, tell))
  return maskinporten
}

/** With `EnableDebugLog` all events, else what `tell` says. Under `--quiet` none. */
function eventsTo(terminal: Terminal, isDebugging: () => boolean, tell: Tell): (event: MaskinportenEvent) => void {
  if (terminal.isQuiet) return () => undefined
  // The console's own debug and info would go to standard output.
  const toStandardError = new Console({ stdout: process.stderr, stderr: process.stderr })
  const debug = logTo(toStandardError, { level: 'debug' })
  return (event) => {
    if (isDebugging()) return debug(event)
    // The command adds the vault by itself, also where nobody has one.
    if (event.type === 'settings.warning' && event.code === 'KV_INACTIVE') return
    const text = tell(event)
    if (text !== undefined) terminal.say(text)
  }
}

/** What a person should know although the command goes on. */
function told(event: MaskinportenEvent): Text | string | undefined {
  switch (event.type) {
    case 'settings.warning':
      return event.message
    case 'clock.repaired': {
      const seconds = Math.round(event.skewMs / 1000)
      return {
        en: `the clock of this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead'}; the server's time is used`,
        nb: `klokken på denne maskinen går ${Math.abs(seconds)} s for ${seconds > 0 ? 'sakte' : 'fort'}; tiden til serveren brukes`,
      }
    }
    case 'key.rejected': {
      const { kid, fallbackKid } = event
      if (fallbackKid === undefined) return undefined
      return {
        en: `the key ${kid} was rejected; ${fallbackKid} is used instead`,
        nb: `nøkkelen ${kid} ble avvist; ${fallbackKid} brukes i stedet`,
      }
    }
    case 'key.expires-soon': {
      const days = Math.floor(event.daysLeft)
      return {
        en: `the key ${event.kid} ends in ${days} days: make a new one with maskinporten keys rotate`,
        nb: `nøkkelen ${event.kid} utløper om ${days} dager: lag en ny med maskinporten keys rotate`,
      }
    }
    // The error that ends the command tells failures.
    case 'token.start':
    case 'token.end':
    case 'exchange.start':
    case 'exchange.end':
    case 'store.failed':
    case 'settings.changed':
    case 'settings.failed':
    case 'settings.recovered':
    case 'key.changed':
    case 'closed':
      return undefined
  }
}
