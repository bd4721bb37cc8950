import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { releaseBreaches, releasePlan, unannounced, versionTree, type Release } from '../release/releases.ts'
import { publicPackages, readJson, root } from '../workspace.ts'

let tree: string

/** The manifests of this repository, as they will be once everything is released. */
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'releases-'))
  write('pnpm-workspace.yaml', 'packages:\n  - packages/*\n')
  write('package.json', '{ "name": "tree", "private": true }')
  write('.changeset/config.json', JSON.stringify(readJson(join(root, '.changeset', 'config.json'))))
  for (const { short, manifest } of publicPackages()) {
    const { devDependencies: _, ...rest } = manifest
    write(`packages/${short}/package.json`, JSON.stringify({ ...rest, version: '1.2.3' }))
  }
})
afterEach(() => {
  rmSync(tree, { recursive: true })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), text)
}

/** The versions that one changeset leads to. */
async function released(changes: Readonly<Record<string, string>>): Promise<readonly Release[]> {
  const lines = Object.entries(changes).map(([name, type]) => `'@maskinporten-kit/${name}': ${type}`)
  write('.changeset/one.md', `---\n${lines.join('\n')}\n---\n\nA change.\n`)
  return releasePlan(tree)
}

function versions(releases: readonly Release[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    releases.map(({ name, newVersion }) => [name.replace('@maskinporten-kit/', ''), newVersion]),
  )
}

describe('a changeset', () => {
  it('for ky alone moves ky alone', async () => {
    expect(versions(await released({ ky: 'minor' }))).toEqual({ ky: '1.3.0' })
  })

  it('for a minor of core leaves the adapters where they are', async () => {
    expect(versions(await released({ core: 'minor' }))).toMatchObject({ core: '1.3.0' })
    expect(Object.keys(versions(await released({ core: 'minor' })))).not.toContain('fetch')
  })

  it('for a major of core is refused while one that has it as a peer gets a silent patch', async () => {
    const releases = await released({ core: 'major', fetch: 'major', axios: 'major' })
    expect(versions(releases)).toMatchObject({ core: '2.0.0', fetch: '2.0.0', ky: '1.2.4' })
    const breaches = releaseBreaches(publicPackages(tree), releases)
    expect(breaches).toContainEqual(
      expect.stringMatching(/^@maskinporten-kit\/ky: a major of @maskinporten-kit\/core, its peer/),
    )
    expect(breaches.join('\n')).not.toContain('@maskinporten-kit/fetch: a major')
  })

  it('for a major of core and of all that have it as a peer is accepted', async () => {
    const peers = publicPackages(tree).filter(
      ({ manifest }) => '@maskinporten-kit/core' in Object(manifest['peerDependencies']),
    )
    const releases = await released(
      Object.fromEntries(['core', ...peers.map(({ short }) => short)].map((name) => [name, 'major'])),
    )
    expect(peers.length).toBeGreaterThan(5)
    expect(releaseBreaches(publicPackages(tree), releases)).toEqual([])
  })

  it('must come with a package that was never released, and must make it 1.0.0', async () => {
    write('packages/fetch/package.json', JSON.stringify({ name: '@maskinporten-kit/fetch', version: '0.0.0' }))
    expect(releaseBreaches(publicPackages(tree), await released({ ky: 'patch' }))).toEqual([
      expect.stringContaining('@maskinporten-kit/fetch: was never released and has no changeset'),
    ])
    expect(releaseBreaches(publicPackages(tree), await released({ fetch: 'minor' }))).toEqual([
      expect.stringContaining('@maskinporten-kit/fetch: would become 0.1.0; every package starts at 1.0.0'),
    ])
  })
})

describe('the rehearsal', { timeout: 60_000 }, () => {
  const version = (): unknown => readJson(join(tree, 'packages', 'ky', 'package.json'))['version']
  beforeEach(() => {
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'), 'junction')
  })

  it('leaves a tree as it is that has no changesets, as after each release', async () => {
    expect(await releasePlan(tree)).toEqual([])
    await versionTree(tree)
    expect(version()).toBe('1.2.3')
  })

  it('versions what the changesets name', async () => {
    await released({ ky: 'minor' })
    await versionTree(tree)
    expect(version()).toBe('1.3.0')
  })
})

describe('a changed api.md', () => {
  const minor: Release = { name: '@maskinporten-kit/ky', type: 'minor', oldVersion: '1.2.3', newVersion: '1.3.0' }
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: tree, encoding: 'utf8', stdio: 'pipe' })

  it('needs a changeset of its package once that was released', async () => {
    write('packages/ky/api.md', 'export const a: number')
    git('init', '-q')
    git('add', '-A')
    git('-c', 'user.name=a', '-c', 'user.email=a@localhost', '-c', 'commit.gpgsign=false', 'commit', '-qm', 'Release')
    write('packages/ky/api.md', 'export const b: number')
    expect(await unannounced([], tree)).toEqual([])
    git('-c', 'tag.gpgsign=false', 'tag', '@maskinporten-kit/ky@1.2.3')
    expect(await unannounced([{ ...minor, type: 'patch' }], tree)).toEqual([
      expect.stringContaining('packages/ky/api.md differs from @maskinporten-kit/ky@1.2.3, and no changeset says so'),
    ])
    expect(await unannounced([minor], tree)).toEqual([])
    write('packages/ky/api.md', 'export const a: number')
    expect(await unannounced([], tree)).toEqual([])
  })
})
