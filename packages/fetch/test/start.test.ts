import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Whether Node has loaded its own fetch, which it does when a part of it is first used. */
const script = `
const isLoaded = () => process.moduleLoadList.some((name) => name.endsWith('internal/deps/undici/undici'))
const { createMaskinporten } = await import('@maskinporten-kit/core')
const { maskinportenFetch } = await import('@maskinporten-kit/fetch')
const steps = [isLoaded()]
const send = maskinportenFetch(createMaskinporten({}), { allow: 'https://api.example' })
steps.push(isLoaded())
await send('https://api.example/').catch(() => undefined)
new Headers()
steps.push(isLoaded())
console.log(JSON.stringify(steps))
`

it('importing and creating one costs no start-up: Node’s own fetch is loaded at the first call', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@maskinporten-kit/source', '--input-type=module', '--eval', script],
    { cwd: fileURLToPath(new URL('..', import.meta.url)) },
  )
  expect(JSON.parse(stdout)).toEqual([false, false, true])
})
