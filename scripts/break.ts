// `npm run break`: breaks a copy of this tree in each of the ways below, and shows that `check` fails and names it.
// Words behind it choose breaks by name.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustRun, runCommand } from './run-command.ts'
import { copyTree } from './tree.ts'

interface Break {
  readonly name: string
  /** In the sources, before anything is built. */
  readonly source?: ((tree: string) => void) | undefined
  /** In what was built and packed, when sources cannot show it. */
  readonly built?: ((tree: string) => void) | undefined
  readonly packed?: ((tree: string) => Promise<unknown>) | undefined
  /** The steps that look at it last, after build and rehearsal. */
  readonly steps: readonly string[]
  /** What `check` must say. */
  readonly says: RegExp
}

const fetchSource = 'packages/fetch/src/index.ts'

const breaks: readonly Break[] = [
  {
    name: 'a missing file in `files`',
    source: (tree) =>
      edit(tree, 'packages/fetch/package.json', (text) => text.replace(/("files": \[\s*)"dist",/, '$1')),
    steps: ['structure', 'packages'],
    says: /fetch: \.\/dist\/index\.d\.ts is named, but not packed/,
  },
  {
    name: 'a `workspace:` range left in',
    // What npm makes of the package instead of pnpm.
    packed: (tree) => npmPack(tree, 'fetch'),
    steps: ['packages'],
    says: /fetch: "peerDependencies" of the packed manifest still says @maskinporten-kit\/core: workspace:/,
  },
  {
    name: 'a type error in a d.ts',
    built: (tree) =>
      edit(tree, 'packages/fetch/dist/index.d.ts', (text) => `${text}\nexport declare const broken: Missing;\n`),
    steps: ['consumers'],
    says: /fetch\/dist\/index\.d\.ts\(\d+,\d+\): error TS2304: Cannot find name 'Missing'/,
  },
  {
    name: 'an unlisted dependency',
    source: (tree) =>
      edit(tree, fetchSource, (text) => `import { vi } from 'vitest'\n${text}\nexport const broken: unknown = vi\n`),
    steps: ['packages'],
    says: /fetch: dist\/index\.(js|d\.ts) imports vitest, which no dependency of its manifest brings/,
  },
  {
    name: '2 kB more in fetch',
    source: (tree) =>
      edit(
        tree,
        fetchSource,
        (text) =>
          `${text.replace('const guard = ', 'if (Date.now() < 0) throw new Error(weight)\n  const guard = ')}\nconst weight = ${noise(2_800)}\n`,
      ),
    steps: ['size'],
    says: /fetch: .* bytes too many[^]*\+?\d+ {2}packages\/fetch\/src\/index\.ts/,
  },
  {
    name: 'an export removed',
    source: (tree) =>
      edit(tree, 'packages/core/src/index.ts', (text) => text.replace(/^export \{ createAccessToken \}.*\n/m, '')),
    steps: ['api'],
    says: /packages\/core\/api\.md is not what @maskinporten-kit\/core exports[^]*- function createAccessToken/,
  },
]

const wanted = process.argv.slice(2)
const tree = mkdtempSync(join(tmpdir(), 'break-'))
try {
  await copyTree(tree, { built: false })
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
    [...identity(), 'commit', '-qm', 'The tree as it was'],
  ])
    await mustRun(['git', ...words], { cwd: tree })
  for (const one of breaks) {
    if (wanted.length === 0 || wanted.some((word) => one.name.includes(word))) await show(one)
  }
} finally {
  rmSync(tree, { recursive: true, force: true })
}

async function show({ name, source, built, packed, steps, says }: Break): Promise<void> {
  source?.(tree)
  let said = await check(['build'])
  built?.(tree)
  if (steps.some((step) => step === 'packages' || step === 'consumers')) said += await check(['rehearsal'])
  await packed?.(tree)
  said += await check(steps)
  const caught = says.test(said) && said.includes('check failed')
  console.log(
    `${caught ? 'caught' : 'MISSED'}  ${name}: ${caught ? (says.exec(said)?.[0].split('\n')[0] ?? '') : said}`,
  )
  if (!caught) process.exitCode = 1
  await mustRun(['git', 'checkout', '-q', '--', '.'], { cwd: tree })
}

async function check(steps: readonly string[]): Promise<string> {
  return (await runCommand(['node', 'scripts/check.ts', ...steps], { cwd: tree })).output
}

function edit(folder: string, path: string, change: (text: string) => string): void {
  const before = readFileSync(join(folder, path), 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${path} is not as this break expects it; mend scripts/break.ts`)
  writeFileSync(join(folder, path), after)
}

async function npmPack(folder: string, short: string): Promise<void> {
  const tarballs = join(folder, '.release', 'tarballs')
  const file = readdirSync(tarballs).find((one) => one.startsWith(`maskinporten-kit-${short}-`)) ?? ''
  const made = mkdtempSync(join(tmpdir(), 'npm-pack-'))
  await mustRun(['npm', 'pack', '--pack-destination', made], {
    cwd: join(folder, '.release', 'rehearsal', 'packages', short),
  })
  cpSync(join(made, readdirSync(made)[0] ?? ''), join(tarballs, file))
  rmSync(made, { recursive: true })
}

/** Text that does not compress to less than about three quarters of its length. */
function noise(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length * 0.75))
  return JSON.stringify(Buffer.from(bytes).toString('base64'))
}

function identity(): readonly string[] {
  return ['-c', 'user.name=break', '-c', 'user.email=break@localhost', '-c', 'commit.gpgsign=false']
}
