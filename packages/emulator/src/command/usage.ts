/** What `--help` prints: each fits a screen of 80 x 24. */

export const usage: string = `maskinporten-emulator [options]                   runs until Ctrl-C
maskinporten-emulator run [options] -- <command>  around a command in any language
maskinporten-emulator dev [options] -- <command>  the same, and stays until Ctrl-C
maskinporten-emulator init [--config <file>] [--client <words>]
                                                  writes an emulator.json and a key
maskinporten-emulator trigger|fault|clock <words> to one that runs already
                      each of them with --help tells more

  --config <file>     what it is begun with; default: ./emulator.json, if there
  --client <words>    scopes, and organisation number if not Digdir's; repeatable
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

The command runs under the names of the test environment, with the emulator behind
them. run ends with it and its exit code. dev stays until Ctrl-C, on fixed ports, so
that trigger, fault and clock reach it from another shell.

  the app's client    the one that MaskinportenSettings__*, MASKINPORTEN_* or
                      ./appsettings*.json name: registered with the public half of
                      its key; the settings stay as they are
  --client <words>    a client with these scopes: in the vault, and in the
                      environment where the settings of the app say nothing.
                      Without any settings there is one with common scopes
  --strict            ends with 3 when what the command calls ignores the proxy, and
                      refuses what Digdir's pages refuse, where the servers do not
  --quiet             tells problems only
  --log, --config, --port, --host, --ca   as without run
`
