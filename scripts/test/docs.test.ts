import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { fromEnv } from '../../packages/config-env/src/index.ts'
import { fromObject, settingsFrom } from '../../packages/core/src/index.ts'
import { groups } from '../../packages/cli/src/catalogue/catalogue.ts'
import { explanationOf } from '../../packages/cli/src/catalogue/explanation.ts'
import { entraErrorNames } from '../../packages/emulator/src/entra/error-table.ts'
import { vaultErrorNames } from '../../packages/emulator/src/key-vault/error-table.ts'
import {
  altinnAdvice,
  generalAdvice,
  selfServiceAdvice,
  texasAdvice,
  tokenAdvice,
  tokenErrorIds,
} from '../../packages/emulator/src/refusals.ts'
import { knownKeys } from '../../packages/core/src/settings/setting-names.ts'
import { catalogueBreaches, errorsPage, slugOf } from '../docs/errors-page.ts'
import { markdownTable } from '../docs/markdown-table.ts'
import { deadPaths } from '../docs/named-paths.ts'
import { codesUnder, raisedCodes } from '../docs/raised-codes.ts'
import { settingBreaches, settingsPage } from '../docs/settings-page.ts'
import { settingGroups } from '../docs/settings.ts'
import { root } from '../workspace.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A tree with one package `core` of this one file. */
function treeOf(source: string): string {
  const tree = mkdtempSync(join(tmpdir(), 'docs-'))
  folders.push(tree)
  const folder = join(tree, 'packages', 'core')
  mkdirSync(join(folder, 'src'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(folder, 'src', 'index.ts'), source)
  return tree
}

const detailsOf = (source: string): readonly string[] =>
  [...raisedCodes(new Set(['KEY_']), treeOf(source)).details.keys()].toSorted()

describe('the codes that sources raise', () => {
  it.each([
    ['a property', "fault({ detail: 'NO_TOKEN' }); warn({ code: 'ENV_BOM' })", ['ENV_BOM', 'NO_TOKEN']],
    ['one side of a condition', "const a = { detail: b ? 'REDIRECT' : undefined }", ['REDIRECT']],
    ['an argument of a known family', "refuse('KEY_IS_PATH', `text`)", ['KEY_IS_PATH']],
    ['a value that a type allows as detail', "interface F { detail: 'TLS' | 'PROXY' }", ['PROXY', 'TLS']],
    [
      'each text of a template',
      "warn(`KEY_UNWRAPPED_${a ? 'LIST' : b ? 'SET' : 'JSON'}`, 'x')",
      ['KEY_UNWRAPPED_JSON', 'KEY_UNWRAPPED_LIST', 'KEY_UNWRAPPED_SET'],
    ],
    ['not a template of unknown parts', 'warn(`KEY_${name}`)', []],
    ['not what is compared with', "if (code === 'KEY_IS_PATH') throw 1", []],
    ['not a type elsewhere', "type A = 'KEY_IS_PATH'", []],
    ['not a comment', "// 'KEY_IS_PATH' and { detail: 'A_B' }", []],
    ['not another text in capitals', "env['NO_PROXY']; call('POST')", []],
  ])('are %s', (_, source, expected) => {
    expect(detailsOf(source)).toEqual(expected)
  })

  it('are the members of the union', () => {
    const source = "export type MaskinportenErrorCode = 'closed' | 'timeout'"
    expect(raisedCodes(new Set(), treeOf(source)).codes).toEqual(['closed', 'timeout'])
  })
})

describe('the catalogue of errors', () => {
  it('has an entry for each code that is raised, and no other', () => {
    expect(catalogueBreaches()).toEqual([])
  })

  it('names a code that has no entry, and an entry that nobody raises', () => {
    const tree = treeOf("export type MaskinportenErrorCode = 'closed'\nrefuse('KEY_OF_TOMORROW', 'x')")
    const breaches = catalogueBreaches(tree)
    expect(breaches).toContain('KEY_OF_TOMORROW is raised, and has no entry: add one in packages/cli/src/catalogue')
    expect(breaches).toContain(
      'KEY_PUBLIC_ONLY has an entry, and no source raises it: take it out of packages/cli/src/catalogue',
    )
    expect(breaches).toContain(
      'timeout has an entry, and no source raises it: take it out of packages/cli/src/catalogue',
    )
  })

  it.each(['en', 'nb'] as const)('gives each code an anchor of its own name, once, in %s', (language) => {
    const anchors = [...errorsPage(language).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)
    expect(new Set(anchors).size).toBe(anchors.length)
    expect(anchors).toEqual(expect.arrayContaining(['settings_invalid', 'KEY_PUBLIC_ONLY', 'MP-200']))
  })

  it.each(['en', 'nb'] as const)('gives each group and each code its anchor, in %s', (language) => {
    const anchors = anchorsOf(errorsPage(language))
    const ids = groups.flatMap(({ id, entries }) => [id, ...Object.keys(entries)])
    expect(ids.filter((id) => !anchors.has(id))).toEqual([])
  })

  it('explains every code that doctor finds', () => {
    const codes = [...codesUnder(join(root, 'packages', 'cli', 'src', 'doctor'))]
    expect(codes.length).toBeGreaterThan(20)
    expect(codes.filter((code) => explanationOf(code)?.code !== code)).toEqual([])
  })

  it('explains every rule and every code of the emulator’s tables', () => {
    const advised = [altinnAdvice, selfServiceAdvice, tokenAdvice, texasAdvice, generalAdvice].flatMap(Object.keys)
    const rules = [...tokenErrorIds, ...entraErrorNames, ...vaultErrorNames, ...advised]
    expect(rules.filter((rule) => explanationOf(rule) === undefined)).toEqual([])
  })

  it('has an anchor for each code, detail and refusal that core can raise, in both languages', () => {
    const { codes, details } = raisedCodes(new Set(['CONFIG_', 'KEY_', 'KV_']))
    const raised = [...codes, ...details.keys(), ...tokenErrorIds]
    for (const language of ['en', 'nb'] as const) {
      const anchors = anchorsOf(errorsPage(language))
      expect(raised.filter((code) => !anchors.has(code))).toEqual([])
    }
  })

  it('links to headings and anchors that are there', async () => {
    const pages: Readonly<Record<string, string>> = {
      'en/reference/errors.md': errorsPage('en'),
      'nb/reference/errors.md': errorsPage('nb'),
      'en/reference/settings.md': await settingsPage(),
    }
    const dead = Object.entries(pages).flatMap(([name, page]) =>
      [...page.matchAll(/\]\(([\w./]*)(?:#([^)]+))?\)/g)]
        .filter(([, file = '', anchor]) => {
          const target = pages[file === '' ? name : posix.join(posix.dirname(name), file)]
          return target === undefined || (anchor !== undefined && !anchorsOf(target).has(anchor))
        })
        .map(([link]) => `${name}: ${link}`),
    )
    expect(dead).toEqual([])
  })
})

function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, text = '']) => slugOf(text))
  return new Set([...headings, ...[...page.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)])
}

describe('the catalogue of settings', () => {
  const entries = settingGroups.flatMap(({ settings }) => settings)

  it('has an entry for each name that core knows, and no other', () => {
    expect(settingBreaches()).toEqual([])
  })

  it('names variables that fromEnv reads under the key they stand for', async () => {
    const variables = [...(await settingsPage()).matchAll(/^\| `([^`]+)`.*?\| `(\w+)` +\|/gm)]
    const known = new Set(knownKeys('MaskinportenSettings').map((key) => key.toLowerCase()))
    expect(variables.length).toBe(known.size + 1)
    for (const [, name, variable = ''] of variables.filter(([, , one = '']) => !one.endsWith('Filepath'))) {
      const layer = await fromEnv({ env: { [variable]: 'x' } }).load({
        section: 'MaskinportenSettings',
        keys: [...known],
        earlier: new Map(),
        why: 'start',
        signal: new AbortController().signal,
        warn: () => {},
      })
      const [key = ''] = [...layer.keys()]
      expect([known.has(key), key.endsWith(String(name).toLowerCase())]).toEqual([true, true])
    }
  })

  it('knows the four secrets that a vault is asked for without an option', async () => {
    const asked = [...(await settingsPage()).matchAll(/`(MaskinportenSettings--\w+)` +\|$/gm)].map(
      ([, name = '']) => name,
    )
    expect(asked.toSorted()).toEqual(
      ['Authority', 'ClientId', 'EncodedJwk', 'JwkBase64'].map((name) => `MaskinportenSettings--${name}`),
    )
  })

  it.each(
    entries.flatMap(({ names, example, readBy }) =>
      example === undefined || readBy !== undefined ? [] : Object.keys(names).map((name) => [name, example] as const),
    ),
  )('core takes the example of %s: %s', async (name, example) => {
    const path = name.includes(':') || name.startsWith('MASKINPORTEN_') ? name : `MaskinportenSettings:${name}`
    const settings = settingsFrom([fromObject({ [path]: example })], {
      signer: { alg: 'RS256', kid: 'a', sign: async () => new Uint8Array() },
    })
    const problems = await settings.get().then(
      () => [],
      (error: { readonly problems?: readonly { readonly code: string; readonly message: string }[] }) =>
        error.problems ?? [error],
    )
    await settings.close()
    // What the other settings would say.
    expect(problems.filter((problem) => !('code' in problem && problem.code === 'CONFIG_MISSING'))).toEqual([])
  })
})

it('names the paths on a page that are not there', () => {
  const tree = treeOf('')
  writeFileSync(
    join(tree, 'PAGE.md'),
    '```\npackages/core  a\npackages/gone/src/  b\n```\n`packages/core/src/index.ts`, `apps/gone`',
  )
  expect(deadPaths(tree, ['PAGE.md'])).toEqual([
    'PAGE.md names packages/gone/src/, which is not there',
    'PAGE.md names apps/gone, which is not there',
  ])
})

it('writes tables as the formatter leaves them', () => {
  expect(markdownTable(['a', 'b'], [['one', 'x|y']])).toBe(
    [String.raw`| a   | b    |`, String.raw`| --- | ---- |`, String.raw`| one | x\|y |`].join('\n'),
  )
})

it('the pages in the tree are what the catalogue says now', async () => {
  const read = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8')
  expect(read('en/reference/errors.md') === errorsPage('en')).toBe(true)
  expect(read('nb/reference/errors.md') === errorsPage('nb')).toBe(true)
  expect(read('en/reference/settings.md') === (await settingsPage())).toBe(true)
})
