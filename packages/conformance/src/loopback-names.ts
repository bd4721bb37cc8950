/** `*.localhost` answered with loopback, as RFC 6761 §6.3 has it and not every resolver does. */
import dns from 'node:dns'
import type { LookupAddress } from 'node:dns'

type Lookup = (
  host: string,
  options: { all?: boolean },
  done: (error: null, address: string | LookupAddress[], family?: number) => void,
) => void

export function resolveLoopbackNames(): Disposable {
  const before = dns.lookup
  const answering: Lookup = (host, options, done) => {
    const address = '127.0.0.1'
    if (!host.endsWith('.localhost')) Reflect.apply(before, dns, [host, options, done])
    else process.nextTick(() => (options.all === true ? done(null, [{ address, family: 4 }]) : done(null, address, 4)))
  }
  Object.assign(dns, { lookup: answering })
  return { [Symbol.dispose]: () => void Object.assign(dns, { lookup: before }) }
}
