// What the source of the packages does against the map of the house, one sentence each.
import { existsSync, readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, join, relative, sep } from 'node:path'
import { scope } from '../workspace.ts'
import { rooms, type Room } from './arrows.ts'
import { readSourceFile } from './source-file.ts'

const VAGUE = /^(utils?|helpers?|common|misc|types|shared)\.ts$/
const SILENCED = /(oxlint|eslint)-disable|@ts-(ignore|nocheck)/

export function sourceBreaches(root: string): readonly string[] {
  const packages = readdirSync(join(root, 'packages'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return packages.flatMap(({ name }) => {
    const room = rooms[name]
    if (room === undefined) return [`packages/${name}: no room in scripts/structure/arrows.ts; draw what it may know`]
    return filesUnder(join(root, 'packages', name, 'src')).flatMap((path) => fileBreaches(root, path, name, room))
  })
}

function fileBreaches(root: string, path: string, name: string, room: Room): readonly string[] {
  const file = readSourceFile(path)
  const shown = relative(root, path).split(sep).join('/')
  const found = [
    ...file.imports.flatMap(({ line, text }) => importBreach(text, name, room).map((why) => ({ line, why }))),
    ...file.starExports.map(({ line }) => ({ line, why: '`export *` hides what is public; type every name by hand' })),
    ...file.doubleCasts.map(({ line }) => ({ line, why: '`as unknown as` proves nothing; narrow with a guard' })),
    // The exams run by vitest only, which compiles them.
    ...(name === 'conformance' ? [] : file.disposals).map(({ line, text }) => ({
      line,
      why: `Node 22 does not parse \`${text}\`, and sources also run as they are; write try and finally`,
    })),
    ...file.topLevelAwaits.map(({ line }) => ({ line, why: 'top-level await keeps `require()` from loading it' })),
    ...file.comments
      .filter(({ text }) => SILENCED.test(text))
      .map(({ line, text }) => ({ line, why: `a check is silenced (${text}); mend what it says` })),
    ...file.globals
      .filter(({ text }) => room.anywhere === true && /^(process|Buffer|__dirname|__filename)$/.test(text))
      .map(({ line, text }) => ({ line, why: `${name} runs anywhere fetch does, and \`${text}\` is Node's alone` })),
  ].map(({ line, why }) => `${shown}:${line}: ${why}`)
  if (VAGUE.test(basename(path))) found.push(`${shown}: the name says nothing; name it for its one thing`)
  return found
}

function importBreach(specifier: string, name: string, room: Room): readonly string[] {
  if (specifier.startsWith('.')) return []
  if (isBuiltin(specifier)) {
    return room.anywhere === true ? [`${name} runs anywhere fetch does, and \`${specifier}\` is Node's alone`] : []
  }
  if (specifier.startsWith(scope)) {
    const other = specifier.slice(scope.length).split('/')[0] ?? ''
    if (specifier === `${scope}core/internal` && room.anywhere !== true) return [`only adapters share \`${specifier}\``]
    return room.knows.includes(other) ? [] : [`${name} may not know ${other} (\`${specifier}\`)`]
  }
  const refused = room.foreign !== undefined && !room.foreign.test(specifier)
  return refused ? [`${name} may import ${String(room.foreign)} only, not \`${specifier}\``] : []
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
}
