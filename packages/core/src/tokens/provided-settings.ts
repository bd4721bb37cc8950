/** Checks what a settings provider gave. The caller may have written the provider in JavaScript, without types. */
import { type MaskinportenError, fault } from '../errors.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'

/** @throws MaskinportenError `settings_invalid`. */
export function checkProvided(settings: unknown): asserts settings is ResolvedSettings {
  if (!isObject(settings)) throw invalid('settings')
  const { revision, authority, tokenEndpoint, clientId, keys, request, exchange } = settings
  if (!Number.isFinite(revision)) throw invalid('revision')
  for (const [name, value] of Object.entries({ authority, clientId })) {
    if (typeof value !== 'string' || value === '') throw invalid(name)
  }
  if (tokenEndpoint !== undefined && typeof tokenEndpoint !== 'string') throw invalid('tokenEndpoint')
  if (!Array.isArray(keys) || !keys.every((key) => isObject(key) && typeof key['sign'] === 'function'))
    throw invalid('keys')
  if (!isObject(request)) throw invalid('request')
  if (exchange === undefined) return
  if (!isObject(exchange) || typeof exchange['url'] !== 'string' || typeof exchange['testOrg'] !== 'boolean')
    throw invalid('exchange')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function invalid(name: string): MaskinportenError {
  const what = `the settings provider gave no valid ${name}`
  return fault('settings_invalid', what, 'compare it with the interface ResolvedSettings', { detail: 'PROVIDER' })
}
