/** Do the APIs of these scopes take the kind of token that the settings ask for? */
import type { Api } from '@maskinporten-kit/apis'
import type { TokenKind } from '@maskinporten-kit/core'
import type { Facts } from '../facts.ts'
import { type Check, type Finding, withoutSettings } from '../finding.ts'
import { apisOf } from '../registry.ts'

export const tokenKind: Check = {
  id: 'token-kind',
  title: { en: 'Kind of token', nb: 'Type token' },
  needs: [],
  run(facts) {
    if (saysNothing(facts)) return withoutSettings
    const kind = kindOf(facts)
    const wrong = facts.named.api === undefined ? facts.scopes.map((scope) => apisOf(scope)) : [[facts.named.api]]
    const found = wrong.filter((apis) => apis.length > 0 && !apis.some((api) => takes(api, kind)))
    const apis = [...new Set(found.flat())]
    if (apis.length > 0) return wrongKind(kind, apis, facts)
    return {
      status: 'OK',
      cause:
        kind === 'altinn'
          ? { en: 'the settings ask for an Altinn token', nb: 'innstillingene ber om et Altinn-token' }
          : {
              en: 'the settings ask for Maskinporten’s own token',
              nb: 'innstillingene ber om Maskinportens eget token',
            },
      evidence: { kind },
    }
  },
}

const kindIn = (facts: Facts): string | undefined =>
  facts.valueOf('ExhangeToAltinnToken') ?? facts.valueOf('ExchangeToAltinnToken')

const saysNothing = (facts: Facts): boolean =>
  facts.settings === undefined && kindIn(facts) === undefined && facts.scopes.length === 0

/** Also where the settings as a whole cannot be used. */
function kindOf(facts: Facts): TokenKind {
  const text = kindIn(facts) ?? ''
  return facts.settings?.request.kind ?? (text.toLowerCase() === 'true' ? 'altinn' : 'maskinporten')
}

const takes = ({ token }: Api, kind: TokenKind): boolean => token.kind === kind || token.eitherKind === true

function wrongKind(kind: TokenKind, apis: readonly Api[], facts: Facts): Finding {
  const names = (language: 'en' | 'nb'): string =>
    apis
      .map(({ name }) => name[language])
      .slice(0, 3)
      .join(', ')
  const ids = apis.map(({ id }) => id)
  const evidence = { kind, apis: ids, origin: facts.entryOf('ExhangeToAltinnToken')?.origin }
  if (kind === 'maskinporten')
    return {
      status: 'WARN',
      code: 'ALTINN_TOKEN_NEEDED',
      cause: {
        en: `${names('en')} takes an exchanged Altinn token only, and the settings ask for Maskinporten's own (a raw token)`,
        nb: `${names('nb')} tar bare et vekslet Altinn-token, og innstillingene ber om Maskinportens eget (et rått token)`,
      },
      action: {
        en: `Set ExhangeToAltinnToken (spelt so) to true, or ask with api('${ids[0] ?? ''}', …).request.`,
        nb: `Sett ExhangeToAltinnToken (skrives slik) til true, eller be med api('${ids[0] ?? ''}', …).request.`,
      },
      actor: 'settings',
      evidence,
    }
  return {
    status: 'WARN',
    code: 'RAW_TOKEN_NEEDED',
    cause: {
      en: `${names('en')} takes Maskinporten's own token (raw), and the settings have it exchanged at Altinn`,
      nb: `${names('nb')} tar Maskinportens eget (rå) token, og innstillingene veksler det hos Altinn`,
    },
    action: {
      en: `Set ExhangeToAltinnToken to false, or ask with api('${ids[0] ?? ''}', …).request.`,
      nb: `Sett ExhangeToAltinnToken til false, eller be med api('${ids[0] ?? ''}', …).request.`,
    },
    actor: 'settings',
    evidence,
  }
}
