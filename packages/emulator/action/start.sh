#!/usr/bin/env bash
# Starts the emulator, waits for /ready, and tells the steps after it where it is. Its log stays in RUNNER_TEMP.
set -euo pipefail

# Seconds; npx may have to fetch the package.
limit=120
# It prints the keys of its clients: the file is for this user alone, and goes when this script ends.
umask 077
said=$(mktemp "$RUNNER_TEMP/maskinporten-emulator.XXXXXX")
trap 'rm -f "$said"' EXIT
log=$said.log

if [ -n "$EMULATOR_COMMAND" ]; then
  read -ra command <<<"$EMULATOR_COMMAND"
else
  command=(npx --yes "@maskinporten-kit/emulator@$EMULATOR_VERSION")
fi
args=()
while IFS= read -r word; do
  if [ -n "$word" ]; then args+=("$word"); fi
done <<<"$EMULATOR_ARGS"

nohup "${command[@]}" --json ${args[@]+"${args[@]}"} >"$said" 2>"$log" </dev/null &
pid=$!
fail() {
  cat "$log" >&2
  echo "::error title=Maskinporten emulator::$1"
  kill "$pid" 2>/dev/null || true
  exit 1
}
until [ -s "$said" ]; do
  kill -0 "$pid" 2>/dev/null || fail 'it ended before it was ready; its reason stands above'
  [ "$SECONDS" -lt "$limit" ] || fail "it said nothing within $limit seconds"
  sleep 0.2
done

# Addresses as outputs, and the variables of its first client for all steps after this one.
SAID=$said PID=$pid node <<'END' || fail 'its addresses could not be read'
const { appendFileSync, readFileSync } = require('node:fs')
const { SAID, PID, GITHUB_OUTPUT, GITHUB_ENV } = process.env
const { issuer, maskinporten, altinn, control, clients } = JSON.parse(readFileSync(SAID, 'utf8'))
const environment = clients[0]?.environment ?? {}
const outputs = { issuer, 'token-endpoint': `${maskinporten}/token`, altinn, control, 'client-id': clients[0]?.clientId ?? '', pid: PID }
// What has a line break would set a variable of its own.
const [broken] = Object.entries({ ...outputs, ...environment }).find(([, value]) => /[\r\n]/.test(value)) ?? []
if (broken) {
  console.error(`${broken} has a line break, which no variable and no output of a step can have`)
  process.exit(1)
}
// A runner shows the environment of each later step, but for what it is told to hide.
const key = JSON.parse(environment.MASKINPORTEN_CLIENT_JWK ?? '{}')
const encoded = Object.entries(environment).filter(([name]) => /jwk/i.test(name)).map(([, value]) => value)
for (const secret of [...encoded, ...['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap((member) => key[member] ?? [])]) {
  console.log(`::add-mask::${secret}`)
}
const lines = (values) => Object.entries(values).map(([name, value]) => `${name}=${value}\n`).join('')
appendFileSync(GITHUB_OUTPUT, lines(outputs))
appendFileSync(GITHUB_ENV, lines(environment))
END
control=$(sed -n 's/^control=//p' "$GITHUB_OUTPUT")
until curl --silent --fail --noproxy '*' --output /dev/null "$control/ready"; do
  kill -0 "$pid" 2>/dev/null || fail 'it ended before it was ready; its reason stands above'
  [ "$SECONDS" -lt "$limit" ] || fail "it was not ready within $limit seconds"
  sleep 0.2
done
echo "Maskinporten emulator: $control"
