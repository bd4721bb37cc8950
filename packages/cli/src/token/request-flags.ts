/** The flags that say which token is wanted, and the token request that they are. */
import type { TokenRequest } from '@maskinporten-kit/core'
import { type Command, Option } from 'commander'
import { CommandFailed } from '../failure.ts'
import { tellInLine } from '../help.ts'
import type { Text } from '../language.ts'

export interface RequestFlags {
  readonly scope?: readonly string[] | undefined
  readonly resource?: readonly string[] | undefined
  readonly consumerOrg?: string | undefined
  /** `ORG` or `ORG:EXTERNALREF`. */
  readonly systemUser?: string | undefined
  /** `ID:FROM`. */
  readonly consent?: string | undefined
  readonly pid?: string | undefined
  readonly kind?: 'maskinporten' | 'altinn' | undefined
  /** An API of the registry, whose kind and scopes count where they are not named. */
  readonly api?: string | undefined
  readonly access?: 'read' | 'write' | 'admin' | undefined
  /** Short name of an organisation, for an address that has it. */
  readonly org?: string | undefined
}

/** For an option that may be given again. */
export const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
]

export function addRequestFlags(
  command: Command,
  say: (text: Text) => string,
  { withApi = true }: { readonly withApi?: boolean | undefined } = {},
): Command {
  if (withApi) command.option('--api <id>', say({ en: 'an API of the registry', nb: 'et API i registeret' }))
  command
    .addOption(
      new Option('--access <level>', say({ en: 'to that API', nb: 'til det API-et' })).choices([
        'read',
        'write',
        'admin',
      ]),
    )
    .option('--org <name>', say({ en: 'in its address, such as ttd', nb: 'i adressen, som ttd' }))
    .option(
      '--scope <scope>',
      say({ en: 'may be given again; default: Scope', nb: 'kan gis flere ganger; standard: Scope' }),
      several,
    )
    .addOption(
      new Option('--kind <kind>', say({ en: 'default: the settings say', nb: 'ellers etter innstillingene' })).choices([
        'maskinporten',
        'altinn',
      ]),
    )
    .option('--resource <uri>', say({ en: 'the aud of the token', nb: 'aud i tokenet' }), several)
    .option('--consumer-org <number>', say({ en: 'who has delegated', nb: 'hvem som har delegert' }))
    .option('--system-user <org[:ref]>', say({ en: 'an Altinn system user', nb: 'en systembruker i Altinn' }))
    .option('--consent <id:from>', say({ en: 'an Altinn consent', nb: 'et samtykke i Altinn' }))
    .option('--pid <number>', say({ en: 'a person’s token', nb: 'et token for en person' }))
  const fields =
    '--resource <uri>, --consumer-org <number>, --system-user <org[:ref]>,\n  --consent <id:from>, --pid <number>'
  const names = ['--resource', '--consumer-org', '--system-user', '--consent', '--pid']
  tellInLine(command, names, `\n${say({ en: 'For whom', nb: 'For hvem' })}: ${fields}`)
  return command
}

/** What the flags name, and nothing else, so that it lies over a request of the API's. Core checks the values. */
export function requestOf(flags: RequestFlags): TokenRequest {
  const { scope: scopes, resource, consumerOrg, pid, kind } = flags
  const all: TokenRequest = {
    scopes,
    resource,
    consumerOrg,
    pid,
    kind,
    systemUser: flags.systemUser === undefined ? undefined : systemUserOf(flags.systemUser),
    consent: flags.consent === undefined ? undefined : consentOf(flags.consent),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function systemUserOf(text: string): NonNullable<TokenRequest['systemUser']> {
  // Maskinporten's own spelling of an organisation has a colon, too.
  const [org = '', ...ref] = text.replace(/^0192:/, '').split(':')
  return { org, externalRef: ref.length === 0 ? undefined : ref.join(':') }
}

/** Who gave the consent may be written as a number alone: eleven digits are a person, nine an organisation. */
function consentOf(text: string): NonNullable<TokenRequest['consent']> {
  const at = text.indexOf(':')
  if (at < 0)
    throw new CommandFailed('usage', {
      en: '--consent lacks who gave it: write <id>:<national identity or organisation number>',
      nb: '--consent mangler hvem som ga det: skriv <id>:<fødselsnummer eller organisasjonsnummer>',
    })
  const from = text.slice(at + 1)
  const urn = /^\d{11}$/.test(from)
    ? `urn:altinn:person:identifier-no:${from}`
    : /^\d{9}$/.test(from)
      ? `urn:altinn:organization:identifier-no:${from}`
      : from
  return { id: text.slice(0, at), from: urn }
}
