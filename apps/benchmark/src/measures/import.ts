/** What importing costs a process that has nothing yet. */
import { build } from '../built-packages.ts'
import { numbersOf } from '../child.ts'
import type { Measure } from '../measure.ts'
import { interleave } from '../rounds.ts'

const SCRIPT = new URL('../processes/import.mjs', import.meta.url)

/** system → what is imported. */
const modules: Readonly<Record<string, readonly string[]>> = {
  'nothing (node:path)': ['node:path'],
  'ours: core': ['@maskinporten-kit/core'],
  'ours: core and fetch': ['@maskinporten-kit/core', '@maskinporten-kit/fetch'],
  'jose, by subpaths': ['jose/jwt/sign', 'jose/key/import'],
  jose: ['jose'],
  oauth4webapi: ['oauth4webapi'],
  'openid-client': ['openid-client'],
  'lru-cache': ['lru-cache'],
  '@smithy/property-provider': ['@smithy/property-provider'],
  '@badgateway/oauth2-client': ['@badgateway/oauth2-client'],
  '@octokit/auth-app': ['@octokit/auth-app'],
  'google-auth-library': ['google-auth-library'],
  '@azure/core-rest-pipeline': ['@azure/core-rest-pipeline'],
  '@azure/identity': ['@azure/identity'],
  '@vtfk/maskinporten-auth': ['@vtfk/maskinporten-auth'],
}

export const importing: Measure = {
  name: 'import',
  title: 'Importing core, added to an empty process, against `openid-client`',
  figures: [{ name: 'import', unit: 'ms', against: 'openid-client' }],
  budget: [{ system: 'ours: core', figure: 'import', atMost: 0.8 }],
  systems: Object.keys(modules),
  processes: 1,
  async run(effort) {
    await build(['core', 'fetch'])
    const rounds = Object.fromEntries(
      Object.entries(modules).map(([system, names]) => [
        system,
        async () => ({ import: (await numbersOf(SCRIPT, names))['ms'] ?? Number.NaN }),
      ]),
    )
    await interleave(rounds, 1)
    return { samples: await interleave(rounds, effort.pick(7, 40)) }
  },
}
