// The image of the emulator, where there is no daemon: what its Dockerfile says is done in a folder, which stands in place of
// the image's root, with the packed package; its entry point is started as another user, and its health check is asked.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { packedTarballs } from '../release/tarballs.ts'
import { mustRun, runCommand } from '../run-command.ts'
import { readYaml, record, root } from '../workspace.ts'

const folder = join(root, 'packages', 'emulator', 'docker')
/** `node` of the base image. */
const USER = 1000
const FIRST = 8050

interface Instruction {
  readonly keyword: string
  readonly rest: string
}

const instructions: readonly Instruction[] = readFileSync(join(folder, 'Dockerfile'), 'utf8')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line))
  .map((line) => ({ keyword: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1).trim() }))

function only(keyword: string): string {
  const found = instructions.filter((one) => one.keyword === keyword)
  expect(found).toHaveLength(1)
  return found[0]?.rest ?? ''
}

function words(list: string): readonly string[] {
  const parsed: unknown = JSON.parse(list)
  return Array.isArray(parsed) ? parsed.map(String) : []
}

/** The first of nine free ports in a row; that of the image where nobody has it. */
async function freePorts(): Promise<number> {
  const free = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
    })
  for (let first = FIRST; ; first += 100) {
    const all = await Promise.all(Array.from({ length: 9 }, (_one, at) => free(first + at)))
    if (all.every(Boolean)) return first
  }
}

it('starts from its layout, as another user than root, and its health check answers', async () => {
  const image = mkdtempSync(join(tmpdir(), 'emulator-image-'))
  onTestFinished(() => rmSync(image, { recursive: true, force: true }))
  chmodSync(image, 0o755)
  const within = (text: string): string => text.replaceAll(/(?<=^|[\s"])\/(?=opt|tmp|config)/g, `${image}/`)
  for (const name of ['opt', 'tmp', 'config']) mkdirSync(join(image, name), { mode: 0o755 })

  const tarball = packedTarballs().find(({ short }) => short === 'emulator')
  const [copied = '', copiedTo = ''] = (instructions.find(({ keyword }) => keyword === 'COPY')?.rest ?? '').split(/\s+/)
  expect(basename(tarball?.path ?? '')).toMatch(new RegExp(`^${copied.replace('*', '.*')}$`))
  cpSync(tarball?.path ?? '', within(copiedTo))
  await mustRun(['sh', '-c', within(only('RUN'))], { cwd: join(image, 'tmp') })
  expect(only('USER')).toBe('node')
  expect(only('EXPOSE')).toBe(`${FIRST}-${FIRST + 8}`)

  const first = await freePorts()
  const asRoot = process.getuid?.() === 0
  const other = asRoot ? { uid: USER, gid: USER } : {}
  const [entry = '', ...args] = words(within(only('ENTRYPOINT')))
  // The base image's node: another user may have no way to the one that runs this.
  mkdirSync(join(image, 'bin'), { mode: 0o755 })
  copyFileSync(process.execPath, join(image, 'bin', 'node'))
  const PATH = [join(image, 'bin'), process.env['PATH']].join(delimiter)
  const told = [
    '--public-url',
    `http://localhost:${first}`,
    '--json',
    ...(first === FIRST ? [] : ['--port', String(first)]),
  ]
  const child = spawn(entry, [...args, ...told], {
    cwd: within(only('WORKDIR')),
    env: { PATH, HOME: image },
    ...other,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise((resolve) => child.once('close', resolve))
  const line = await Promise.race([
    new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))),
    ended.then(() => Promise.reject(new Error(`it ended: ${errors}`))),
  ])
  expect(JSON.parse(line)).toMatchObject({ issuer: `http://localhost:${first}/` })
  if (asRoot) expect(statSync(`/proc/${child.pid}`).uid).toBe(USER)

  const [, check = ''] = /CMD (.*)$/.exec(only('HEALTHCHECK')) ?? []
  const health = words(check).map((word) => word.replace(String(FIRST + 5), String(first + 5)))
  expect(await runCommand(health, { cwd: image })).toEqual({ code: 0, output: '' })
  expect((await fetch(`http://localhost:${first}/.well-known/oauth-authorization-server`)).status).toBe(200)
  // It warns of what it opens, and of nothing else.
  expect(errors).toMatch(
    /^\(node:\d+\) Warning: the emulator listens on 0\.0\.0\.0, every interface[^\n]*\n[^\n]*trace-warnings[^\n]*\n/,
  )

  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect((await runCommand(health, { cwd: image })).code).toBe(1)
})

it('has a Compose file whose options the command takes', () => {
  const { services } = readYaml(join(folder, 'compose.yaml'))
  const { command } = record(record(services)['maskinporten'])
  const tried = [...Object.values(record(command)).map(String), '--help']
  const cli = [join(root, 'packages', 'emulator', 'dist', 'cli.js'), ...tried]
  expect(execFileSync(process.execPath, cli, { encoding: 'utf8' })).toContain('--public-url')
})
