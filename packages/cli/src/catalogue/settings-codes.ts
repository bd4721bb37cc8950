// `CONFIG_…`: what can be wrong with settings before a key is read.
import type { Details } from './entry.ts'

const settings = { acts: 'the one who keeps the settings and the key', under: 'settings_invalid' } as const
const warning = { acts: 'the one who keeps the settings and the key', warns: true } as const

export const settingsCodes: Details = {
  CONFIG_MISSING: {
    ...settings,
    happened: 'A setting that is needed has no value in any source. The message says where it was looked for.',
    wayOut: 'Set it in one of the sources, under a name that the message gives.',
  },
  CONFIG_PLACEHOLDER: {
    ...settings,
    warns: true,
    happened:
      'The value is a placeholder such as `TODO: add to local secrets`, `<your key>` or `${CLIENT_ID}`. As a warning: it is not used, and another source’s value is.',
    wayOut:
      'Set the real value, or delete the placeholder. If the value is in a vault, check that the vault’s source is in the list.',
  },
  CONFIG_KV_REFERENCE: {
    ...settings,
    happened:
      'The value is still `@Microsoft.KeyVault(…)`: the host did not replace the reference with the secret. App Service never does so in a file.',
    wayOut:
      'Set the reference as an environment variable of the app in the Azure portal, and look at its status there.',
  },
  CONFIG_CONFLICT: {
    ...settings,
    happened:
      'One setting has two values: two spellings of it, two names that differ in case only, two forms of the key, or a signer beside a key.',
    wayOut: 'Keep one of the two that the message names.',
  },
  CONFIG_MIXED_CREDENTIALS: {
    ...settings,
    happened:
      'The client id comes from one source and the signing key from another, and one of them has a set of its own. A key belongs to one client.',
    wayOut: 'Set client id and key in the same source.',
  },
  CONFIG_ENVIRONMENT_UNKNOWN: {
    ...settings,
    happened: '`Environment` is neither `test` nor `prod`.',
    wayOut: 'Use `test` or `prod`, or set `Authority` to the address of the issuer.',
  },
  CONFIG_ENVIRONMENT_RETIRED: {
    ...settings,
    happened: '`Environment` is `ver1`, `ver2` or `yt2`, which no longer exist.',
    wayOut: 'Use `test` and a client that is registered there.',
  },
  CONFIG_AUTHORITY_INVALID: {
    ...settings,
    happened: 'The address of the issuer is not an https address, has a query, or still holds the notation `[test.]`.',
    wayOut: 'Use `https://test.maskinporten.no/` or `https://maskinporten.no/`.',
  },
  CONFIG_AUTHORITY_CONFLICT: {
    ...settings,
    happened: 'Two settings name different environments, so a token of one would be sent to the other.',
    wayOut: 'Keep one of the two. If the token endpoint really is elsewhere, name it in `TokenEndpoint`.',
  },
  CONFIG_TOKEN_ENDPOINT: {
    ...settings,
    happened: '`TokenEndpoint` is not an https address.',
    wayOut: 'Give the whole address of the token endpoint.',
  },
  CONFIG_ENDPOINT_ELSEWHERE: {
    ...warning,
    happened: 'The token endpoint and the issuer, or the audience and the issuer, are at different addresses.',
    wayOut: 'Check that this is meant, for example for a gateway. Otherwise delete one of the two.',
  },
  CONFIG_EXCHANGE_ENVIRONMENT: {
    ...settings,
    happened:
      'The exchange is on, and nothing says at which Altinn: the name is unknown, or the issuer is not one of Maskinporten’s two.',
    wayOut:
      'Set `TokenExchangeEnvironment` to a name from [its allowed values](settings.md#TokenExchangeEnvironment), or to an https address.',
  },
  CONFIG_ISSUER_AMBIGUOUS: {
    ...settings,
    happened: '`MASKINPORTEN_ISSUER` is not an address, and `MASKINPORTEN_CLIENT_ID` has another value.',
    wayOut:
      'The issuer is the server: set `MASKINPORTEN_ISSUER` to `https://test.maskinporten.no/` or `https://maskinporten.no/`.',
  },
  CONFIG_ISSUER_ASSUMED: {
    ...warning,
    happened: '`MASKINPORTEN_ISSUER` looks like a client id and was used as one.',
    wayOut: 'Rename the variable to `MASKINPORTEN_CLIENT_ID`.',
  },
  CONFIG_CLIENT_ID: {
    ...settings,
    happened: 'The client id is not one: a key, an organisation number, or text with a character that no id has.',
    wayOut: 'Set it to the id that Samarbeidsportalen shows for the client.',
  },
  CONFIG_KID: {
    ...settings,
    happened: 'The kid looks like a key, or holds a character that nobody sees, for example a zero-width space.',
    wayOut: 'Write the kid by hand, or copy it again from Samarbeidsportalen.',
  },
  CONFIG_QUOTES: {
    ...warning,
    happened: 'The value has quotes around it, which Docker’s `--env-file` keeps. They were taken off.',
    wayOut: 'Delete the quotes.',
  },
  CONFIG_SCOPE: {
    ...settings,
    happened: 'The scopes are separated by commas or semicolons.',
    wayOut: 'Separate them by spaces: `a:b c:d`.',
  },
  CONFIG_RESOURCE: {
    ...settings,
    happened: '`Resource` is not an absolute address, or has a `#`. Maskinporten would answer `invalid_target`.',
    wayOut: 'Give the absolute address that the API’s owner has told you.',
  },
  CONFIG_ORGNO: {
    ...settings,
    happened:
      '`ConsumerOrgNo` is not a Norwegian organisation number: nine digits, of which the last is a check digit.',
    wayOut: 'Correct the number. `0192:` before it is fine.',
  },
  CONFIG_BOOLEAN: {
    ...settings,
    happened: 'A switch is neither `true` nor `false`. `1` and `yes` are not read, as in .NET.',
    wayOut: 'Use `true` or `false`.',
  },
  CONFIG_UNSUPPORTED: {
    ...settings,
    warns: true,
    happened:
      'The key is in a form that is not read: the Windows certificate store, or PKCS#12. As a warning: it is not needed, since there is another key.',
    wayOut: 'Convert it: `openssl pkcs12 -in store.p12 -nodes -out chain.pem`. Beside a usable key, delete it.',
  },
  CONFIG_ENTERPRISE_USER: {
    ...warning,
    happened: 'The settings name an enterprise user (virksomhetsbruker), which Altinn has removed. It is ignored.',
    wayOut: 'Use a system user (systembruker), and delete both settings.',
  },
  CONFIG_NO_EFFECT: {
    ...warning,
    happened: 'A setting of the .NET client changes nothing here.',
    wayOut: 'Delete it. `UseAltinnTestOrg` needs the exchange: set `ExhangeToAltinnToken` too.',
  },
  CONFIG_UNKNOWN_KEY: {
    ...warning,
    happened: 'The section holds a name that is not a setting.',
    wayOut: 'Correct the name, or delete it. [All settings](settings.md).',
  },
  CONFIG_SIGNER: {
    ...settings,
    acts: 'the developer of the calling code',
    happened:
      'The signer is not an object with a function `sign`, has an algorithm that Maskinporten does not take, or not exactly one of `kid` and `x5c`.',
    wayOut: 'Give it RS256, RS384 or RS512, and the kid of a registered key or the chain of an enterprise certificate.',
  },
  CONFIG_NAMES: {
    ...settings,
    acts: 'the developer of the calling code',
    happened:
      'The option `names` of `fromEnv` or `fromAzureKeyVault` is the wrong way round: it has a setting where the name of a variable or a secret belongs.',
    wayOut: 'Write it as setting → variable or secret: `{ EncodedJwk: "my-secret" }`.',
  },
  CONFIG_DEPTH: {
    ...settings,
    happened: 'The settings are nested more than 64 levels deep.',
    wayOut: 'Flatten them.',
  },
  CONFIG_PROXY_CLEARTEXT: {
    acts: 'the one who runs the machine and its network',
    warns: true,
    happened:
      'A request over plain http to this machine goes through the proxy of `HTTP_PROXY`, with assertion and token in clear.',
    wayOut: 'Name the host in `NO_PROXY`.',
  },
}
