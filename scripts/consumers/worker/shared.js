// One instance for all requests, made where the module is: in global scope, where a Worker may do no I/O.
import { env } from 'cloudflare:workers'
import { createMaskinporten } from '@maskinporten-kit/core'
import { answer } from './answer.js'

const maskinporten = createMaskinporten(env.SETTINGS, { timeoutMs: env.TIMEOUT_MS })

export default {
  async fetch(request) {
    // A request that ends while its own flight is under way takes the I/O of that flight with it.
    if (new URL(request.url).pathname === '/leaves') {
      maskinporten.getToken().catch(() => undefined)
      return new Response('left')
    }
    return answer(() => maskinporten)
  },
}
