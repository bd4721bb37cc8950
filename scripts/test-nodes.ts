// `npm run test:nodes`: the tests on the oldest and on the newest Node 22 too, so that what is green on one Node is not
// taken for all. Without the type checker, a long fuzz, and the long tests of LEFT_OUT: those say the same on every Node, and
// `.ci/run` has a few minutes for this. The workflow runs the whole of them, on Node 24 as well.
import { delimiter, dirname, join } from 'node:path'
import { note } from './note.ts'
import { runCommand } from './run-command.ts'
import { verifiedNode } from './verified-node.mjs'
import { root } from './workspace.ts'

const NODES: readonly string[] = ['22.18.0', '22.23.5']
const LEFT_OUT: readonly string[] = [
  'scripts/test/**',
  'apps/simulation/test/**',
  'apps/benchmark/test/fleet.test.ts',
  // It runs each of its clients on Node 22, 24 and 26 itself.
  'packages/emulator/test/clients.test.ts',
  // Of .NET, of a browser, of the kernel's packets, of memory.
  'packages/emulator/test/{dotnet,page-browser,no-outgoing,memory}.test.ts',
  'packages/config-json/test/original*.test.ts',
  // They start the command some two hundred times; the newcomer's way, token, call and serve are run here.
  'packages/cli/test/{init,endings,completion,rotate*,keys-*,key-vault-push}.test.ts',
  'packages/cache-redis/test/{faults,processes}.test.ts',
  'packages/opentelemetry/test/monitoring.test.ts',
]
const TESTS = ['run', '--typecheck.enabled=false', ...LEFT_OUT.flatMap((files) => ['--exclude', files])]
const FUZZ_RUNS = '200'

for (const version of NODES) {
  const node = await verifiedNode(version)
  if (node === undefined) {
    note(`left out: Node ${version}, of which scripts/node-packages.json names no binary for this platform`)
    continue
  }
  const began = performance.now()
  const { code, output } = await runCommand([node, join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...TESTS], {
    cwd: root,
    env: { PATH: [dirname(node), process.env['PATH']].join(delimiter), FUZZ_RUNS, EMULATOR_FUZZ_RUNS: FUZZ_RUNS },
  })
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6)
  const last = output
    .trimEnd()
    .split('\n')
    .findLast((line) => / passed, \d+ failed/.test(line))
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  tests on Node ${version}: ${last ?? 'no result'}`)
  if (code === 0) continue
  console.log(output.slice(Math.max(output.indexOf('Failed Tests'), 0)).replaceAll(/^/gm, '       '))
  process.exitCode = 1
}
