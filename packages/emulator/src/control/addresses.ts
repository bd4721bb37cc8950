/** Where an emulator is, as the command and the control endpoint tell it. */
import type { Emulator, EmulatorAsTest } from '../emulator.ts'
import type { JsonObject } from '../json.ts'
import type { ProxyEnvironment } from '../network/test-environment.ts'

/** A page in a browser cannot send it to another origin without asking first, and is not allowed when it asks. */
export const controlHeader = 'x-maskinporten-emulator'

export function addresses(emulator: Emulator): JsonObject {
  const environment = environmentOf(emulator)
  return {
    maskinporten: emulator.maskinporten.url,
    issuer: emulator.maskinporten.issuer,
    altinn: emulator.altinn.url,
    register: emulator.register.url,
    keyVault: emulator.keyVault.url,
    entra: emulator.entra.url,
    tenantId: emulator.entra.tenantId,
    selfService: emulator.selfService.url,
    texas: emulator.texas.url,
    control: emulator.control.url,
    ca: emulator.ca,
    ...(environment ? { environment } : {}),
  }
}

/** The variables that lead to its proxy, of one that speaks as 'test'. */
export function environmentOf(emulator: Emulator | EmulatorAsTest): ProxyEnvironment | undefined {
  return 'environment' in emulator ? emulator.environment : undefined
}
