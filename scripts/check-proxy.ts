// The two commands of the README behind a proxy, as in many networks of the public sector: the variables are set, nothing
// is said of loopback, and the proxy cannot reach it. Of the tests only those of the clients that heed the variables by
// themselves: axios, and MSAL below Azure's SDK. The others send by fetch, which heeds none, and take minutes.
import { runCommand } from './run-command.ts'
import { root } from './workspace.ts'

const NOWHERE = 'http://127.0.0.1:9'
const env: NodeJS.ProcessEnv = {
  HTTP_PROXY: NOWHERE,
  HTTPS_PROXY: NOWHERE,
  http_proxy: NOWHERE,
  https_proxy: NOWHERE,
  NO_PROXY: undefined,
  no_proxy: undefined,
}
const clients = [
  'packages/axios/test/exam.test.ts',
  'packages/config-azure-key-vault/test/sign-in.test.ts',
  'apps/example/test/main.test.ts',
]
const commands = [
  ['npm', 'start', '--', '--once'],
  ['npm', 'test', '--', ...clients, '--typecheck.enabled=false'],
]
for (const command of commands) {
  const { code, output } = await runCommand(command, { cwd: root, env })
  if (code === 0) continue
  console.error(`\`${command.join(' ')}\` behind a proxy ended with ${String(code)}:\n${output.trim()}`)
  console.error('What asks a proxy for loopback is led past it by scripts/loopback.ts.')
  process.exitCode = 1
}
