// What somebody who copies from a README would run into: a package that no line told them to install, a command that npx
// would look for on the registry under a name that is not ours, or a first example that leans on what is not shown.
import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { packageName, publicPackages, record } from '../workspace.ts'

export function readmeBreaches(root: string): readonly string[] {
  const packages = publicPackages(root)
  const commands = packages.flatMap(({ name, manifest }) =>
    Object.keys(record(manifest['bin'])).map((command) => ({ command, name })),
  )
  return [{ name: undefined, folder: root }, ...packages].flatMap(({ name, folder }) => {
    const path = join(folder, 'README.md')
    if (!existsSync(path)) return []
    // What stands in comments is not shown.
    const whole = readFileSync(path, 'utf8')
    const text = whole.replaceAll(/<!--[^]*?-->/g, '')
    const needed = new Set([...(name === undefined ? [] : [name]), ...importedPackages(text)])
    const found = [...needed]
      .filter((one) => !installed(text).has(one))
      .map((one) => `no \`npm install\` in it names ${one}`)
    const [beforeFirst = ''] = whole.split(/^```(?:diff )?ts\b/m)
    if (/<!-- before:(?:(?!-->)[^])*-->\s*$/.test(beforeFirst))
      found.push('its first example leans on what is not shown')
    for (const one of commands) {
      const at = text.search(new RegExp(`npx (?:-\\S+ )*${one.command}(?![\\w-])`))
      if (at >= 0 && !installed(text.slice(0, at)).has(one.name))
        found.push(`\`npx ${one.command}\` without \`npm install -D ${one.name}\` before it`)
    }
    return found.map((why) => `${relative(root, path)}: ${why}`)
  })
}

/** The packages that its code imports, the lines that a diff takes away excepted. */
export function importedPackages(text: string): readonly string[] {
  return [...text.matchAll(/^[+ ]?import .*? from '([^.'][^']*)'$/gm)]
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !isBuiltin(specifier))
    .map(packageName)
}

function installed(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/npm install ([^`\n]+)/g)].flatMap(([, words = '']) => words.trim().split(/\s+/)))
}
