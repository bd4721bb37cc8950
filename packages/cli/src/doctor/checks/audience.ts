/** Is the grant's `aud` exactly the issuer that the metadata names? */
import { type Check, withoutSettings } from '../finding.ts'

export const audience: Check = {
  id: 'audience',
  title: { en: 'The audience (aud)', nb: 'Audience (aud)' },
  needs: ['settings', 'credential', 'discovery'],
  async run(facts) {
    const { settings } = facts
    const { issuer = '' } = await facts.discovery()
    if (settings === undefined) return withoutSettings
    // Core signs for the issuer as the metadata writes it, unless the settings name an audience of their own.
    const aud = settings.audience ?? (settings.tokenEndpoint === undefined ? issuer : settings.authority)
    const evidence = { aud, issuer, authority: settings.authority }
    if (aud === issuer)
      return {
        status: 'OK',
        cause: { en: `aud is the issuer ${issuer}`, nb: `aud er utstederen ${issuer}` },
        evidence,
      }
    const origin = facts.entryOf('AssertionAudience')?.origin ?? facts.entryOf('Authority')?.origin ?? ''
    return {
      status: settings.tokenEndpoint === undefined ? 'FAIL' : 'WARN',
      code: 'MP-110',
      cause: {
        en: `aud would be ${aud} (${origin}), but the issuer is ${issuer}${aud === `${issuer}/` || `${aud}/` === issuer ? ': the final slash counts' : ''}`,
        nb: `aud blir ${aud} (${origin}), men utstederen er ${issuer}${aud === `${issuer}/` || `${aud}/` === issuer ? ': skråstreken til slutt teller' : ''}`,
      },
      action: {
        en: 'Delete AssertionAudience, and set Authority or Environment to where the client is registered.',
        nb: 'Slett AssertionAudience, og sett Authority eller Environment til der klienten er registrert.',
      },
      actor: 'settings',
      evidence,
    }
  },
}
