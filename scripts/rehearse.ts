// Versions and packs into .release/ what would be published. `npm run release:dry` also installs from there.
import { rehearse } from './release/rehearsal.ts'

for (const { name, version, path } of await rehearse()) console.log(`${name}@${version}  ${path}`)
