// The packed packages in real Next.js apps, whose `fetch` keeps answers on disk: pages and a route handler are built and
// opened, nothing of a token is kept, and the API's own answer is, where a page asks for that.
import { join } from 'node:path'
import { it } from 'vitest'
import { mustRun } from '../run-command.ts'
import { verifiedNode } from '../verified-node.mjs'
import { type Emulator, startEmulator } from './emulator.ts'
import { keptIn } from './kept.ts'
import { createProject } from './project.ts'
import { start } from './started.ts'

/** The oldest that packages' `engines` allow. */
const oldest = (await verifiedNode('22.23.3')) ?? process.execPath
/** How often each page's request reaches Storage when it is opened twice after the build. */
const asked = { plain: 0, revalidated: 0, dynamic: 2, asked: 1, route: 2 }

it.concurrent.for([
  // It caches by default, under `force-dynamic` too.
  { next: '14.2.35', react: '18.3.1', node: oldest, asked: { ...asked, dynamic: 1 } },
  { next: '16.4.6', react: '19.3.1', node: process.execPath, asked },
])('an app of Next.js $next takes one token, and keeps nothing of it', async (version, { expect, onTestFinished }) => {
  const { next, react } = version
  const ours = ['core', 'fetch', 'config-env', 'emulator']
  const { folder, remove } = await createProject('next', ours, { next, react, 'react-dom': react })
  onTestFinished(remove)
  const emulator = await startEmulator(folder)
  onTestFinished(emulator.stop)
  const instance = await emulator.submit()
  const env = environment(emulator)
  const command = [version.node, join(folder, 'node_modules', 'next', 'dist', 'bin', 'next')]
  await mustRun([...command, 'build'], { cwd: folder, env })
  await emulator.forget()

  const ready = /(http:\/\/(?:localhost|127\.0\.0\.1):[1-9]\d*)[^]*ready/i
  const app = await start([...command, 'start', '--port', '0', '--hostname', '127.0.0.1'], ready, { cwd: folder, env })
  onTestFinished(app.stop)
  for (const path of ['/', '/revalidated', '/dynamic', '/asked', '/api'].flatMap((one) => [one, one])) {
    const answer = await fetch(`${app.said}${path}`)
    expect.soft(await answer.text(), `${path}, answered ${answer.status}`).toContain(instance)
  }
  await app.stop()
  expect.soft(await emulator.grants(), 'requests of all pages together to Maskinporten').toBe(1)
  const pages = await emulator.pages()
  for (const [page, right] of Object.entries(version.asked))
    expect
      .soft(
        pages.filter((one) => one === page),
        `requests to Storage of the page ${page}`,
      )
      .toHaveLength(right)

  const answers = 'the answer of Storage'
  const kept = keptIn(join(folder, '.next'), {
    'a token or an assertion': /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/,
    'a request to Maskinporten or its metadata': new RegExp(`${new URL(emulator.maskinporten).host}\\b`),
    'a request to the exchange': new RegExp(`${new URL(emulator.altinn).host}/authentication`),
    [answers]: new RegExp(instance),
  })
  expect
    .soft(
      kept.filter(({ what }) => what !== answers),
      'what .next keeps',
    )
    .toEqual([])
  // Else the search finds nothing because it does not search.
  const cached = kept.filter(({ what, file }) => what === answers && /fetch-cache/.test(file))
  expect.soft(cached, 'answers of Storage in .next/cache, which a page asked for').not.toEqual([])
})

function environment({ altinn, settings }: Emulator): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`MaskinportenSettings__${name}`, String(value)]),
    ),
    ALTINN: altinn,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    // Else it asks the registry which binaries the lockfile, that is not there, lacks.
    NEXT_IGNORE_INCORRECT_LOCKFILE: '1',
  }
}
