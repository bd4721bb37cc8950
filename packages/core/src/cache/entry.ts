/** Everything known of one identity. */
import type { Grant } from '../grant/token-request.ts'
import { BackOff } from './back-off.ts'
import type { Flight } from './flight.ts'
import type { HeldToken } from './held-token.ts'
import { Rejections } from './rejection.ts'
import type { Time } from '../time.ts'

export class Entry {
  readonly key: string
  readonly grant: Grant
  readonly backOff: BackOff
  readonly rejections: Rejections
  held: HeldToken | undefined
  flight: Flight | undefined
  /** Whether the held token came by a renewal after a rejection. */
  heldIsSuccessor = false
  /** Whether a run of exchange 401s has had its fresh Maskinporten token. */
  exchangeRefused = false
  /** Least-recently-used list, see `TokenTable`. */
  newer: Entry | undefined
  older: Entry | undefined
  /** False once evicted: whoever still refers to it looks it up anew. */
  listed = true

  constructor(key: string, grant: Grant, time: Time) {
    this.key = key
    this.grant = grant
    this.backOff = new BackOff(time)
    this.rejections = new Rejections(time)
  }
}
