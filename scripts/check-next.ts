// The packed packages in real Next.js apps, whose `fetch` keeps answers on disk: pages and a route handler are built and
// opened, nothing of a token is kept, and the API's own answer is, where a page asks for that.
import { examineNext, type NextVersion } from './consumers/next-app.ts'
import { installTools } from './consumers/tools.ts'
import { inTurn } from './in-turn.ts'
import { packedTarballs } from './release/rehearsal.ts'

const tools = await installTools()
const oldest = tools.runtimes.find(({ isNode }) => isNode)?.command[0] ?? process.execPath
const asked = { plain: 0, revalidated: 0, dynamic: 2, asked: 1, route: 2 }
const versions: readonly NextVersion[] = [
  // Next.js 14 caches by default, under `force-dynamic` too.
  { next: '14.2.35', react: '18.3.1', node: oldest, asked: { ...asked, dynamic: 1 } },
  { next: '16.4.6', react: '19.3.1', node: process.execPath, asked },
]
const tarballs = packedTarballs()
const found = (await inTurn(versions.map((version) => () => examineNext(version, tarballs)))).flat()
for (const line of found) console.error(line)
if (found.length > 0) process.exitCode = 1
console.log(versions.map(({ next }) => `Next.js ${next}`).join(', '))
