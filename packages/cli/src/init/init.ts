/** `maskinporten init`: writes what a project begins with, and says what comes next. */
import { commandName, isInstalled } from '../command-name.ts'
import { addLines } from '../files/git-ignore.ts'
import { refuseExisting, writeFileWhole } from '../files/write-file.ts'
import { keyFilesOf } from '../keys/write-key.ts'
import type { Text } from '../language.ts'
import { selfServicePortals } from '../portals.ts'
import type { Terminal } from '../terminal.ts'
import { type Answers, type InitFlags, answersFrom } from './answers.ts'
import { appFile, packagesOf } from './app-file.ts'
import { type BegunApi, begin, pathOf } from './begun-api.ts'
import { type RunningEmulator, findEmulator, registerAdmin, registerApplication } from './emulator.ts'
import { scopesOf, settingsFile } from './settings-file.ts'

const SETTINGS = 'appsettings.json'
const APP = 'app.mjs'
const ADMIN = 'maskinporten-admin.json'
const CA = 'emulator-ca.pem'
const ENCODED = 'maskinporten.private.b64'

/** What holds secrets, or is made anew. */
const IGNORED = ['node_modules/', '.env', '/*.private.jwk.json', '/*.private.b64', `/${ADMIN}`]

/** A file to write. */
interface Page {
  readonly file: string
  readonly content: string
  readonly isPrivate?: boolean
}

export async function init(flags: InitFlags, terminal: Terminal): Promise<void> {
  const { force: isForced = false } = flags
  const isEmulated = flags.emulator !== undefined
  const names = isEmulated ? [SETTINGS, APP, ADMIN] : [SETTINGS, APP]
  if (!isForced) await refuseExisting(names)
  const answers = await answersFrom(flags, terminal)
  const apis = answers.apis.map((id) => begin(id, answers.environment, answers.org)) as [BegunApi, ...BegunApi[]]
  const emulator = flags.emulator === undefined ? undefined : await findEmulator(flags.emulator)
  const pages = emulator ? await emulatedPages(answers, apis, emulator) : plainPages(answers, apis)
  for (const { file, content, isPrivate } of pages)
    await writeFileWhole(file, content, { isPrivate, isReplacing: isForced || file === CA })
  const isIgnoring = await addLines('.', IGNORED)
  const written = [...pages.map(({ file }) => file), ...(isIgnoring ? ['.gitignore'] : [])]
  const install = packagesOf(answers)
  if (terminal.isJson)
    terminal.json({
      ...answers,
      scopes: scopesOf(apis),
      written,
      install,
      next: commandsOf(answers, emulator, commandName()),
    })
  else {
    // Questions end right above.
    if (terminal.isInteractive) terminal.say('')
    terminal.result(`${terminal.text({ en: 'Written', nb: 'Skrevet' })}: ${written.join(', ')}`)
  }
  terminal.say(nextSteps(answers, emulator, install))
}

function plainPages(answers: Answers, apis: readonly [BegunApi, ...BegunApi[]]): readonly Page[] {
  const { environment, adapter, sources } = answers
  const keyVault = answers.keyVault ?? (hasVault(answers) ? '' : undefined)
  return [
    { file: SETTINGS, content: pretty(settingsFile({ apis, environment, keyVault })) },
    { file: APP, content: appFile({ api: apis[0], adapter, sources, environment }) },
  ]
}

async function emulatedPages(
  answers: Answers,
  apis: readonly [BegunApi, ...BegunApi[]],
  emulator: RunningEmulator & { readonly control: string },
): Promise<readonly Page[]> {
  const { environment, adapter, sources } = answers
  const admin = await registerAdmin(emulator.control)
  const adminPage: Page = { file: ADMIN, content: pretty({ MaskinportenAdmin: admin }), isPrivate: true }
  // The emulator's client is of Digdir, whose exchanged token says `ttd` then.
  const more = { UseAltinnTestOrg: true }
  if (emulator.isNamedTest)
    return [
      {
        file: SETTINGS,
        content: pretty(settingsFile({ apis, environment, more, keyVault: hasVault(answers) ? '' : undefined })),
      },
      { file: APP, content: appFile({ api: apis[0], adapter, sources, environment }) },
      adminPage,
    ]
  const { tenantId, clientId, clientSecret } = await registerApplication(emulator.control)
  const settings = settingsFile({
    apis,
    environment,
    more,
    addresses: {
      Authority: emulator.issuer,
      TokenExchangeEndpoint: `${emulator.altinn}/authentication/api/v1/exchange/maskinporten`,
    },
    keyVault: hasVault(answers) ? `${emulator.keyVault}/` : undefined,
    vaultAccess: { TenantId: tenantId, ClientId: clientId, ClientSecret: clientSecret },
  })
  const baseUrl = emulatedAddress(apis[0], emulator)
  return [
    { file: SETTINGS, content: pretty(settings) },
    { file: APP, content: appFile({ api: apis[0], adapter, sources, environment, baseUrl, isOnLoopback: true }) },
    adminPage,
    { file: CA, content: emulator.ca },
  ]
}

/** Altinn's platform is emulated under the same paths; of other APIs the emulator has none. */
function emulatedAddress({ id }: BegunApi, { altinn }: RunningEmulator): string | undefined {
  return id === 'altinn/storage' ? `${altinn}/storage/api/v1` : undefined
}

const hasVault = ({ sources }: Answers): boolean => sources.includes('key-vault')

const pretty = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

/** From no key to the first call, as lines for a shell. */
function commandsOf(answers: Answers, emulator: RunningEmulator | undefined, name: string): readonly string[] {
  const { org } = answers
  const [first] = answers.apis
  const { privateFile, publicFile } = keyFilesOf()
  const admin = emulator ? ` --yes --admin ${ADMIN}` : ''
  const register = `${name} register --key ${publicFile}${admin}`
  const isVaultKnown = hasVault(answers) && (emulator !== undefined || answers.keyVault !== undefined)
  return [
    ...(isVaultKnown
      ? [`${name} keys create`, register, `${name} key-vault push --key ${privateFile}${emulator ? ' --yes' : ''}`]
      : [`${name} keys create --encoded ${ENCODED}`, register, keyLine(answers.sources)]),
    `${name} doctor`,
    first === 'altinn/storage' ? `${name} call "altinn/storage:${pathOf(first, org)}"` : `${name} token --inspect`,
  ]
}

/** Without a vault, the key is a variable for this shell; an app that reads no variables has it in its file. */
const keyLine = (sources: Answers['sources']): string =>
  sources.includes('env')
    ? `export MaskinportenSettings__EncodedJwk="$(cat ${ENCODED})"`
    : `# MaskinportenSettings:EncodedJwk ← ${ENCODED}`

function nextSteps(answers: Answers, emulator: RunningEmulator | undefined, install: readonly string[]): Text {
  // What npx fetched for this run is not there for the app.
  const isThere = isInstalled()
  const name = isThere ? commandName() : 'npx maskinporten'
  const lines = commandsOf(answers, emulator, name).map((line) => `  ${line}`)
  const variables =
    emulator && !emulator.isNamedTest
      ? [`  export NODE_EXTRA_CA_CERTS=$PWD/${CA} AZURE_AUTHORITY_HOST=${emulator.entra}`]
      : []
  const own = isThere ? [] : ['  npm install -D @maskinporten-kit/cli']
  const steps = [...own, ...variables, ...lines].join('\n')
  const code = `  npm install ${install.join(' ')}\n  node ${APP}`
  const portal = selfServicePortals[answers.environment]
  return {
    en: `
Next, to the first call:
${steps}
In code:
${code}
${emulator ? '' : `You need an agreement with Digdir, and the scopes from the owner of each API.\nWithout an administration client, register the key by hand: ${portal}`}`.trimEnd(),
    nb: `
Neste steg, til det første kallet:
${steps}
I kode:
${code}
${emulator ? '' : `Du trenger en avtale med Digdir, og scopene fra eieren av hvert API.\nUten administrasjonsklient registrerer du nøkkelen for hånd: ${portal}`}`.trimEnd(),
  }
}
