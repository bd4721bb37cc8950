/** Where an emulator is, as the command and the control endpoint tell it. */
import type { Emulator } from './emulator.ts'
import type { JsonObject } from './json.ts'

/** A page in a browser cannot send it to another origin without asking first, and is not allowed when it asks. */
export const controlHeader = 'x-maskinporten-emulator'

export function addresses(emulator: Emulator): JsonObject {
  return {
    maskinporten: emulator.maskinporten.url,
    issuer: emulator.maskinporten.issuer,
    altinn: emulator.altinn.url,
    register: emulator.register.url,
    keyVault: emulator.keyVault.url,
    entra: emulator.entra.url,
    tenantId: emulator.entra.tenantId,
    selfService: emulator.selfService.url,
    control: emulator.control.url,
    ca: emulator.ca,
  }
}
