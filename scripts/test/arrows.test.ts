// What .oxlintrc.json draws, tried: each line below stands in a file of its own, and oxlint must name that file, or not.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../run-command.ts'
import { record, root } from '../workspace.ts'

const refused: readonly (readonly [room: string, code: string, why: string])[] = [
  ['core/src', `import { readFileSync } from 'node:fs'\nreadFileSync('x')`, 'Core imports jose by its subpaths'],
  ['core/src', `import { join } from 'path'\njoin('x')`, 'Core imports jose by its subpaths'],
  ['core/src', `export type A = import('node:fs').Stats`, 'type annotations are forbidden'],
  ['core/src', `export const a = (): unknown => import('node:os')`, 'Core imports jose by its subpaths'],
  ['core/src', `export const a = globalThis.process`, "Unexpected use of 'process'"],
  ['core/src', `export { a } from '@maskinporten-kit/fetch'`, 'Core imports jose by its subpaths'],
  ['core/src', `export type { A } from '@maskinporten-kit/config-env'`, 'Core imports jose by its subpaths'],
  ['core/src', `export { importJWK } from 'jose'`, 'Core imports jose by its subpaths'],
  ['core/src', `export { a } from 'axios'`, 'Core imports jose by its subpaths'],
  ['core/src/http', `export { a } from '../keys/a.ts'`, 'its own level and lower ones only'],
  ['core/src/http', `export { a } from '../grant/a.ts'`, 'its own level and lower ones only'],
  ['core/src/keys', `export { a } from '../settings/a.ts'`, 'its own level and lower ones only'],
  ['core/src/keys', `export type { A } from '../tokens/a.ts'`, 'its own level and lower ones only'],
  ['core/src/keys', `export { a } from '../maskinporten.ts'`, 'its own level and lower ones only'],
  ['core/src/sources', `export { a } from '../settings/a.ts'`, 'its own level and lower ones only'],
  ['core/src/sources', `export { a } from '../grant/a.ts'`, 'its own level and lower ones only'],
  ['core/src/settings', `export { a } from '../tokens/a.ts'`, 'its own level and lower ones only'],
  [
    'core/src/settings',
    `export const a = (): unknown => import('../tokens/a.ts')`,
    'its own level and lower ones only',
  ],
  ['core/src/grant', `export { a } from '../tokens/a.ts'`, 'its own level and lower ones only'],
  ['core/src/altinn', `export { a } from '../tokens/a.ts'`, 'its own level and lower ones only'],
  ['core/src/tokens', `export { a } from '../bound-source.ts'`, 'its own level and lower ones only'],
  ['fetch/src', `import { join } from 'path'\njoin('x')`, 'Prefer using the `node:` protocol'],
  ['axios/src', `export const a = (): unknown => import('node:os')`, 'An adapter runs anywhere fetch does'],
  ['ky/src', `export const a = process.env['A']`, "Unexpected use of 'process'"],
  ['ky/src', `export const a: unknown = require('@maskinporten-kit/axios')`, "Unexpected use of 'require'"],
  ['axios/src', `export { a } from '@maskinporten-kit/fetch'`, 'An adapter knows core only'],
  ['config-json/src', `export { a } from '@maskinporten-kit/config-env'`, 'A source knows core only'],
  ['cache-redis/src', `export { a } from '@maskinporten-kit/config-env'`, 'A store knows core only'],
  ['cache-redis/src', `import { join } from 'node:path'\njoin('x')`, 'A store runs anywhere its client does'],
  ['apis/src', `export type { A } from '@maskinporten-kit/fetch'`, 'The registry knows types of core only'],
  ['apis/src', `import { readFileSync } from 'node:fs'\nreadFileSync('x')`, 'The registry runs anywhere core does'],
  ['emulator/src', `export { a } from '@maskinporten-kit/core/adapter'`, 'must not share our client'],
  ['emulator/src', `export async function a(): Promise<void> {\n  await using b = c()\n}`, 'does not parse `using`'],
  ['config-env/src', `export function a(): void {\n  using b = c()\n}`, 'does not parse `using`'],
  ['config-env/src', `export * from './b.ts'`, 'type every name by hand'],
  ['config-env/src', `export * as b from './b.ts'`, 'type every name by hand'],
  ['config-env/src', `export const a = 1 as unknown as string`, 'narrow the type with a guard'],
  ['config-env/src', `export const a = await fetch('x')`, 'prevents this module from being loaded'],
  ['fresh/src', `export { a } from '@maskinporten-kit/core'`, 'stands in no list of what it may import'],
]

const allowed: readonly (readonly [room: string, code: string])[] = [
  [
    'core/src',
    [
      `// import 'node:fs' and process.env are only spoken of`,
      `import { base64url } from 'jose/util/base64url'`,
      `import type { B } from './b.ts'`,
      `export const a = { process: 'node:fs', key: (o: { process: B }): B => o.process, base64url }`,
      `export async function f(): Promise<void> {\n  await fetch('x')\n}`,
    ].join('\n'),
  ],
  ['core/src/keys', `export { a } from '../http/a.ts'\nexport { b } from '../errors.ts'`],
  ['core/src/tokens', `export { a } from '../grant/a.ts'\nexport { b } from '../settings/b.ts'`],
  ['fetch/src', `export { canSendAgain } from '@maskinporten-kit/core/adapter'`],
  ['config-json/src', `export { readFileSync } from 'node:fs'\nexport const cwd = process.cwd()`],
  ['apis/src', `export type { TokenKind } from '@maskinporten-kit/core'`],
  ['conformance/src', `export { a } from '@maskinporten-kit/core'\nexport { b } from '@maskinporten-kit/emulator'`],
]

function oneLine([room, code]: readonly string[]): string {
  return `in ${room}: ${(code ?? '').replaceAll(/\s+/g, ' ')}`
}

describe('the linter', () => {
  let tree: string
  /** File → what is said of it. */
  const said = new Map<string, string>()
  const pathOf = (room: string, name: string): string => `packages/${room}/${name}.ts`

  beforeAll(async () => {
    tree = mkdtempSync(join(tmpdir(), 'arrows-'))
    symlinkSync(join(root, 'scripts'), join(tree, 'scripts'), 'junction')
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(tree, path)), { recursive: true })
      writeFileSync(join(tree, path), `${text}\n`)
    }
    for (const [index, [room, code]] of refused.entries()) write(pathOf(room, `refused-${index}`), code)
    for (const [index, [room, code]] of allowed.entries()) write(pathOf(room, `allowed-${index}`), code)
    write('.oxlintrc.json', readFileSync(join(root, '.oxlintrc.json'), 'utf8'))
    const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')
    const { output } = await runCommand([process.execPath, oxlint, '--format=json', 'packages'], { cwd: tree })
    const report: unknown = JSON.parse(output.slice(output.indexOf('{')))
    for (const one of Object.values(record(record(report)['diagnostics'])).map(record)) {
      const path = String(one['filename']).replaceAll('\\', '/')
      said.set(path, `${said.get(path) ?? ''}${String(one['message'])} ${String(one['help'])}\n`)
    }
  }, 60_000)
  afterAll(() => rmSync(tree, { recursive: true }))

  it.each(refused.map((one, index) => [oneLine(one), ...one, index] as const))(
    'refuses %s',
    (_, room, _code, why, index) => {
      expect(said.get(pathOf(room, `refused-${index}`))).toContain(why)
    },
  )

  it.each(allowed.map((one, index) => [oneLine(one), ...one, index] as const))(
    'lets stand %s',
    (_, room, _code, index) => {
      expect(said.get(pathOf(room, `allowed-${index}`))).toBeUndefined()
    },
  )
})
