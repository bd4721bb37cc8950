/** Are all addresses in the settings of the environment that the token is of? */
import { apisAt } from '@maskinporten-kit/apis'
import { environments } from '@maskinporten-kit/core'
import type { Facts } from '../facts.ts'
import { type Check, type Finding, withoutSettings } from '../finding.ts'

export const hosts: Check = {
  id: 'hosts',
  title: { en: 'Hosts of the environment', nb: 'Adressene i miljøet' },
  needs: [],
  run(facts) {
    const { name } = facts.environment ?? {}
    if (name === undefined && facts.settings === undefined) return withoutSettings
    if (name === undefined)
      return {
        status: 'INFO',
        code: 'ENVIRONMENT_OTHER',
        cause: {
          en: 'the settings name neither test nor production, so the addresses cannot be checked against an environment',
          nb: 'innstillingene nevner verken test eller produksjon, så adressene kan ikke sjekkes mot et miljø',
        },
      }
    const found = [...addressesIn(facts)].flatMap(([url, where]): readonly Finding[] => {
      const of = environmentOfHost(url)
      return of === undefined || of === name ? [] : [wrongHost(url, where, of, name)]
    })
    if (found.length > 0) return found
    return {
      status: 'OK',
      cause: {
        en: `no address in the settings is of another environment than ${name}`,
        nb: `ingen adresse i innstillingene er fra et annet miljø enn ${name}`,
      },
      evidence: { environment: name },
    }
  },
}

/** Address → where it stands. Those of the issuer are compared by core. */
function addressesIn(facts: Facts): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (facts.named.url !== undefined) found.set(facts.named.url, '--api')
  for (const { layer } of facts.layers)
    for (const entry of layer.values()) {
      const text = entry.secret ? '' : (entry.reveal()?.trim() ?? '')
      if (/^https:\/\/[\w.-]+(?:[/:?#]|$)/i.test(text) && URL.canParse(text))
        found.set(text, `${entry.key}, ${entry.origin}`)
    }
  const exchange = facts.settings?.exchange?.url
  if (exchange !== undefined && !found.has(exchange)) found.set(exchange, 'TokenExchangeEnvironment')
  return found
}

const TEST_HOST =
  /(?:^|\.)(?:tt02|at2\d|yt01)\.altinn\.(?:no|cloud)$|^test\.(?:sky\.)?maskinporten\.no$|^(?:api|sjolvbetjening)\.test\.samarbeid\.digdir\.no$/
const PROD_HOST =
  /^(?:platform|[\w-]+\.apps)\.altinn\.no$|^(?:sky\.)?maskinporten\.no$|^(?:api|sjolvbetjening)\.samarbeid\.digdir\.no$/

/** `undefined`: nobody here knows the host. */
export function environmentOfHost(url: string): 'test' | 'prod' | undefined {
  const { hostname } = new URL(url)
  if (TEST_HOST.test(hostname)) return 'test'
  if (PROD_HOST.test(hostname)) return 'prod'
  const found = new Set(apisAt(url).map(({ environment }) => environment))
  return found.size === 1 ? [...found][0] : undefined
}

function wrongHost(url: string, where: string, of: 'test' | 'prod', name: 'test' | 'prod'): Finding {
  const { host } = new URL(url)
  const right = rightHost(url, name)
  return {
    status: 'WARN',
    code: 'HOST_OF_OTHER_ENVIRONMENT',
    cause: {
      en: `${host} (${where}) is of ${of}, and the token is of ${name}: it is refused there`,
      nb: `${host} (${where}) er i ${of}, og tokenet er fra ${name}: det blir avvist der`,
    },
    action: {
      en:
        right === undefined
          ? `Take the address of ${name}, or correct Environment.`
          : `Take ${right}, or correct Environment.`,
      nb:
        right === undefined
          ? `Bruk adressen i ${name}, eller rett Environment.`
          : `Bruk ${right}, eller rett Environment.`,
    },
    actor: 'settings',
    evidence: { host, where, environment: name, hostEnvironment: of, right },
  }
}

/** The same API in the environment that is asked. */
function rightHost(url: string, name: 'test' | 'prod'): string | undefined {
  const { hostname } = new URL(url)
  if (/^platform\..*altinn/.test(hostname)) return environments[name].altinn
  return apisAt(url)
    .map(({ api }) => api.baseUrls[name])
    .find((base) => base !== undefined)
}
