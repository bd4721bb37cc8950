// What the changesets would release, and what is wrong with that.
import { releasePlan } from './release/plan.ts'
import { releaseBreaches } from './release/release-breaches.ts'
import { unannounced } from './release/unannounced.ts'
import { publicPackages } from './workspace.ts'

const releases = await releasePlan()
const breaches = [...releaseBreaches(publicPackages(), releases), ...(await unannounced(releases))]
for (const { name, oldVersion, newVersion, type } of releases)
  console.log(`${name}: ${oldVersion} → ${newVersion} (${type})`)
for (const breach of breaches) console.error(breach)
if (breaches.length > 0) process.exitCode = 1
