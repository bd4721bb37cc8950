// The map of the house, enforced. Says every breach it finds and exits 1, or nothing and 0.
import { dirname } from 'node:path'
import { sourceBreaches } from './structure/breaches.ts'
import { manifestBreaches } from './structure/manifest-breaches.ts'

const root = process.argv[2] ?? dirname(import.meta.dirname)
const breaches = [...sourceBreaches(root), ...manifestBreaches(root)]
for (const breach of breaches) console.error(breach)
if (breaches.length > 0) process.exitCode = 1
