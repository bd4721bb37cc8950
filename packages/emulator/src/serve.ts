/** Puts each service behind its listener. */
import { platformService } from './altinn/platform.ts'
import type { CertificateAuthority } from './tokens/certificates.ts'
import { entraService } from './entra/server.ts'
import type { Callers } from './key-vault/callers.ts'
import { vaultService } from './key-vault/server.ts'
import { maskinportenService } from './maskinporten/app.ts'
import { createTokenIds } from './maskinporten/token-ids.ts'
import type { Rules } from './maskinporten/rules.ts'
import type { Names } from './network/names.ts'
import type { Listeners } from './network/ports.ts'
import { registerService } from './register/app.ts'
import type { Registries } from './registries.ts'
import { selfServiceService } from './self-service/app.ts'
import { texasService } from './texas/app.ts'
import { createUpstream } from './texas/upstream.ts'
import type { World } from './http/service.ts'
import type { TokenKeys } from './tokens/token-keys.ts'

export interface ServiceParts {
  readonly world: World
  readonly names: Names
  readonly rules: Rules
  readonly authority: CertificateAuthority
  readonly keys: TokenKeys
  readonly registries: Registries
  readonly callers: Callers
}

export function serve(listeners: Omit<Listeners, 'control'>, parts: ServiceParts): void {
  const { world, names, rules, authority, keys, registries, callers } = parts
  const { clock } = world
  const { clients, scopes, authorizations, persons, vaults, applications } = registries
  listeners.maskinporten.serve(
    maskinportenService(world, {
      judge: {
        issuer: names.issuer,
        tokenEndpoint: `${names.issuer}token`,
        clients,
        scopes,
        authority,
        used: registries.usedGrants,
        rules,
        clock,
      },
      keys: keys.maskinporten,
      authorizations,
      delegationSource: names.delegationSource,
      newTokenId: createTokenIds(),
    }),
  )
  listeners.altinn.serve(
    platformService(world, {
      ...registries,
      names,
      rules,
      clock,
      maskinportenKeys: keys.maskinporten,
      altinnKeys: keys.altinn,
    }),
  )
  listeners.register.serve(
    registerService(world, {
      issuer: names.issuer,
      clock,
      keys: keys.maskinporten,
      persons,
      since: clock.now(),
      rules,
    }),
  )
  listeners.texas.serve(
    texasService(world, {
      issuer: names.issuer,
      clients: registries.texas,
      keys: keys.maskinporten,
      clock,
      upstream: createUpstream(listeners.maskinporten, {
        issuer: names.issuer,
        ca: authority.pem,
        closing: world.closing,
      }),
    }),
  )
  listeners.keyVault.serve(vaultService(world, { vaults, callers, tenantId: applications.tenantId }))
  listeners.entra.serve(entraService(world, { authority: names.origins.entra, applications, keys: keys.entra, clock }))
  listeners.selfService.serve(
    selfServiceService(world, {
      issuer: names.issuer,
      origin: names.origins.selfService,
      delegationSource: names.delegationSource,
      clock,
      keys: keys.maskinporten,
      clients,
      scopes,
      rules,
    }),
  )
}
