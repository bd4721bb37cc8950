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
  return `${masked(secrets.redact(JSON.stringify(bundle, null, 2)))}\n`
}

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
    .replaceAll(/(?<![\w.-])\d{11}(?![\w.-])/g, (number) => nameOf(number, 'person'))
    .replaceAll(/(?<![\w.-])[2389]\d{8}(?![\w.-])/g, (number) => nameOf(number, 'organisation'))
}
