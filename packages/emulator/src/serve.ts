/** Puts each service behind its listener. */
import type { Courier } from './altinn/courier.ts'
import { platformService } from './altinn/platform.ts'
import type { Policy } from './altinn/policy.ts'
import type { CertificateAuthority } from './tokens/certificates.ts'
import { entraService } from './entra/server.ts'
import type { Callers } from './key-vault/callers.ts'
import { vaultService } from './key-vault/server.ts'
import { maskinportenService } from './maskinporten/app.ts'
import { createTokenIds } from './maskinporten/token-ids.ts'
import type { Rules } from './maskinporten/rules.ts'
import { type Names, type NamedService, namesAtPlatform, skyportenIssuer } from './network/names.ts'
import type { Listeners } from './network/ports.ts'
import { registerService } from './register/app.ts'
import type { Registries } from './registries.ts'
import { byHost, whenCalled } from './http/by-host.ts'
import type { Service, World } from './http/service.ts'
import type { TokenKeys } from './tokens/token-keys.ts'

export interface ServiceParts {
  readonly world: World
  readonly names: Names
  readonly rules: Rules
  readonly authority: CertificateAuthority
  readonly keys: TokenKeys
  readonly registries: Registries
  readonly callers: Callers
  readonly policy: Policy
  readonly courier: Courier
}

/** What is answered to a request whose Host is one of others' names: the same clients and keys, with these addresses. */
export interface Under {
  readonly has: (host: string) => boolean
  readonly names: Names
}

/** `others`: the names of the test environment, to which `emulator.fetch` leads, and those of `allowedHosts`. */
export function serve(
  listeners: Omit<Listeners, 'control'>,
  parts: Omit<ServiceParts, 'names'>,
  { names, others }: { readonly names: Names; readonly others: readonly Under[] },
): void {
  const own = servicesOf({ ...parts, names })
  const under = others.map((other) => ({ has: other.has, services: servicesOf({ ...parts, names: other.names }) }))
  const all: readonly NamedService[] = ['maskinporten', 'altinn', 'register', 'keyVault', 'entra', 'selfService']
  for (const name of all) {
    listeners[name].serve(
      own[name],
      under.map(({ has, services }) => ({ has, service: services[name] })),
    )
  }
  const { world, authority, keys, registries } = parts
  const texas = async (): Promise<Service> => {
    const [{ texasService }, { createUpstream }] = await Promise.all([
      import('./texas/app.ts'),
      import('./texas/upstream.ts'),
    ])
    const { issuer } = names
    const upstream = createUpstream(listeners.maskinporten, { issuer, ca: authority.pem, closing: world.closing })
    const { texas: clients } = registries
    return texasService(world, { issuer, clients, keys: keys.maskinporten, clock: world.clock, upstream })
  }
  listeners.texas.serve(whenCalled(texas))
}

function servicesOf(parts: ServiceParts): Readonly<Record<NamedService, Service>> {
  const { world, names, rules, keys, registries, callers } = parts
  const { clock } = world
  const { clients, scopes, persons, vaults, applications } = registries
  return {
    maskinporten: withSkyporten(parts),
    altinn: withOtherPlatforms(parts),
    register: registerService(world, {
      issuer: names.issuer,
      clock,
      keys: keys.maskinporten,
      persons,
      since: clock.now(),
      rules,
    }),
    keyVault: vaultService(world, { vaults, callers, tenantId: applications.tenantId }),
    entra: entraService(world, { authority: names.origins.entra, applications, keys: keys.entra, clock }),
    selfService: whenCalled(async () =>
      (await import('./self-service/app.ts')).selfServiceService(world, {
        issuer: names.issuer,
        origin: names.origins.selfService,
        delegationSource: names.delegationSource,
        clock,
        keys: keys.maskinporten,
        clients,
        scopes,
        rules,
      }),
    ),
  }
}

function maskinportenAs(issuer: string, parts: ServiceParts): Service {
  const { world, names, rules, authority, keys, registries } = parts
  const { clients, scopes, authorizations, usedGrants: used } = registries
  const skyporten = issuer === skyportenIssuer
  const tokenEndpoint = `${issuer}${skyporten ? '/' : ''}token`
  return maskinportenService(world, {
    judge: { issuer, tokenEndpoint, clients, scopes, authority, used, rules, clock: world.clock },
    keys: keys.maskinporten,
    authorizations,
    delegationSource: names.delegationSource,
    newTokenId: createTokenIds(),
    skyporten,
  })
}

/** Under the names of the test environment Skyporten is there, too: the same clients and keys, another issuer. */
function withSkyporten(parts: ServiceParts): Service {
  const maskinporten = maskinportenAs(parts.names.issuer, parts)
  if (parts.names.environment === undefined) return maskinporten
  const { host } = new URL(skyportenIssuer)
  let skyporten: Service | undefined
  return byHost(maskinporten, (asked) =>
    asked === host ? (skyporten ??= maskinportenAs(skyportenIssuer, parts)) : undefined,
  )
}

function platformAs(names: Names, { world, rules, keys, registries, policy, courier }: ServiceParts): Service {
  return platformService(world, {
    ...registries,
    names,
    rules,
    policy,
    courier,
    clock: world.clock,
    maskinportenKeys: keys.maskinporten,
    altinnKeys: keys.altinn,
  })
}

/** The same for Altinn's other test environments. */
function withOtherPlatforms(parts: ServiceParts): Service {
  const platform = platformAs(parts.names, parts)
  if (parts.names.environment === undefined) return platform
  const others = new Map<string, Service>()
  return byHost(platform, (host) => {
    const names = namesAtPlatform(host, parts.names)
    if (!names) return undefined
    const known = others.get(names.platform) ?? platformAs(names, parts)
    others.set(names.platform, known)
    return known
  })
}
