/** What .NET's own configuration made of layers: the cases, for each source and for core's merge. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface DotnetLayer {
  readonly type: 'json' | 'env' | 'vault'
  /** Of a JSON file. */
  readonly text?: string
  /** Environment variables. */
  readonly vars?: Readonly<Record<string, string>>
  readonly prefix?: string
  /** Secrets of a vault. */
  readonly secrets?: Readonly<Record<string, string>>
}

export interface DotnetCase {
  readonly name: string
  /** Lowest first. */
  readonly sources: readonly DotnetLayer[]
  readonly flat?: Readonly<Record<string, string | null>>
  /** The exception that .NET throws instead. */
  readonly error?: string
}

/** Asked of .NET 10. Connection strings' prefixes are .NET's own affair and left out. */
export function dotnetCases(): readonly DotnetCase[] {
  const file = fileURLToPath(new URL('../fixtures/dotnet-configuration.json', import.meta.url))
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!hasCases(read)) throw new TypeError(`${file} holds no cases`)
  return read.cases.filter(({ name }) => name !== 'env connection string prefix')
}

const hasCases = (read: unknown): read is { readonly cases: readonly DotnetCase[] } =>
  typeof read === 'object' && read !== null && 'cases' in read && Array.isArray(read.cases)
