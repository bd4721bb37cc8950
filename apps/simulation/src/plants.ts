/** Broken promises: each a small change of core's source, which the simulation must find. */
export interface Plant {
  /** The promise that it breaks. */
  readonly promise: string
  /** Below packages/core/src. */
  readonly file: string
  readonly from: string
  readonly to: string
}

export const plants: Readonly<Record<string, Plant>> = {
  'no single flight': {
    promise: 'one acquisition at a time for an identity',
    file: 'tokens/flights.ts',
    from: 'const live = this.live(job.entry)',
    to: 'const live = undefined',
  },
  'no lease': {
    promise: 'one process asks, the others wait',
    file: 'tokens/shared-store.ts',
    from: "return typeof this.#store.lease === 'function'",
    to: 'return false',
  },
  'no fence': {
    promise: 'what was fetched under a lease is written under it',
    file: 'tokens/shared-store.ts',
    from: 'this.#store.set(key, stored, { signal, lease })',
    to: 'this.#store.set(key, stored, { signal })',
  },
  'leases kept': {
    promise: 'a lease is released on failure and by close()',
    file: 'tokens/shared-store.ts',
    from: 'if (lease !== undefined && this.#leases.delete(lease)) await this.#giveBack(lease)',
    to: 'if (lease !== undefined) this.#leases.delete(lease)',
  },
  'store not asked first': {
    promise: 'each flight looks into the store first, and again under the lease',
    file: 'tokens/shared-store.ts',
    from: 'if (!flight.accepts(found, entry.held)) return undefined',
    to: 'return undefined',
  },
  'a store’s token lives anew': {
    promise: 'a stored token lives as long as the store says',
    file: 'tokens/shared-store.ts',
    from: 'sentAt: now - (lifetimeMs - remainingMs)',
    to: 'sentAt: now',
  },
  'a store’s failure reaches callers': {
    promise: 'a store that fails is a miss',
    file: 'tokens/store-operation.ts',
    from: "return 'failed'\n  } finally",
    to: 'throw error\n  } finally',
  },
  'store operations without end': {
    promise: 'an operation of the store is bounded',
    file: 'tokens/store-operation.ts',
    from: 'else own.abort(LATE)',
    to: '',
  },
  'no back-off': {
    promise: 'after a failure nothing is asked for a while',
    file: 'tokens/back-off.ts',
    from: 'return this.#time.now < this.#since + Math.max(doubled, asked) ? failure.error : undefined',
    to: 'return this.#time.now < this.#since + 0 * Math.max(doubled, asked) ? failure.error : undefined',
  },
  'back-off of holders for all': {
    promise: 'without a token the back-off is 5 s at most',
    file: 'tokens/back-off.ts',
    from: 'const CAP_EMPTY_MS = 5_000',
    to: 'const CAP_EMPTY_MS = 60_000',
  },
  'Retry-After without a cap': {
    promise: 'Retry-After counts for 30 s at most without a token',
    file: 'tokens/back-off.ts',
    from: 'const RETRY_AFTER_CAP_EMPTY_MS = 30_000',
    to: 'const RETRY_AFTER_CAP_EMPTY_MS = 3_600_000',
  },
  'no deadline': {
    promise: 'a caller waits at most 10 s',
    file: 'with-deadline.ts',
    from: 'return withDeadline(ms, undefined, work, late, true)',
    to: 'return withDeadline(3 * ms, undefined, work, late, true)',
  },
  'flights without a deadline': {
    promise: 'a flight ends at its deadline',
    file: 'tokens/flight.ts',
    from: '() => this.#fail(this.refusal ?? this.timeoutError)',
    to: '() => undefined',
  },
  'life on the monotonic clock only': {
    promise: 'a life is over when the wall clock says so',
    file: 'time.ts',
    from: 'if (lead > this.#lead) this.#lead = lead',
    to: 'if (this.#lead === Number.NEGATIVE_INFINITY) this.#lead = lead',
  },
  'life on the wall clock only': {
    promise: 'a life is over when the monotonic clock says so',
    file: 'time.ts',
    from: 'return monotonic + this.#lead',
    to: 'return this.clock.now()',
  },
  'no next key': {
    promise: 'a refused key is followed by the next in the same call',
    file: 'grant/jwt-grant.ts',
    from: 'if (fallback !== undefined) {',
    to: 'if (fallback === undefined && tried.size > 9) {',
  },
  'no quarantine': {
    promise: 'a refused key rests while another is there',
    file: 'grant/jwt-grant.ts',
    from: 'this.#keys.quarantine(key)',
    to: '',
  },
  'no refresh after a rejection': {
    promise: 'settings are asked anew when all keys are refused',
    file: 'grant/jwt-grant.ts',
    from: "await provider.refresh('rejected')",
    to: 'false',
  },
  'waking fails callers': {
    promise: 'a flight of a suspended process is abandoned, and its callers get a new one',
    file: 'tokens/flight.ts',
    from: 'if (this.wasSuspended) return this.abandon()',
    to: '',
  },
  'no overlap': {
    promise: 'an attempt that is silent is joined by the next',
    file: 'tokens/attempts.ts',
    from: 'this.overlapping = flight\n        begin()',
    to: 'this.overlapping = flight',
  },
  'overlap at once': {
    promise: 'an attempt is given 3 s before another joins it',
    file: 'tokens/attempts.ts',
    from: 'Math.max(JOIN_MS, 2 * timing.lastDurationMs)',
    to: '300',
  },
  'no retry': {
    promise: 'a fault of the network is tried again',
    file: 'tokens/attempts.ts',
    from: 'const MAX_ATTEMPTS = 3',
    to: 'const MAX_ATTEMPTS = 1',
  },
  'late answers dropped': {
    promise: 'an answer after the deadline still enters the cache',
    file: 'tokens/flights.ts',
    from: '(held) => held && this.arrived(entry, held, flight),',
    to: '(held) => (flight.isOverdue ? undefined : held && this.arrived(entry, held, flight)),',
  },
  'no stale serve': {
    promise: 'a failed renewal keeps serving the valid token',
    file: 'tokens/flights.ts',
    from: 'entry.backOff ??= new BackOff(this.#time)',
    to: 'entry.held = undefined\n    entry.backOff ??= new BackOff(this.#time)',
  },
  'callers wait for renewals': {
    promise: 'a valid token is served at once',
    file: 'tokens/engine.ts',
    from: 'this.#time.now < waitFrom(held) ||',
    to: '',
  },
  'no rejected cool-down': {
    promise: 'one renewal in ten seconds after rejections, doubling',
    file: 'tokens/rejection.ts',
    from: 'this.#time.now < this.#renewedAt + this.#coolDownMs) return false',
    to: 'this.#time.now < this.#renewedAt) return false',
  },
  'rejected token from the store': {
    promise: 'the rejected value never comes back',
    file: 'tokens/engine.ts',
    from: 'if (held.token.value === rejected) return this.#replace(job, held, deadline)',
    to: '',
  },
  'identity without the client': {
    promise: 'a former client’s tokens are never served again',
    file: 'tokens/identity.ts',
    from: 'tokenEndpoint,\n    clientId,\n    credential',
    to: 'tokenEndpoint,\n    credential',
  },
  'identity without claims': {
    promise: 'every input that changes the token is in the cache key',
    file: 'tokens/identity.ts',
    from: 'Object.entries(claims).toSorted(([a], [b]) => (a < b ? -1 : 1))',
    to: '[]',
  },
  'close leaves callers': {
    promise: 'close() ends pending callers at once',
    file: 'tokens/engine.ts',
    from: 'this.#flights.close(error)',
    to: '',
  },
  'asks after close': {
    promise: 'nothing is asked for after close()',
    file: 'tokens/exchange-step.ts',
    from: 'if (flight.isOver) throw new StartAgain()',
    to: '',
  },
  'no clock repair': {
    promise: 'a refusal about time is tried once more with the server’s time',
    file: 'grant/jwt-grant.ts',
    from: 'if (!isTime || Number.isNaN(failure.skewMs)',
    to: 'if (isTime || Number.isNaN(failure.skewMs)',
  },
  'discovery without a limit': {
    promise: 'discovery costs a caller 3 s at most',
    file: 'grant/metadata.ts',
    from: 'const DISCOVERY_LIMIT_MS = 3_000',
    to: 'const DISCOVERY_LIMIT_MS = 30_000',
  },
  'one assertion for all attempts': {
    promise: 'each attempt is signed afresh, with a jti of its own',
    file: 'grant/assertion.ts',
    from: 'jti: crypto.randomUUID()',
    to: "jti: 'one'",
  },
  'tokens in errors': {
    promise: 'no secret in any event or error',
    file: 'http/ask.ts',
    from: '`${place} answered ${status}` : `cannot reach',
    to: '`${place} answered ${status} ${secret}` : `cannot reach',
  },
}
