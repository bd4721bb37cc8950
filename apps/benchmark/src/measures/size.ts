/** What an import weighs in a user's bundle: minified, gzipped, chunks of `import()` counted, as scripts/check-size.ts does. */
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type InputOptions, rolldown } from 'rolldown'
import { build } from '../built-packages.ts'
import type { Limit, Measure } from '../measure.ts'

interface Import {
  readonly names: string
  readonly from: string
  /** What the bundle leaves to its user. */
  readonly without?: readonly (string | RegExp)[]
  /** From the sources, where the built package is one file and a part of it cannot be left out. */
  readonly ofSources?: boolean
}

/** What the quick start imports. */
const core: Import = { names: '{ createMaskinporten, settingsFrom }', from: '@maskinporten-kit/core' }
const adapter = (short: string, name: string): Import => ({
  names: `{ ${name} }`,
  from: `@maskinporten-kit/${short}`,
  without: [/^@maskinporten-kit\/core/, 'axios', 'ky'],
})

const imports: Readonly<Record<string, Import>> = {
  'ours: core without jose': { ...core, without: [/^jose/] },
  'ours: core': core,
  // Its provider is made by hand, so what reads settings of an object stays out, and the signing key's parser with it.
  'ours: the engine alone': {
    names: '{ createMaskinporten }',
    from: '@maskinporten-kit/core',
    without: [/^jose/, /settings-from-input/],
    ofSources: true,
  },
  'ours: fetch': adapter('fetch', 'maskinportenFetch'),
  'ours: axios': adapter('axios', 'maskinportenAxios'),
  'ours: ky': adapter('ky', 'maskinportenKy'),
  'jose, for a grant': { names: '{ SignJWT, importJWK }', from: 'jose' },
  oauth4webapi: {
    names: '{ None, genericTokenEndpointRequest, processGenericTokenEndpointResponse }',
    from: 'oauth4webapi',
  },
  'openid-client': { names: '{ Configuration, None, genericGrantRequest }', from: 'openid-client' },
  '@badgateway/oauth2-client': { names: '{ OAuth2Client, OAuth2Fetch }', from: '@badgateway/oauth2-client' },
  'lru-cache': { names: '{ LRUCache }', from: 'lru-cache' },
  '@smithy/property-provider': { names: '{ memoize }', from: '@smithy/property-provider' },
  ky: { names: 'ky', from: 'ky' },
  axios: { names: 'axios', from: 'axios' },
  '@octokit/auth-app': { names: '{ createAppAuth }', from: '@octokit/auth-app' },
  '@azure/core-rest-pipeline': {
    names: '{ bearerTokenAuthenticationPolicy, createPipelineFromOptions, createDefaultHttpClient }',
    from: '@azure/core-rest-pipeline',
  },
  'google-auth-library': { names: '{ JWT }', from: 'google-auth-library' },
  '@azure/identity': { names: '{ ClientAssertionCredential }', from: '@azure/identity' },
  '@vtfk/maskinporten-auth': { names: 'getToken', from: '@vtfk/maskinporten-auth' },
}

/** Of the adapters alone. What core may weigh, and which of its files grew, `npm run check` says. */
const budgets: Readonly<Record<string, Pick<Limit, 'atMost'>>> = {
  'ours: fetch': { atMost: 1.6 },
  'ours: axios': { atMost: 1.6 },
  'ours: ky': { atMost: 1.6 },
}

export const size: Measure = {
  name: 'size',
  title: 'Size in a bundle, minified and gzipped',
  figures: [{ name: 'size', unit: 'kB' }],
  budget: Object.entries(budgets).map(([system, limit]) => ({ system, figure: 'size', ...limit })),
  systems: Object.keys(imports),
  processes: 1,
  async run() {
    await build(['core', 'fetch', 'axios', 'ky'])
    const sizes: Record<string, readonly number[]> = {}
    for (const [system, one] of Object.entries(imports)) sizes[system] = [await kilobytes(one)]
    return { samples: { size: sizes } }
  },
}

const ENTRY = 'entry'
/** What the line of the import itself takes, as size-limit counts it. */
const EMPTY_BYTES = 34

async function kilobytes({ names, from, without = [], ofSources = false }: Import): Promise<number> {
  const options: InputOptions = {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    input: ENTRY,
    platform: 'node',
    external: [/^node:/, ...without],
    resolve: ofSources ? { conditionNames: ['@maskinporten-kit/source', 'import', 'default'] } : {},
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        // In this folder, from where the benchmark's own packages are found.
        resolveId: (id) => (id === ENTRY ? fileURLToPath(new URL('./entry.mjs', import.meta.url)) : undefined),
        // Logged one by one: an object made of them would be bytes of ours.
        load: (id) =>
          id.endsWith('entry.mjs')
            ? `import ${names} from '${from}'; console.log(${names.replaceAll(/[{}]/g, '')})`
            : undefined,
      },
    ],
  }
  const bundle = await rolldown(options)
  const { output } = await bundle.generate({ format: 'esm', minify: true, comments: { annotation: false } })
  await bundle.close()
  const chunks = output.filter((part) => part.type === 'chunk')
  // That the entry exports nothing is said by it, and not by what it imports.
  const texts = chunks.map(({ code }) => code.replace(/export\{\};\s*$/, ''))
  const bytes = texts.reduce((total, text) => total + gzipSync(text, { level: 9 }).length, 0)
  return (bytes - EMPTY_BYTES) / 1000
}
