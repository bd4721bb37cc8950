/** What a start loads: less than it could, since each module costs a test of somebody's a millisecond of processor time. */
import { expect, test } from 'vitest'
import { runFile } from './run-node.ts'

const timeout = 60_000

/** Tells of each file of the emulator and of each package what was loaded, when the code has run. */
const told = `
  import { registerHooks } from 'node:module'
  const loaded = new Set()
  registerHooks({
    load(url, context, next) {
      loaded.add(/packages\\/emulator\\/src\\/(.*)$/.exec(url)?.[1] ?? /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1] ?? url)
      return next(url, context)
    },
  })
  const { startEmulator } = await import('@maskinporten-kit/emulator')
  const emulator = await startEmulator()
  const atStart = [...loaded]
  await CALL
  console.log(JSON.stringify({ atStart, later: [...loaded].filter((one) => !atStart.includes(one)) }))
  await emulator.close()`

async function loadedBy(
  call: string,
): Promise<{ readonly atStart: readonly string[]; readonly later: readonly string[] }> {
  const source = told.replace('CALL', () => call)
  const args = ['--conditions=@maskinporten-kit/source', '--input-type=module', '--eval', source]
  const { printed, errors } = await runFile(process.execPath, args, {})
  expect(errors).toBe('')
  return JSON.parse(printed)
}

test('a start loads no page, no self-service, no Texas and no reader of configurations', { timeout }, async () => {
  const { atStart, later } = await loadedBy('emulator.registerClient({ scopes: ["a:b"] })')
  const rooms = new Set(atStart.filter((one) => one.endsWith('.ts')).map((one) => one.split('/')[0]))
  expect([...rooms].filter((room) => ['self-service', 'texas'].includes(room ?? ''))).toEqual(['texas'])
  expect(atStart.filter((one) => one.startsWith('texas/'))).toEqual(['texas/clients.ts', 'texas/token-cache.ts'])
  expect(atStart.filter((one) => one.startsWith('page/') || one === 'jsonc-parser')).toEqual([])
  expect(later).toEqual([])
})

test('they are loaded when they are called', { timeout }, async () => {
  const page = await loadedBy('fetch(emulator.control.url)')
  expect(page.later).toContain('page/service.ts')
  const selfService = await loadedBy('fetch(`${emulator.selfService.url}/scopes/all`)')
  expect(selfService.later).toContain('self-service/app.ts')
  const texas = await loadedBy('fetch(emulator.texas.tokenEndpoint, { method: "POST" })')
  expect(texas.later).toContain('texas/app.ts')
})
