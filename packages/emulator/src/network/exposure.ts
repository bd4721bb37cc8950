/** Whom an emulator must not meet: apps in production, and strangers. */
import { isLoopback } from './listen.ts'

/** It signs what it is asked to, for everybody. @throws Error where NODE_ENV says 'production' and nobody said that it may. */
export function assertNoProduction(nodeEnv: string | undefined, allowed: boolean | undefined): void {
  if (nodeEnv?.trim().toLowerCase() !== 'production' || allowed === true) return
  throw new Error(
    'NODE_ENV is production, where no emulator belongs: what trusts it takes tokens from everybody; start it elsewhere, or say allowProduction (--allow-production)',
  )
}

/** A process warning for a host that is not loopback. */
export function warnOfOthers(host: string): void {
  if (isLoopback(host)) return
  const every = host === '0.0.0.0' || host === '::' ? ', every interface of this machine' : ''
  process.emitWarning(
    `the emulator listens on ${host}${every}: everybody who reaches it can read what arrived, assertions included, and use its controls, which make clients and tokens; nothing asks for a password`,
  )
}
