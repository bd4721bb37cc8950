// Everything that must hold before a change lands, the tests excepted: `npm run check`, or some steps by name. Each
// step's time is printed; a step that fails shows what it said, one that passes its notes, and the others still run, so
// that one run tells all.
import { notesIn } from './note.ts'
import { runCommand } from './run-command.ts'
import { root, withPnpm } from './workspace.ts'

interface Step {
  readonly name: string
  readonly command: readonly string[]
  /** Steps without which this one says nothing: they run when it is asked for, and when one fails, it is left out. */
  readonly after?: readonly string[] | undefined
}

const turbo = (task: string): readonly string[] => ['turbo', 'run', task, '--continue', '--output-logs=errors-only']
/** The packed packages, as those who install them have them. */
const packed = (name: string): readonly string[] => [
  'vitest',
  'run',
  '--config=scripts/consumers/vitest.config.ts',
  `${name}.test`,
]
const script = (name: string): readonly string[] => ['node', `scripts/${name}.ts`]

const steps: readonly Step[] = [
  { name: 'structure', command: script('check-structure') },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'sherif', command: ['sherif', '--fail-on-warnings'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'build', command: turbo('build') },
  { name: 'docs', command: ['node', '--conditions=@maskinporten-kit/source', 'scripts/docs.ts', '--check'] },
  { name: 'knip', command: ['knip'] },
  { name: 'api', command: [...script('api'), '--check'], after: ['build'] },
  { name: 'size', command: script('check-size') },
  { name: 'releases', command: script('check-releases') },
  { name: 'rehearsal', command: script('rehearse'), after: ['build'] },
  { name: 'packages', command: packed('packages'), after: ['rehearsal'] },
  { name: 'consumers', command: packed('consumers'), after: ['rehearsal'] },
  { name: 'image', command: packed('image'), after: ['rehearsal'] },
  { name: 'proxy', command: script('check-proxy') },
  { name: 'next', command: packed('next'), after: ['rehearsal'] },
  { name: 'workers', command: packed('workers'), after: ['rehearsal'] },
]

const named = process.argv.slice(2)
const unknown = named.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  throw new Error(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`)
}

const wanted = new Set(named.length > 0 ? named : steps.map(({ name }) => name))
// A step stands after those that it needs.
for (const { name, after = [] } of steps.toReversed())
  if (wanted.has(name)) for (const needed of after) wanted.add(needed)

const failed: string[] = []
for (const { name, command, after = [] } of steps) {
  if (!wanted.has(name)) continue
  if (after.some((needed) => failed.includes(needed))) {
    failed.push(name)
    console.log(`left out   ${name}: ${after.join(', ')} failed`)
    continue
  }
  const start = performance.now()
  const { code, output } = await runCommand(command, {
    cwd: root,
    env: { ...withPnpm(), TURBO_TELEMETRY_DISABLED: '1' },
  })
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6)
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}`)
  const said = code === 0 ? notesIn(output).join('\n') : output.trim()
  if (said !== '') console.log(said.replaceAll(/^/gm, '       '))
  if (code !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.log(`check failed: ${failed.join(', ')}. Run some alone with \`npm run check -- ${failed[0] ?? ''}\`.`)
  process.exitCode = 1
}
