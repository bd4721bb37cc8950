/** A register like KRR ("Kontakt- og reservasjonsregisteret"): takes the raw Maskinporten token, answers for synthetic persons. */
import type { EmulatorClock } from '../clock.ts'
import { isStringArray, parseJsonObject } from '../json.ts'
import { problem } from '../http/problem.ts'
import type { Rules } from '../maskinporten/rules.ts'
import { because, createService, type Service, type World } from '../http/service.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { bearerToken, judgeToken, oneOf, scopesOf, shortly } from '../tokens/verify-token.ts'
import type { Person, PersonRegister } from './persons.ts'

const contactScopes: readonly string[] = ['krr:global/kontaktinformasjon.read', 'krr:global/kontaktinfo.read']
const mailboxScopes: readonly string[] = ['krr:global/digitalpost.read', 'krr:global/postkasse.read']
const maxBatch = 1000

export interface Register {
  readonly issuer: string
  readonly clock: EmulatorClock
  readonly keys: SigningKeys
  readonly persons: PersonRegister
  /** Milliseconds since the epoch: when the contact data was last confirmed. */
  readonly since: number
  readonly rules: Pick<Rules, 'registerErrorBody'>
}

export function registerService(world: World, register: Register): Service {
  const service = createService(world, () => 'register')
  const refuse = (status: number, title: string, detail: string): Response =>
    register.rules.registerErrorBody === 'empty' ? new Response(null, { status }) : problem(status, title, detail)
  service.post('/rest/v2/personer', async (c) => {
    const token = bearerToken(c.req.header('authorization'))
    const judged = await judgeToken(token, register.keys, { now: register.clock.now(), skewSeconds: 10 })
    const claims = 'claims' in judged && judged.claims['iss'] === register.issuer ? judged.claims : undefined
    if (!claims) {
      const reason = `The token has another iss than ${register.issuer}.`
      const compared = {
        of: 'iss',
        expected: register.issuer,
        received: shortly('claims' in judged && judged.claims['iss']),
      }
      because(c, 'refusal' in judged ? judged.refusal : { rule: 'token_claims', reason, compared })
      return refuse(401, 'Unauthorized', 'A valid token from Maskinporten is needed.')
    }
    const scopes = scopesOf(claims)
    const contact = scopes.some((scope) => contactScopes.includes(scope))
    const mailbox = scopes.some((scope) => mailboxScopes.includes(scope))
    if (!contact && !mailbox) {
      const reason = `One of these scopes is needed: ${[...contactScopes, ...mailboxScopes].join(', ')}.`
      const compared = {
        of: 'scope',
        expected: oneOf([...contactScopes, ...mailboxScopes]),
        received: shortly(scopes.join(' ')),
      }
      because(c, { rule: 'register_scope', reason, compared })
      return refuse(403, 'Forbidden', reason)
    }
    const numbers = parseJsonObject(c.get('body'))?.['personidentifikatorer']
    if (!isStringArray(numbers) || numbers.length < 1 || numbers.length > maxBatch) {
      return refuse(400, 'Bad Request', `personidentifikatorer must be a list of 1 to ${maxBatch} strings.`)
    }
    const show = { contact, mailbox, since: new Date(register.since).toISOString() }
    return c.json({ personer: numbers.map((number) => entry(number, register.persons.get(number), show)) })
  })
  return service
}

function entry(
  personidentifikator: string,
  person: Person | undefined,
  show: { readonly contact: boolean; readonly mailbox: boolean; readonly since: string },
): object {
  const status = person ? (person.status ?? 'AKTIV') : 'IKKE_REGISTRERT'
  const reservasjon = person?.reservasjon ?? 'NEI'
  const active = person !== undefined && status === 'AKTIV'
  const reachable = active && reservasjon === 'NEI' && (person.epostadresse ?? person.mobiltelefonnummer) !== undefined
  return {
    personidentifikator,
    reservasjon,
    status,
    ...(show.contact ? { varslingsstatus: reachable ? 'KAN_VARSLES' : 'KAN_IKKE_VARSLES' } : {}),
    ...(show.contact && active
      ? {
          kontaktinformasjon: contactOf(person, show.since),
          spraak: person.spraak ?? 'nb',
          spraak_oppdatert: show.since,
        }
      : {}),
    ...(show.mailbox && active
      ? {
          digital_post: {
            postkasseadresse: `emulator#${personidentifikator}`,
            postkasseleverandoeradresse: '984661185',
          },
        }
      : {}),
  }
}

function contactOf(person: Person, since: string): object {
  const { epostadresse, mobiltelefonnummer } = person
  return {
    ...(epostadresse === undefined
      ? {}
      : { epostadresse, epostadresse_oppdatert: since, epostadresse_sist_verifisert: since }),
    ...(mobiltelefonnummer === undefined
      ? {}
      : { mobiltelefonnummer, mobiltelefonnummer_oppdatert: since, mobiltelefonnummer_sist_verifisert: since }),
  }
}
