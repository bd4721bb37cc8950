// What plain JavaScript may give as a path.
import { fromAppSettings, fromDirectory, fromJsonFile } from '@maskinporten-kit/config-json'
import { expect, it } from 'vitest'

it.each<[string, (path: never) => unknown, unknown, string]>([
  ['fromDirectory', fromDirectory, undefined, 'fromDirectory takes the path of a folder as text; it got undefined'],
  ['fromDirectory', fromDirectory, 5, 'it got a number'],
  ['fromDirectory', fromDirectory, '', 'it got an empty text'],
  ['fromJsonFile', fromJsonFile, undefined, 'fromJsonFile takes the path of a file as text; it got undefined'],
  ['fromJsonFile', fromJsonFile, new URL('file:///a.json'), 'it got an object'],
  ['fromJsonFile', fromJsonFile, null, 'it got null'],
  [
    'fromAppSettings',
    (directory) => fromAppSettings({ directory }),
    5,
    'the directory of fromAppSettings takes the path of a folder as text; it got a number',
  ],
])('%s of %j gets a sentence', (_, make, path, says) => {
  const use = make as (path: unknown) => unknown
  expect(() => use(path)).toThrow(TypeError)
  expect(() => use(path)).toThrow(says)
})
