import { type BindableTokenSource, type SettingsInput, createMaskinporten } from '@maskinporten-kit/core'
import type { Client, GetToken } from './client.ts'

/** With the token endpoint in the settings: no peer asks for metadata either. */
export function settingsAt({ id, jwk, scope }: Client, base: string): SettingsInput {
  return { authority: base, tokenEndpoint: `${base}/token`, clientId: id, scope, jwk }
}

export function oursAt(client: Client, base: string): BindableTokenSource {
  return createMaskinporten(settingsAt(client, base))
}

export async function ours(client: Client, base: string): Promise<GetToken> {
  const maskinporten = oursAt(client, base)
  return () => maskinporten.getToken()
}

export async function oursBound(client: Client, base: string): Promise<GetToken> {
  const bound = oursAt(client, base).with({ scopes: client.scope })
  return () => bound.getToken()
}
