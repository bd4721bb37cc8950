// What the changesets would release, and what is wrong with that.
import { releaseBreaches, releasePlan, unannounced } from './release/releases.ts'
import { publicPackages } from './workspace.ts'

const releases = await releasePlan()
for (const { name, oldVersion, newVersion, type } of releases)
  console.log(`${name}: ${oldVersion} → ${newVersion} (${type})`)
const breaches = [...releaseBreaches(publicPackages(), releases), ...(await unannounced(releases))]
for (const breach of breaches) console.error(breach)
if (breaches.length > 0) process.exitCode = 1
