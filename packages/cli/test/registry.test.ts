import { apis } from '@maskinporten-kit/apis'
import { expect, test } from 'vitest'
import { inProcess } from './in-process.ts'

const scope = 'altinn:serviceowner/instances.read'

test('apis lists all, those of a word, or all that is known of one', async () => {
  const all = await inProcess(['apis', '--json'])
  expect((JSON.parse(all.stdout) as readonly unknown[]).length).toBe(apis.length)
  const lines = (await inProcess(['apis', 'altinn/'])).stdout.trim().split('\n')
  expect(lines.length).toBe(apis.filter(({ id }) => id.includes('altinn/')).length)
  const one = await inProcess(['apis', 'Altinn/Storage'])
  expect([one.code, one.stdout]).toEqual([0, expect.stringMatching(/^altinn\/storage  /)])
  for (const part of [scope, 'https://platform.altinn.no/storage/api/v1', 'altinn', 'docs'])
    expect(one.stdout).toContain(part)
  const norwegian = await inProcess(['apis', 'altinn/storage', '--lang', 'nb'])
  expect(norwegian.stdout).toContain('dokumentasjon')
})

test('scopes finds by name and by meaning, with API, and names the nearest one', async () => {
  const found = JSON.parse((await inProcess(['scopes', scope, '--json'])).stdout) as readonly object[]
  expect(found).toContainEqual(expect.objectContaining({ api: 'altinn/storage', name: scope, access: 'read' }))
  expect((await inProcess(['scopes', scope.toUpperCase()])).stdout).toContain(scope)
  const near = await inProcess(['scopes', scope.replace('instances', 'instanses')])
  expect([near.code, near.stdout, near.stderr]).toEqual([1, '', expect.stringContaining(`did you mean ${scope}`)])
})
