export { fromAppSettings } from './from-app-settings.ts'
export type { AppSettingsOptions } from './from-app-settings.ts'
export { fromJsonFile } from './from-json-file.ts'
export type { JsonFileOptions } from './from-json-file.ts'
