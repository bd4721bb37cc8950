import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromAppSettings, fromDirectory, fromJsonFile } from '@maskinporten-kit/config-json'
import { configSourceExam } from '@maskinporten-kit/conformance'
import { temporaryFolder } from './temporary-folder.ts'

configSourceExam('fromJsonFile', (values, section) => {
  const folder = temporaryFolder()
  const path = join(folder, 'settings.json')
  const put = (all: object): void => writeFileSync(path, JSON.stringify({ [section]: all }))
  put(values)
  return { source: fromJsonFile(path), change: put, close: () => rmSync(folder, { recursive: true }) }
})

configSourceExam('fromAppSettings', (values, section) => {
  const folder = temporaryFolder()
  const put = (all: object): void =>
    writeFileSync(join(folder, 'appsettings.Test.json'), JSON.stringify({ [section]: all }))
  writeFileSync(join(folder, 'appsettings.json'), '{ "Logging": { "LogLevel": "Information" } }')
  put(values)
  return {
    source: fromAppSettings({ directory: folder, environment: 'test' }),
    change: put,
    close: () => rmSync(folder, { recursive: true }),
  }
})

configSourceExam('fromDirectory', (values, section) => {
  const folder = temporaryFolder()
  const put = (all: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(all))
      writeFileSync(join(folder, `${section}:${name}`.replaceAll(':', '__')), value)
  }
  put(values)
  return { source: fromDirectory(folder), change: put, close: () => rmSync(folder, { recursive: true }) }
})
