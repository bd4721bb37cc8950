// The two commands of the README behind a proxy, as in many networks of the public sector: the variables are set, nothing
// is said of loopback, and the proxy cannot reach it. Of the tests only those of the clients that heed the variables by
// themselves: axios, and MSAL below Azure's SDK. The others send by fetch, which heeds none, and take minutes.
import { runCommand } from './run-command.ts'
import { root } from './workspace.ts'

const NOWHERE = 'http://127.0.0.1:9'
const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(names.map((name) => [name, NOWHERE])),
  NO_PROXY: undefined,
  no_proxy: undefined,
}
const clients = [
  'packages/axios/test/exam.test.ts',
  'packages/config-azure-key-vault/test/sign-in.test.ts',
  'apps/example/test/main.test.ts',
]
const commands: readonly (readonly string[])[] = [
  ['npm', 'start', '--', '--once'],
  ['npm', 'test', '--', ...clients, '--typecheck.enabled=false'],
]
for (const command of commands) {
  const { code, output } = await runCommand(command, { cwd: root, env })
  if (code === 0) continue
  console.error(`\`${command.join(' ')}\` behind a proxy ended with ${String(code)}:\n${output.trim()}`)
  process.exitCode = 1
}
