// What the last rehearsal packed.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { publicPackages, readJson, root } from '../workspace.ts'

export const rehearsalFolder: string = join(root, '.release', 'rehearsal')
export const tarballFolder: string = join(root, '.release', 'tarballs')

export interface Tarball {
  readonly name: string
  readonly short: string
  readonly version: string
  readonly path: string
}

export function packedTarballs(): readonly Tarball[] {
  if (!existsSync(tarballFolder)) throw new Error('nothing is packed yet; run `npm run check -- rehearsal` first')
  return publicPackages(rehearsalFolder).map(({ name, short, folder }) => {
    const version = String(readJson(join(folder, 'package.json'))['version'])
    const file = readdirSync(tarballFolder).find((one) => one === `maskinporten-kit-${short}-${version}.tgz`)
    if (file === undefined) throw new Error(`${name}@${version} was not packed; run \`npm run check -- rehearsal\``)
    return { name, short, version, path: join(tarballFolder, file) }
  })
}
