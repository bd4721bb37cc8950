// What can go wrong on the way to a token: the network, an answer, a signer, a provider.
import type { Details } from './entry.ts'

const noToken = { under: ['token_unavailable', 'exchange_unavailable'] } as const
const network = { ...noToken, acts: 'the one who runs the machine and its network' } as const

export const requestCodes: Details = {
  NETWORK: {
    ...network,
    happened: 'No answer came: no connection, no such name, or no answer in time. The message gives the system’s code.',
    wayOut: 'Check network, DNS and proxy. The next call tries again.',
  },
  PROXY: {
    ...network,
    happened: 'The proxy refused: it wants a user and a password, or lets nothing through to this host.',
    wayOut: 'Write user and password into the address of the proxy, or have the host opened there.',
  },
  TLS: {
    ...network,
    happened: 'The server’s certificate is not trusted. Often a proxy inspects TLS.',
    wayOut: 'Set `NODE_EXTRA_CA_CERTS` to the file of the proxy’s certificate authority, before the process starts.',
  },
  FETCH: {
    ...noToken,
    acts: 'the developer of the calling code',
    happened:
      'The `fetch` itself failed before anything was sent: a mock without an answer, a limit of its own, a port it refuses.',
    wayOut: 'Look at the `fetch` that is used here: the option `fetch`, or what replaces the global one.',
  },
  REDIRECT: {
    under: ['token_refused', 'exchange_refused'],
    acts: 'the one who runs the machine and its network',
    happened: 'The address answered with a redirect. It is not followed, since the assertion would go along.',
    wayOut: 'Correct the address, or look for a login page or a proxy in between.',
  },
  TOO_LARGE: {
    ...network,
    happened: 'The answer is longer than 1 MiB, so it is no answer of this server.',
    wayOut: 'Check the address and any proxy in between.',
  },
  NO_TOKEN: {
    ...network,
    happened: 'The server answered 200, and there was no token in it.',
    wayOut: 'Check the address and any proxy in between.',
  },
  TOKEN_TYPE: {
    under: 'token_unavailable',
    acts: 'the one who keeps the settings and the key',
    happened: 'The token endpoint gave a token of another type than Bearer, which nothing here can send.',
    wayOut: 'Check that the token endpoint is Maskinporten’s.',
  },
  REJECTED_AGAIN: {
    under: 'token_unavailable',
    acts: ['the one who owns the API', 'the developer of the calling code'],
    happened: 'An API answers 401 to tokens that were issued a moment ago, so no further one is asked for just now.',
    wayOut: 'Check that the API takes this scope, this organisation and this environment.',
  },
  FETCH_TOKEN: {
    under: 'token_unavailable',
    acts: 'the developer of the calling code',
    happened: 'The `fetchToken` of `createTokenEngine` failed, or gave something else than a token and its life.',
    wayOut: 'Look at the token service. Resolve to `{ value, lifetimeMs }`.',
  },
  SIGNER: {
    under: 'token_unavailable',
    acts: 'the developer of the calling code',
    happened: 'The signer failed, gave something else than bytes, or did not answer in time.',
    wayOut: 'Look at the signer and at the service that holds its key.',
  },
  PROVIDER: {
    under: 'settings_invalid',
    acts: 'the developer of the calling code',
    happened: 'A settings provider of your own gave something that is not `ResolvedSettings`.',
    wayOut: 'Compare it with that interface. The message names the field.',
  },
  KY_INIT_NOT_RUN: {
    under: 'request_invalid',
    acts: 'the developer of the calling code',
    happened: 'ky did not run the hook that adds the token. Nothing was sent.',
    wayOut: 'Update ky to 2. On ky 2, keep the `init` hooks of the options when you extend them.',
  },
}
