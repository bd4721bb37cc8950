// What holds for the whole tree. Says every breach it finds and exits 1, or nothing and 0.
import { sourceBreaches } from './structure/breaches.ts'
import { manifestBreaches } from './structure/manifest-breaches.ts'
import { mapBreaches } from './structure/map-breaches.ts'
import { platformBreaches } from './structure/platform-breaches.ts'
import { readmeBreaches } from './structure/readme-breaches.ts'
import { workflowBreaches } from './structure/workflow-breaches.ts'
import { root } from './workspace.ts'

const breaches = [
  ...sourceBreaches(root),
  ...manifestBreaches(root),
  ...workflowBreaches(root),
  ...platformBreaches(root),
  ...readmeBreaches(root),
  ...mapBreaches(root),
]
for (const breach of breaches) console.error(breach)
if (breaches.length > 0) process.exitCode = 1
