// One instance for all requests, made by the first one.
import { env } from 'cloudflare:workers'
import { createMaskinporten, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { answer } from './answer.js'

let maskinporten

export default {
  fetch() {
    return answer(() => {
      const settings = settingsFrom([fromObject({ MaskinportenSettings: env.SETTINGS })])
      return (maskinporten ??= createMaskinporten(settings, { timeoutMs: env.TIMEOUT_MS }))
    })
  },
}
