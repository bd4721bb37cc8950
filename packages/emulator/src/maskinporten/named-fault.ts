/** A refusal that a fault orders by name: it speaks of the request that met it. */
import type { JsonObject } from '../json.ts'
import { readCompactJws } from '../tokens/jws.ts'
import type { ClientRegistry } from './clients.ts'
import { isTokenErrorId, type TokenErrorId } from './error-table.ts'
import { TokenRefusal } from './refusal.ts'

/** Stand where the request says nothing: they are Digdir's own. */
const example = { scope: 'digdir:example', orgNumber: '991825827' }

/** `parameters`: the request's, of its body and its query. */
export function namedRefusal(name: string, parameters: URLSearchParams, clients: ClientRegistry): TokenRefusal {
  const id = isTokenErrorId(name) ? name : 'MP-011'
  const claims = readCompactJws(parameters.get('assertion') ?? '')?.claims ?? {}
  const supplier = clients.get(text(claims, 'iss') ?? '')?.orgNumber ?? example.orgNumber
  const consumer = text(claims, 'consumer_org') ?? supplier
  return new TokenRefusal(id, {
    scope: text(claims, 'scope')?.split(' ')[0] ?? example.scope,
    consumer,
    supplier,
    name: nameIn(id, claims),
    value: id === 'MP-303-customer' ? `0192:${consumer}` : 'authorization_details',
  })
}

function text(claims: JsonObject, name: string): string | undefined {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function nameIn(id: TokenErrorId, claims: JsonObject): string {
  return id === 'unknown_claim' ? (Object.keys(claims).at(-1) ?? 'claim') : 'assertion'
}
