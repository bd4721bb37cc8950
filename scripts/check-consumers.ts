// The packed packages in an empty project: compiled by the compilers that users have, loaded and run by their runtimes,
// and the READMEs' code with them.
import { compile, load, runCommands, serve, talk } from './consumers/examine.ts'
import { createProject } from './consumers/project.ts'
import { compileExamples, runExamples, writeExamples } from './consumers/readmes.ts'
import { installTools } from './consumers/tools.ts'
import { packedTarballs } from './release/rehearsal.ts'

const [tools, project] = await Promise.all([installTools(), createProject(packedTarballs())])
const found: string[] = []
try {
  for (const compiler of tools.compilers) found.push(...(await compile(project, compiler)))
  for (const runtime of tools.runtimes.filter(({ isNode }) => isNode)) {
    found.push(...(await load(project, runtime)), ...(await runCommands(project, runtime)))
  }
  const examples = writeExamples(project)
  const [compiler, node] = [tools.compilers.at(-1), tools.runtimes.findLast(({ isNode }) => isNode)]
  if (compiler !== undefined) found.push(...(await compileExamples(project, examples, compiler)))
  const served = await serve(project)
  for (const runtime of tools.runtimes) found.push(...(await talk(project, runtime, served.emulator)))
  if (node !== undefined) found.push(...(await runExamples(project, examples, node, served.emulator)))
  served.stop()
} finally {
  project.remove()
}
for (const name of tools.missing)
  console.log(`left out: ${name}, of which the registry has no binary for this platform`)
for (const line of found) console.error(line)
if (found.length > 0) process.exitCode = 1
