/** The support bundle: a plain file for Digdir, Altinn or a colleague, which its writer reads before sending it. */
import { decodeJwt } from './jwt.ts'
import type { Examination } from './doctor.ts'
import { reportFor } from './report.ts'

/** In English whatever the language of the run: whoever helps may not read Norwegian. */
export async function bundleOf(examination: Examination): Promise<string> {
  const { facts } = examination
  const { settings, observer, secrets } = facts
  const outcomes = await facts.outcomes()
  const discovery = observer.exchanges.length === 0 ? undefined : await facts.discovery()
  const bundle = {
    about:
      'Made by `maskinporten doctor --bundle`. Keys, assertions, tokens and secrets are left out, organisation numbers and persons are replaced. Read it before you send it.',
    madeAt: new Date().toISOString(),
    versions: { node: process.version, platform: `${process.platform} ${process.arch}` },
    report: reportFor(examination, 'en'),
    settings: facts.maskinporten.settings.describe(),
    sources: facts.layers.map(({ source, layer }) => ({ source, settings: [...layer.values()].map(({ key }) => key) })),
    revision: settings?.revision,
    clockSkewMs: discovery?.skewMs,
    proxies: Object.keys(facts.env).filter((name) =>
      /^(?:https?|no|all)_proxy$|^NODE_(?:USE_ENV_PROXY|EXTRA_CA_CERTS)$/i.test(name),
    ),
    requests: observer.exchanges,
    tokens: outcomes.map(({ kind, scopes, token, error }) => ({
      kind,
      scopes,
      ...(token && decodeJwt(token.value)),
      error: error && {
        code: error.code,
        detail: error.detail,
        oauthError: error.oauthError,
        description: error.description,
        mpCode: error.mpCode,
        traceId: error.traceId,
        status: error.status,
      },
    })),
    events: facts.events.map((event) =>
      'error' in event && event.error !== undefined ? { ...event, error: event.error.code } : event,
    ),
  }
  // Before it is text: JSON writes some characters of a secret in another way.
  return `${masked(JSON.stringify(secrets.redactAll(bundle), withoutChain, 2))}\n`
}

/** A chain names its organisation, by number too. */
const withoutChain = (name: string, value: unknown): unknown =>
  name === 'x5c' && Array.isArray(value) ? `${value.length} certificates` : value

/** Within a name too, but not within the hexadecimal digits of a trace id, nor after a decimal point. */
const person = /(?<![\da-f]|\d\.)\d{11}(?![\da-f])/gi
const organisation = /(?<![\da-f]|\d\.)[2389]\d{8}(?![\da-f])/gi

/**
 * Organisation numbers and national identity numbers by a name each, the same one wherever it stands: who delegates to whom
 * can still be seen.
 */
function masked(text: string): string {
  const names = new Map<string, string>()
  const nameOf = (number: string, kind: string): string => {
    const name = names.get(number) ?? `<${kind} ${[...names.values()].filter((one) => one.includes(kind)).length + 1}>`
    names.set(number, name)
    return name
  }
  return text
    .replaceAll(person, (number) => nameOf(number, 'person'))
    .replaceAll(organisation, (number) => nameOf(number, 'organisation'))
}
