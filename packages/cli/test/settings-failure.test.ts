import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProcess } from './in-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('settings that cannot be used, in bokmål', () => {
  it('says what is missing, and where to set it', async () => {
    const { code, stderr } = await inProcess(['token', '--settings', folder, '--lang', 'nb'])
    expect(code).toBe(3)
    expect(stderr).toMatch(/MaskinportenSettings:ClientId \(.*\) mangler i alle kildene\. Sett den i/)
    expect(stderr).not.toMatch(/\b(?:missing|is not set|set it)\b/i)
  })

  it('says of a file that is not JSON where it is broken', async () => {
    await writeFile(join(folder, 'appsettings.json'), '{ "MaskinportenSettings": { ')
    const { code, stderr } = await inProcess(['call', 'altinn/storage', '--settings', folder, '--lang', 'nb'])
    expect(code).toBe(3)
    expect(stderr).toMatch(/appsettings\.json\S* er ikke gyldig JSON/)
  })

  it('keeps core’s own words in English', async () => {
    const { stderr } = await inProcess(['call', 'altinn/storage', '--settings', folder, '--lang', 'en'])
    expect(stderr).toContain('JSON')
    expect(stderr).not.toContain('gyldig')
  })
})
