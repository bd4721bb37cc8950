import { createMaskinporten, isMaskinportenError } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { tokenErrorIds } from '@maskinporten-kit/emulator/refusals'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf } from '../../src/explain/code-of.ts'
import { findCodes } from '../../src/explain/find-codes.ts'

let emulator: Emulator
let settings: EmulatedClient['settings']
beforeAll(async () => {
  emulator = await startEmulator()
  ;({ settings } = await emulator.registerClient({ scopes: ['a:b'] }))
})
afterAll(() => emulator.close())

/** What core makes of this refusal. */
async function refusedBy(id: string) {
  emulator.faults.next('token', { error: id, times: 'forever' })
  const maskinporten = createMaskinporten(settings)
  try {
    const error: unknown = await maskinporten.getToken().catch((thrown: unknown) => thrown)
    if (!isMaskinportenError(error)) throw error
    return error
  } finally {
    emulator.faults.clear('token')
    await maskinporten.close()
  }
}

describe('each refusal of Maskinporten, as core tells it', () => {
  it.each(tokenErrorIds)('%s is found in the error, in what prints of it, and in its message', async (id) => {
    const error = await refusedBy(id)
    expect(codeOf(error)).toBe(id)
    for (const pasted of [inspect(error), error.message, `Error: ${error.message}\n    at main (/app/index.js:1:1)`])
      expect({ pasted, codes: findCodes(pasted).explanations.map(({ code }) => code) }).toEqual({ pasted, codes: [id] })
    expect(findCodes(error.message).traceId).toBe(error.traceId)
  })
})
