/** What `--help` prints: each fits a screen of 80 x 24. */

export const usage: string = `maskinporten-emulator [options]                   runs until Ctrl-C
maskinporten-emulator run [options] -- <command>  around a command
maskinporten-emulator dev [options] -- <command>  the same, until Ctrl-C
maskinporten-emulator init [options]              writes emulator.json and a key
maskinporten-emulator trigger|fault|clock <words> tells one that runs already
                      each of them with --help tells more

  --config <file>     what it is begun with; default: ./emulator.json, if there
  --client <words>    scopes, and an organisation number if not Digdir's; again
                      for each further client. init takes it, too, and --config
  --as test           speaks under the names of the test environment
  --port <n>          first of nine in a row, 0: free ones; default: 8050
  --host <address>    the interface to listen on; default: 127.0.0.1
  --public-url <url>  Maskinporten's origin as its callers know it
  --allow-host <name> one more name under which it is called; repeatable
  --allow-production  starts although NODE_ENV is production
  --ca <file>         writes the certificate authority there, PEM
  --strict            what Digdir's pages say, where the servers say less
  --log <text|json>   one line a request on standard error
  --quiet             no such lines
  --json              prints one line of JSON instead of text
  --version
  --help
`

export const runUsage: string = `maskinporten-emulator run [options] -- <command> [its arguments]
maskinporten-emulator dev [options] -- <command> [its arguments]

The command runs under the names of the test environment, with the emulator
behind them. run ends with it and its exit code. dev stays until Ctrl-C, on
fixed ports, so that trigger, fault and clock reach it from another shell.

  the app's client    the one that MaskinportenSettings__*, MASKINPORTEN_* or
                      ./appsettings*.json name, or the .env file or the .NET
                      user secrets that the command reads: registered with the
                      public half of its key; the settings stay as they are
  --client <words>    a client with these scopes: in the vault, and in the
                      environment where the settings of the app say nothing.
                      Without any client there is one with common scopes
  --no-client         neither has one: for a command that registers its own
  --strict            ends with 3 when what the command calls ignores the proxy,
                      and refuses more, as Digdir's pages say
  --quiet             tells problems only
  --log, --config, --port, --host, --ca   as without run
`

/** `control`: where the controls are by default. */
export const controlUsage = (
  control: string,
): string => `maskinporten-emulator trigger <type> [org=ttd] [app=app] [person=<number>]
maskinporten-emulator fault <target> [status=503] [times=forever]
maskinporten-emulator fault clear [<target>]
maskinporten-emulator clock
maskinporten-emulator clock advance|adjust <time>

They tell an emulator that runs: \`maskinporten-emulator dev -- <command>\`.

  trigger             an event of an app: app.instance.created
  fault               what the next request of a target meets: token, exchange,
                      storage, events, register, key-vault, entra, texas, …;
                      error=MP-200, delayMs=3000, reset=true,
                      headers.retry-after=5
  fault clear         no faults from now on
  clock               what time it is there; advance moves all of time forward,
                      adjust the wall clock alone: 60000, 90s, 5m, 2h, 1d, -30s
  --control <url>     default: EMULATED_MASKINPORTEN_CONTROL, else
                      ${control}
`
