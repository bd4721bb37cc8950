/** The steps before the first call: settings, token, exchange. The adapters would take the last two by themselves; alone, each has a line of its own. */
import type { AccessToken, ResolvedSettings } from '@maskinporten-kit/core'
import { claimDifference } from './claim-difference.ts'
import type { Component } from './component.ts'
import { decodeJwt } from './decode-jwt.ts'
import type { Taken } from './take-steps.ts'

export async function loadSettings({ watched }: Component): Promise<Taken<ResolvedSettings>> {
  const window = watched.begin()
  const started = performance.now()
  const settings = await watched.maskinporten.settings.get()
  return {
    value: settings,
    step: {
      id: 'settings',
      ms: performance.now() - started,
      freshness: window.settingsChanged() ? 'new' : 'cache',
      revision: settings.revision,
      settings: watched.maskinporten.settings.describe(),
    },
  }
}

export async function getToken({ watched }: Component): Promise<Taken<AccessToken>> {
  const window = watched.begin()
  const started = performance.now()
  const token = await watched.tokens('maskinporten').getToken()
  const waited = performance.now() - started
  const freshness = window.freshness('maskinporten')
  return {
    value: token,
    step: {
      id: 'token',
      ms: freshness === 'new' ? (window.durationMs('token') ?? waited) : waited,
      freshness,
      scopes: token.scopes,
      remainingMs: token.expiresAt - Date.now(),
      claims: decodeJwt(token.value)?.claims ?? {},
      grant: window.grant(),
    },
  }
}

export async function exchangeToken({ watched }: Component, raw: AccessToken): Promise<Taken<AccessToken>> {
  const window = watched.begin()
  const started = performance.now()
  const token = await watched.tokens('altinn').getToken()
  const waited = performance.now() - started
  const freshness = window.freshness('altinn')
  const after = decodeJwt(token.value)?.claims ?? {}
  const org = after['urn:altinn:org']
  return {
    value: token,
    step: {
      id: 'exchange',
      ms: freshness === 'new' ? (window.durationMs('exchange') ?? waited) : waited,
      freshness,
      org: typeof org === 'string' ? org : undefined,
      remainingMs: token.expiresAt - Date.now(),
      difference: claimDifference(decodeJwt(raw.value)?.claims ?? {}, after),
    },
  }
}
