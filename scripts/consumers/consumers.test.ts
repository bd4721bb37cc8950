// The packed packages in an empty project: compiled by the compilers that users have, loaded and run by their runtimes,
// bundled by their bundlers, tested by Jest, and the READMEs' code with them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { note } from '../note.ts'
import { mustRun } from '../run-command.ts'
import { publicPackages, record, root } from '../workspace.ts'
import { compile } from './compile.ts'
import { startEmulator } from './emulator.ts'
import { writeExamples } from './examples.ts'
import { besideOurs, createProject } from './project.ts'
import { installTools, leftOut } from './tools.ts'

const [tools, project] = await Promise.all([installTools(), createProject('project', undefined, besideOurs())])
for (const name of leftOut(tools)) note(`left out: ${name}, of which the npm registry has no binary for this platform`)
const { folder } = project
const emulator = await startEmulator(folder)
writeFileSync(join(folder, 'appsettings.json'), JSON.stringify({ MaskinportenSettings: emulator.settings }))
afterAll(async () => {
  await emulator.stop()
  project.remove()
})

const run = (...command: readonly string[]): Promise<string> =>
  mustRun(command, { cwd: folder, env: { EMULATOR: emulator.json, NODE_ENV: undefined, VITEST: undefined } })
const { compilers, nodes, others } = tools
const [newest = { name: '', command: [] }, compiler = newest] = [nodes.at(-1), compilers.at(-1)]
const node = (...words: readonly string[]): Promise<string> => run(...newest.command, ...words)
const esbuild = ['node_modules/esbuild/bin/esbuild', '--bundle', '--log-level=warning'] as const

/** Nothing imports vitest but vitest: the exams are sat instead. */
const entries = publicPackages()
  .filter(({ manifest }) => !('vitest' in record(manifest['peerDependencies'])))
  .flatMap(({ name, manifest }) =>
    Object.entries(record(manifest['exports'])).flatMap(([key, target]) =>
      typeof target === 'string' ? [] : [`${name}${key.slice(1)}`],
    ),
  )
const commands = publicPackages().flatMap(({ name, manifest }) =>
  Object.entries(record(manifest['bin'])).map(([command, path]) => ({
    command,
    path: join('node_modules', name, String(path)),
  })),
)
const examples = writeExamples(folder)
mkdirSync(join(folder, 'runs'))

describe.concurrent('the packed packages', () => {
  it('are bundled by esbuild, and the bundle does the main job', async () => {
    await node(...esbuild, 'bundles/app.mjs', '--platform=node', '--outfile=bundles/esbuild.cjs')
    expect(await node('bundles/esbuild.cjs')).toContain('[200,200,200]')
  })

  it('are bundled by rolldown, and the bundle does the main job', async () => {
    await node('node_modules/rolldown/bin/cli.mjs', '-c', 'bundles/rolldown.config.mjs')
    expect(await node('bundles/rolldown.cjs')).toContain('[200,200,200]')
  })

  it('are bundled by webpack, and the bundle does the main job', async () => {
    await node('bundles/webpack.mjs')
    expect(await node('bundles/webpack.cjs')).toContain('[200,200,200]')
  })

  it('do the main job in Vercel’s edge runtime', async () => {
    const options = ['--format=iife', '--global-name=app', '--conditions=edge-light,worker,browser']
    await node(...esbuild, 'main-job.mjs', ...options, '--outfile=bundles/edge.js')
    expect(await node('edge.mjs', 'bundles/edge.js')).toContain('"status":200')
  })

  it.each([
    { kind: 'commonjs', flags: [] },
    { kind: 'modules', flags: ['--experimental-vm-modules'] },
  ])('are tested by Jest, $kind, with the line of configuration that README.md shows', async ({ kind, flags }) => {
    const config = `jest/${kind}/jest.config.js`
    const [, line] = /^ *(transform\w*: .*),$/m.exec(readFileSync(join(folder, config), 'utf8')) ?? []
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(line)
    await node(
      ...flags,
      'node_modules/jest/bin/jest.js',
      '--testTimeout=60000',
      '--rootDir',
      `jest/${kind}`,
      '--config',
      config,
    )
  })

  it('sit the exams that they bring, as somebody with an adapter of their own does, however little time tests have there', async () => {
    const words = ['run', 'exams.test.mjs', '--reporter=default', '--testTimeout=1']
    expect(await node('node_modules/vitest/vitest.mjs', ...words)).toMatch(/Tests +\d+ passed/)
  })

  describe.each(compilers)('for $name', ({ command }) => {
    it.each(['nodenext', 'bundler', 'commonjs', 'web'])('compile in an app with tsconfig.%s.json', (config) =>
      compile(command, folder, config),
    )
  })

  it('compile in each block of the READMEs; a line counts from its fence', () =>
    compile(compiler.command, folder, 'readmes'))

  it.each([...nodes, ...others])('do the main job on $name', async ({ command }) => {
    expect(await run(...command, 'talk.mjs')).toContain('"status":200')
  })

  describe.each(nodes)('on $name', ({ command }) => {
    it('give the same names by `import` and by `require()`', async () => {
      const imported = await run(...command, 'imports.mjs', ...entries)
      expect(await run(...command, 'requires.cjs', ...entries)).toBe(imported)
      expect(imported, 'an entry that exports nothing').not.toContain('[]')
    })

    it.each(commands)('bring the command `$command`', async ({ path }) => {
      await run(...command, path, '--help')
    })
  })

  it.each(examples.filter(({ runs }) => runs))('run as $place shows', async ({ file, code }) => {
    let local = code
    for (const [real, emulated] of Object.entries(emulator.addresses)) local = local.replaceAll(real, emulated)
    const own = file.replace('readmes/', 'runs/')
    writeFileSync(join(folder, own), local)
    await node(own)
  })
})
