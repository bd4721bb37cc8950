/** Altinn's app library v9 claims the section for the platform's client, and merges it key by key with the app's own. */
import type { Facts } from '../facts.ts'
import type { Check } from '../finding.ts'

/** Of the platform's client, written as v9 writes them: in lower case at the start. */
const PLATFORM_NAMES = ['authority', 'clientId', 'jwk', 'jwkBase64']

export const section: Check = {
  id: 'section',
  title: { en: 'The section’s owner', nb: 'Hvem seksjonen tilhører' },
  needs: [],
  run(facts) {
    const platform = originOf(facts, 'clientId', isOfPlatform)
    const own = originOf(facts, 'EncodedJwk', () => true)
    if (platform === undefined || own === undefined)
      return {
        status: 'OK',
        cause: {
          en: `the section ${facts.section} is of one client only`,
          nb: `seksjonen ${facts.section} gjelder bare én klient`,
        },
      }
    return {
      status: 'WARN',
      code: 'SECTION_MIXED',
      cause: {
        en: `the section ${facts.section} holds the platform's clientId (${platform}) and an EncodedJwk of yours (${own}): Altinn's app library v9 merges them into credentials of neither client`,
        nb: `seksjonen ${facts.section} har clientId fra plattformen (${platform}) og EncodedJwk fra din egen klient (${own}): Altinns app-bibliotek v9 slår dem sammen, og da hører ikke klient-ID og nøkkel sammen`,
      },
      action: {
        en: 'Move your own client to a section of another name, and name it with --section and settingsFrom(sources, { section }).',
        nb: 'Flytt din egen klient til en seksjon med et annet navn, og oppgi den med --section og settingsFrom(sources, { section }).',
      },
      actor: 'settings',
      evidence: { platform, own },
    }
  },
}

/** The platform's own client has no other settings: `clientId` beside `Scope` or `Environment` is a legacy section in lower case. */
const isOfPlatform = (names: readonly string[]): boolean =>
  names.filter((name) => PLATFORM_NAMES.includes(name)).length > 1 || names.every((name) => name === 'clientId')

/** Where the section has a setting in exactly this spelling, of a source whose names in the section fit. */
function originOf(facts: Facts, wanted: string, fits: (names: readonly string[]) => boolean): string | undefined {
  const prefix = `${facts.section.toLowerCase()}:`
  for (const { layer } of facts.layers) {
    const found = [...layer]
      .filter(([path, entry]) => path.startsWith(prefix) && (entry.reveal()?.trim() ?? '') !== '')
      .map(([, entry]) => ({ name: entry.key.slice(prefix.length).split(':', 1)[0] ?? '', origin: entry.origin }))
    const one = found.find(({ name }) => name === wanted)
    if (one !== undefined && fits(found.map(({ name }) => name))) return one.origin
  }
  return undefined
}
