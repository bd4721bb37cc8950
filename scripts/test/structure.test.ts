import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sourceBreaches } from '../structure/breaches.ts'
import { manifestBreaches } from '../structure/manifest-breaches.ts'
import { mapBreaches } from '../structure/map-breaches.ts'
import { platformBreaches } from '../structure/platform-breaches.ts'
import { readmeBreaches } from '../structure/readme-breaches.ts'
import { workflowBreaches } from '../structure/workflow-breaches.ts'
import { readYaml } from '../workspace.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'structure-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

describe('the structure check', () => {
  it.each([
    ['packages/config-env/src/a.ts', `// oxlint-disable-next-line\nexport const a = 1`, 'a.ts:1: a check is silenced'],
    ['packages/config-env/src/a.ts', `export const a = 1\n// @ts-ignore`, 'a.ts:2: a check is silenced'],
    ['packages/config-env/src/utils.ts', `export const a = 1`, 'utils.ts: the name says nothing'],
  ])('names the file and the breach: %s, %s', (path, text, why) => {
    write(path, text)
    expect(sourceBreaches(root)).toEqual([expect.stringContaining(why)])
  })

  it('refuses a peer of ours other than core', () => {
    write('packages/ky/package.json', JSON.stringify({ peerDependencies: { '@maskinporten-kit/fetch': '1' } }))
    expect(manifestBreaches(root).join('\n')).toContain('"peerDependencies" of ours are core alone')
  })

  it('refuses a manifest whose published exports keep the source condition', () => {
    const exports = { '.': { '@maskinporten-kit/source': './src/index.ts', types: './a.d.ts', default: './a.js' } }
    write('packages/ky/package.json', JSON.stringify({ exports, publishConfig: { exports } }))
    expect(manifestBreaches(root).join('\n')).toContain(
      '"publishConfig.exports" is {".":{"types":"./a.d.ts","default":"./a.js"}}',
    )
  })

  it('refuses a subpath whose types an older `moduleResolution` does not find', () => {
    const target = { '@maskinporten-kit/source': './src/a.ts', types: './a.d.ts', default: './a.js' }
    const exports = { '.': target, './adapter': target }
    write('packages/ky/package.json', JSON.stringify({ exports }))
    expect(manifestBreaches(root).join('\n')).toContain('"typesVersions" is {"*":{"adapter":["./a.d.ts"]}}')
    const typesVersions = { '*': { adapter: ['./a.d.ts'] } }
    write('packages/ky/package.json', JSON.stringify({ exports, typesVersions }))
    expect(manifestBreaches(root).join('\n')).not.toContain('typesVersions')
  })

  it('refuses a command that a fresh clone cannot run', () => {
    write('packages/ky/package.json', '{ "private": true }')
    const setUp = 'node scripts/setup.mjs'
    write('package.json', JSON.stringify({ scripts: { preapi: setUp, api: 'node a.ts', 'release:dry': 'node b.ts' } }))
    expect(manifestBreaches(root)).toEqual([`package.json: must say: "prerelease:dry" is ${setUp}`])
  })

  it('refuses an exact version of what users bring in with a published package, however it is named', () => {
    write('pnpm-workspace.yaml', "catalog:\n  '@hono/node-server': ^2.1.9\n  jose: 6.2.17\n")
    const dependencies = { hono: '^4.0.0', x509: '2.2.0', jose: 'catalog:', '@hono/node-server': 'catalog:' }
    write('package.json', '{}')
    write('packages/emulator/package.json', JSON.stringify({ dependencies, devDependencies: { vitest: '5.1.1' } }))
    expect(manifestBreaches(root).filter((one) => one.includes('"dependencies"'))).toEqual([
      'packages/emulator/package.json: must say: "dependencies" x509 is a caret range, not 2.2.0',
      'packages/emulator/package.json: must say: "dependencies" jose is a caret range, not 6.2.17',
    ])
    write('packages/emulator/package.json', JSON.stringify({ private: true, dependencies }))
    expect(manifestBreaches(root)).toEqual([])
  })

  it('refuses an action that a tag names, and a workflow that may do all by default', () => {
    write('.github/workflows/a.yml', 'jobs:\n  - uses: actions/checkout@v7\n')
    const breaches = workflowBreaches(root)
    expect(breaches).toEqual([
      '.github/workflows/a.yml:2: not pinned by a commit with its version behind it: - uses: actions/checkout@v7',
      '.github/workflows/a.yml: has no `permissions: {}` at the top',
    ])
  })

  it('refuses code of ours in the job that may publish, and there only', () => {
    const workflow = (first: string, second: string): string =>
      [
        'permissions: {}',
        'jobs:',
        '  pack:',
        '    steps:',
        `      - run: ${first}`,
        '  publish:',
        '    permissions:',
        '      id-token: write # trusted publishing',
        '    steps:',
        `      - run: ${second}`,
      ].join('\n')
    const install = 'pnpm install --frozen-lockfile --ignore-scripts'
    write('.github/workflows/a.yml', workflow('.ci/run', install))
    expect(workflowBreaches(root)).toEqual([])
    const pnpm = 'npm ci --ignore-scripts --prefix scripts/pnpm'
    write('.github/workflows/a.yml', workflow('.ci/run', pnpm))
    expect(workflowBreaches(root)).toEqual([])
    for (const command of [
      'node scripts/setup.mjs',
      'pnpm install',
      'npm install --global --ignore-scripts pnpm@1.0.0',
      `${install} && npm test`,
      'echo "$PWD/scripts" >> "$GITHUB_PATH"',
      '|',
    ]) {
      write('.github/workflows/a.yml', workflow(install, command))
      expect(workflowBreaches(root)).toEqual([
        expect.stringContaining(
          'a.yml: the job publish runs more than an install by a lockfile beside `id-token: write`',
        ),
      ])
    }
  })

  it('misses in the lockfile what a tool needs on another machine', () => {
    const binary = (os: string, cpu: string): string =>
      `  tool-${os}-${cpu}@1.0.0:\n    cpu: [${cpu}]\n    os: [${os}]\n`
    const all = ['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64', 'win32 x64', 'win32 arm64'].map((one) =>
      one.split(' '),
    )
    const lockfile = (platforms: string[][]): string =>
      `packages:\n\n${platforms.map(([os = '', cpu = '']) => binary(os, cpu)).join('')}\nsnapshots:\n\n  tool@1.0.0:\n    optionalDependencies:\n${platforms
        .map((one) => `      tool-${one.join('-')}: 1.0.0\n`)
        .join('')}`
    write('pnpm-lock.yaml', lockfile(all))
    expect(platformBreaches(root)).toEqual([])
    write('pnpm-lock.yaml', lockfile(all.filter(([os]) => os !== 'darwin')))
    expect(platformBreaches(root).map((one) => one.split(';')[0])).toEqual([
      'pnpm-lock.yaml: tool@1.0.0 has no binary for darwin-x64',
      'pnpm-lock.yaml: tool@1.0.0 has no binary for darwin-arm64',
    ])
  })

  it('refuses a README that forgets to have installed what it imports or runs, or hides a part of its first example', () => {
    const fence = '```'
    write('packages/a/package.json', JSON.stringify({ bin: { 'a-server': './a.js' } }))
    const readme = (...lines: string[]): void =>
      write('packages/a/README.md', ['# A', `${fence}diff ts`, ...lines, fence].join('\n'))
    readme("+import { b } from 'b/c'", "-import { c } from 'c'", " import { join } from 'node:path'")
    expect(readmeBreaches(root)).toEqual([
      'packages/a/README.md: no `npm install` in it names @maskinporten-kit/a',
      'packages/a/README.md: no `npm install` in it names b',
    ])
    readme("+import { b } from 'b/c'", fence, 'Then `npm install @maskinporten-kit/a b`.', fence)
    expect(readmeBreaches(root)).toEqual([])
    const first = `<!-- before: declare const url: string -->\n\n${fence}ts\nconsole.log(url)\n${fence}\n`
    const installs = 'Then `npm install @maskinporten-kit/a`.\n'
    write('packages/a/README.md', installs + first)
    expect(readmeBreaches(root)).toEqual(['packages/a/README.md: its first example leans on what is not shown'])
    write('packages/a/README.md', `${installs}${fence}ts\nconst url = ''\n${fence}\n${first}`)
    expect(readmeBreaches(root)).toEqual([])
    write('README.md', 'Run `npx a-server`, after `npm install -D @maskinporten-kit/a`.')
    expect(readmeBreaches(root)).toEqual([
      'README.md: `npx a-server` without `npm install -D @maskinporten-kit/a` before it',
    ])
    // Another command, whose name begins the same.
    write('README.md', 'Run `npx a-server-of-others`.')
    expect(readmeBreaches(root)).toEqual([])
    write('README.md', 'After `npm install -D @maskinporten-kit/a`, run `npx a-server`.')
    expect(readmeBreaches(root)).toEqual([])
  })

  it('names each list that lacks a package', () => {
    const rules = (files: string, rule: string): object => ({ files: [files], rules: { [rule]: 'error' } })
    const lint = (names: string): void =>
      write(
        '.oxlintrc.json',
        `{\n  // A comment.\n"overrides": ${JSON.stringify([
          rules('packages/*/src/**/*.ts', 'no-restricted-imports'),
          rules('packages/*/test/**', 'house/no-disposal'),
          rules(`packages/{core,config-*${names}}/src/**/*.ts`, 'no-restricted-imports'),
          rules(`packages/{core${names}}/src/**/*.ts`, 'no-restricted-globals'),
          rules(`packages/{core${names}}/src/**/*.ts`, 'house/no-disposal'),
        ])} }`,
      )
    const written = (text: string): void => {
      write('CONTRIBUTING.md', `apps/a     an app\npackages/config-x\n${text && 'packages/got  an adapter'}`)
      write('README.md', `[\`config-x\`](packages/config-x)${text && ' [`got`](packages/got)'}`)
      write('scripts/size/budgets.ts', text && `[['core', 'got'], ['got']]`)
      lint(text && ',got')
    }
    for (const folder of ['packages/got', 'packages/config-x', 'apps/a']) write(`${folder}/package.json`, '{}')
    write('packages/config-x/src/index.ts', "import type { A } from '@maskinporten-kit/core/adapter'")
    write('packages/got/src/index.ts', "import {\n  bearers,\n} from '@maskinporten-kit/core/adapter'")
    written('')
    expect(mapBreaches(root)).toEqual([
      'CONTRIBUTING.md: "Where things are" has no line for packages/got',
      'README.md: "Packages" has no row for packages/got',
      '.oxlintrc.json: no override of no-restricted-imports names packages/got',
      '.oxlintrc.json: no override of no-restricted-globals names packages/got',
      '.oxlintrc.json: no override of house/no-disposal names packages/got',
      "scripts/size/budgets.ts: has no 'core with got'",
    ])
    written('got')
    expect(mapBreaches(root)).toEqual([])
  })

  describe('of the lockfile of this repository', () => {
    const whole = JSON.stringify(readYaml(join(import.meta.dirname, '..', '..', 'pnpm-lock.yaml')))
    /** What is missed once the packages of these names are gone. */
    const lackingWithout = (gone: RegExp): readonly string[] => {
      const lockfile: unknown = JSON.parse(whole, (name, value: unknown) => (gone.test(name) ? undefined : value))
      write('pnpm-lock.yaml', JSON.stringify(lockfile))
      return platformBreaches(root).map((one) =>
        one.replace(/^pnpm-lock.yaml: (\S+?)@\S+ has no binary for (\S+);.*/, '$1 $2'),
      )
    }

    it('has what every tool needs on every machine', () => {
      expect(lackingWithout(/^none$/)).toEqual([])
    })

    it('misses the others when it has one platform only, as after it was made anew on Linux', () => {
      expect(lackingWithout(/^@rolldown\/binding-(?!linux-x64-gnu)/)).toEqual(
        ['linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'].map((one) => `rolldown ${one}`),
      )
    })

    it.each([
      ['rolldown', /^@rolldown\/binding-/],
      ['turbo', /^@turbo\//],
      ['typescript', /^@typescript\/typescript-/],
      ['oxlint', /^@oxlint\/binding-/],
    ])('misses all when %s has none', (tool, bindings) => {
      const lacking = lackingWithout(bindings)
      expect(lacking).toHaveLength(6)
      expect(lacking).toContain(`${tool} linux-x64`)
    })
  })
})
