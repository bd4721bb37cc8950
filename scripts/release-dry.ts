// `npm run release:dry`: versions and packs what would be published, into .release/, and says what it would be.
import { rehearse } from './release/rehearsal.ts'

for (const { name, version, path } of await rehearse()) console.log(`${name}@${version}  ${path}`)
