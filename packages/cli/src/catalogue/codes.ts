// The eleven codes of `MaskinportenError`: the compiler knows when one is missing.
import type { MaskinportenErrorCode } from '@maskinporten-kit/core'
import type { CodeEntry } from './entry.ts'

export const codes: Readonly<Record<MaskinportenErrorCode, CodeEntry>> = {
  settings_invalid: {
    happened:
      'The settings or the signing key cannot be used. `problems` lists everything that is wrong, each with its key, its origin and the way out; `detail` is the code of the first one.',
    acts: 'the one who keeps the settings and the key',
    wayOut: 'Correct each problem. The next call reads the settings again.',
  },
  settings_unavailable: {
    happened:
      'A source of settings could not be read, so nothing is known about the settings. `detail` says why. While earlier settings are in force, no call fails: the event `settings.failed` reports it.',
    acts: ['the one who keeps the settings and the key', 'the one who runs the machine and its network'],
    wayOut: 'Make the source readable. When `retryable` is true, the next call tries again by itself.',
  },
  request_invalid: {
    happened:
      'The call cannot be made as it is written: a field of the token request is unknown or malformed, a call has an `Authorization` and asks for a token too, or an address is relative. Nothing was sent. `detail` names the field.',
    acts: 'the developer of the calling code',
    wayOut: 'Correct the field that the message names.',
  },
  origin_not_allowed: {
    happened:
      'An adapter was called with an address whose origin is not in `allow`, or with plain http to another machine. Nothing was sent, and no token was asked for.',
    acts: 'the developer of the calling code',
    wayOut:
      'Add the origin to `allow`. For a call without a token give `maskinporten: false`, or `otherOrigins: "pass-through"` for all such calls.',
  },
  metadata_invalid: {
    happened:
      'The metadata of the issuer could not be used: it is not JSON, names another issuer, or names a token endpoint elsewhere.',
    acts: ['the one who keeps the settings and the key', 'the one who runs the machine and its network'],
    wayOut:
      'Correct `Authority` or `Environment`. If the address is right, look for a proxy that answers in its place.',
  },
  token_refused: {
    happened:
      'Maskinporten refused the request for a token. Its own words are in `oauthError`, `description` and `mpCode`; `traceId` is what Digdir’s support asks for.',
    acts: [
      'the one who administers the client in Samarbeidsportalen',
      'the one who keeps the settings and the key',
      'the one who owns the API',
    ],
    wayOut: 'Do what `hint` says. [What Maskinporten refuses](#what-maskinporten-refuses) lists the known refusals.',
  },
  token_unavailable: {
    happened:
      'No token could be had, and Maskinporten did not say no: no connection, a 5xx, an answer without a token, or a signer that failed. `detail` says which, and `status` is the answer’s, if there was one.',
    acts: ['nobody', 'the one who runs the machine and its network'],
    wayOut: 'Try again later. If it lasts, look at the network and at Digdir’s status page.',
  },
  exchange_refused: {
    happened: 'Altinn refused to exchange the Maskinporten token. `status` and `description` are Altinn’s.',
    acts: 'the one who keeps the settings and the key',
    wayOut:
      'Check that `Environment` and `TokenExchangeEnvironment` belong together, and that the token has a scope of Altinn’s.',
  },
  exchange_unavailable: {
    happened:
      'Altinn’s exchange gave no token: no connection, a 401 or 5xx, or an answer without a token. Altinn answers 401 in an outage too, so that answer is tried again.',
    acts: ['nobody', 'the one who runs the machine and its network'],
    wayOut: 'Try again later. If it lasts, check `TokenExchangeEnvironment`, the network and Altinn’s status page.',
  },
  timeout: {
    happened:
      'There was no token within `timeoutMs` (10 s by default), settings included. The last failure before that is in the message, and its `code` in `detail`.',
    acts: ['nobody', 'the one who runs the machine and its network'],
    wayOut: 'Try again. If it lasts, look at the network, or raise `timeoutMs`.',
  },
  closed: {
    happened: 'The instance was closed by `close()`, before the call or while it waited.',
    acts: 'the developer of the calling code',
    wayOut: 'Create a new instance, or close this one later.',
  },
}
