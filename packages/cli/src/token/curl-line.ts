/** A line for a shell that calls an address with a fresh token. */
import { isSafeUrl } from '@maskinporten-kit/core/internal'
import { CommandFailed } from '../failure.ts'
import type { SettingsFlags } from '../settings.ts'
import type { RequestFlags } from './request-flags.ts'

/**
 * curl reads the header from its standard input, so that the token is neither in the line, nor in the shell's history, nor
 * in the list of processes.
 *
 * @throws CommandFailed `usage` for an address that may not get a token.
 */
export function curlLine(
  flags: SettingsFlags & RequestFlags,
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (!isSafeUrl(url))
    throw new CommandFailed('usage', {
      en: '--curl takes an absolute https address (http on loopback), without user name and password; with --api it may be left out',
      nb: '--curl tar en absolutt https-adresse (http på loopback), uten brukernavn og passord; med --api kan den utelates',
    })
  const named: readonly (readonly [string, string | readonly string[] | undefined])[] = [
    ['api', flags.api],
    ['access', flags.access],
    ['scope', flags.scope],
    ['kind', flags.kind],
    ['resource', flags.resource],
    ['consumer-org', flags.consumerOrg],
    ['system-user', flags.systemUser],
    ['consent', flags.consent],
    ['pid', flags.pid],
    ['settings', flags.settings],
    ['environment', flags.environment],
    ['section', flags.section],
    ['key-vault', flags.keyVault],
  ]
  const own = named.flatMap(([name, value]) => [value ?? []].flat().map((one) => `--${name} ${quoted(one)}`))
  // Under npx the command is on no path.
  const command = env['npm_command'] === 'exec' ? 'npx @maskinporten-kit/cli' : 'maskinporten'
  return `${[command, 'token --header', ...own].join(' ')} | curl --header @- ${quoted(url)}`
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
