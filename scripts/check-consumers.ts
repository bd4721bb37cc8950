// The packed packages in an empty project: compiled by the compilers that users have, loaded and run by their runtimes,
// bundled by their bundlers, tested by Jest, and the READMEs' code with them.
import { bundleAndRun, edge, jest } from './consumers/built.ts'
import { compile, load, runCommands, serve, sit, talk } from './consumers/examine.ts'
import { createProject } from './consumers/project.ts'
import { compileExamples, runExamples, writeExamples } from './consumers/readmes.ts'
import { installTools } from './consumers/tools.ts'
import { inTurn } from './in-turn.ts'
import { note } from './note.ts'
import { packedTarballs } from './release/rehearsal.ts'

const [tools, project] = await Promise.all([installTools(), createProject(packedTarballs())])
const examples = writeExamples(project)
const served = await serve(project)
const newest = { compiler: tools.compilers.at(-1), node: tools.runtimes.findLast(({ isNode }) => isNode) }
if (newest.compiler === undefined || newest.node === undefined)
  throw new Error('there is no compiler or no Node to try with')
const { compiler, node } = newest
try {
  const found = await inTurn([
    () => compileExamples(project, examples, compiler),
    () => jest(project, node),
    () => bundleAndRun(project, node, served.emulator),
    () => edge(project, node, served.emulator),
    ...tools.compilers.map((one) => () => compile(project, one)),
    ...tools.runtimes.map((runtime) => () => talk(project, runtime, served.emulator)),
    ...tools.runtimes
      .filter(({ isNode }) => isNode)
      .flatMap((runtime) => [() => load(project, runtime), () => runCommands(project, runtime)]),
    () => sit(project, node),
    () => runExamples(project, examples, node, served.emulator),
  ])
  for (const line of found.flat()) console.error(line)
  if (found.flat().length > 0) process.exitCode = 1
} finally {
  served.stop()
  project.remove()
}
const [compilers, runtimes] = [tools.compilers, tools.runtimes].map((list) => list.map(({ name }) => name).join(', '))
console.log(
  `${project.entries.length} entries; ${compilers ?? ''}; ${runtimes ?? ''}, edge-runtime; esbuild, rolldown, webpack; Jest; ${examples.length} examples from READMEs`,
)
for (const name of tools.missing) note(`left out: ${name}, of which the npm registry has no binary for this platform`)
