/** What `maskinporten register` says: before it changes anything, and after. */
import type { PublicHalf } from '../keys/public-half.ts'
import type { Terminal } from '../terminal.ts'
import type { NewClient, PublishedKey, RegisteredClient } from './client.ts'
import type { ClientIdPlace } from './client-id-place.ts'

export interface Wanted {
  readonly client: NewClient
  readonly key: PublicHalf
}

export interface Found {
  readonly client: RegisteredClient
  readonly keys: readonly PublishedKey[]
  /** Whether the key is on it already. */
  readonly hasKey: boolean
}

export interface Plan {
  readonly wanted: Wanted
  readonly found: Found | undefined
  readonly place: ClientIdPlace
  readonly api: string
}

export const isDone = ({ found, place }: Plan): boolean =>
  found?.hasKey === true && place.current === found.client.client_id

export function showPlan(
  { wanted: { client, key }, found, place, api }: Plan,
  terminal: Terminal,
  where: 'result' | 'beside',
): void {
  const actions = {
    register: found === undefined,
    postKey: found?.hasKey !== true,
    write: place.current !== undefined && place.current === found?.client.client_id ? null : place.path,
  }
  if (where === 'result' && terminal.isJson)
    return terminal.json({
      dryRun: true,
      api,
      clientId: found?.client.client_id ?? null,
      clientName: client.client_name,
      scopes: client.scopes,
      kid: key.jwk.kid,
      thumbprint: key.thumbprint,
      actions,
    })
  const lines = [
    `${terminal.text({ en: 'At', nb: 'Hos' })} ${api}:`,
    actions.register
      ? terminal.text({
          en: `  registers the client ${client.client_name} with ${client.scopes.join(' ')}`,
          nb: `  registrerer klienten ${client.client_name} med ${client.scopes.join(' ')}`,
        })
      : terminal.text({
          en: `  uses the client ${client.client_name}, ${found?.client.client_id}, which is there already`,
          nb: `  bruker klienten ${client.client_name}, ${found?.client.client_id}, som finnes fra før`,
        }),
    ...(actions.postKey
      ? [
          terminal.text({
            en: `  publishes the public key ${key.jwk.kid} (thumbprint ${key.thumbprint})`,
            nb: `  registrerer den offentlige nøkkelen ${key.jwk.kid} (fingeravtrykk ${key.thumbprint})`,
          }),
        ]
      : []),
    ...(actions.write === null
      ? []
      : [
          terminal.text({
            en: `Writes the client id into ${actions.write}${place.current === undefined ? '' : `, over ${place.current}`}`,
            nb: `Skriver klient-ID-en inn i ${actions.write}${place.current === undefined ? '' : `, over ${place.current}`}`,
          }),
        ]),
  ]
  if (where === 'result') terminal.result(lines.join('\n'))
  else terminal.say(lines.join('\n'))
}

export function showResult(
  {
    wanted: { client: asked, key },
    found,
    place,
    api,
    client,
  }: Plan & { readonly client: RegisteredClient | undefined },
  terminal: Terminal,
): void {
  const clientId = client?.client_id ?? ''
  const missing = asked.scopes.filter((scope) => client?.scopes.includes(scope) === false)
  if (missing.length > 0)
    terminal.say({
      en: `The client lacks ${missing.join(' ')}; add them in Samarbeidsportalen.`,
      nb: `Klienten mangler ${missing.join(' ')}; legg dem til i Samarbeidsportalen.`,
    })
  if (place.isHidden)
    terminal.say({
      en: `${place.origin} goes over ${place.path}; change it there, too.`,
      nb: `${place.origin} går foran ${place.path}; endre den der også.`,
    })
  if (terminal.isJson)
    return terminal.json({
      registered: true,
      created: found === undefined,
      api,
      clientId,
      clientName: asked.client_name,
      scopes: client?.scopes ?? [],
      kid: key.jwk.kid,
      thumbprint: key.thumbprint,
      written: place.path,
    })
  terminal.result(
    terminal.text({
      en: `${clientId}  ${asked.client_name}, with the key ${key.jwk.kid}; the id is in ${place.path}`,
      nb: `${clientId}  ${asked.client_name}, med nøkkelen ${key.jwk.kid}; ID-en står i ${place.path}`,
    }),
  )
  terminal.say({
    en: 'It takes up to two minutes until Maskinporten knows a new client or key. Next: maskinporten key-vault push, then maskinporten doctor',
    nb: 'Det tar opptil to minutter før Maskinporten kjenner en ny klient eller nøkkel. Neste steg: maskinporten key-vault push, deretter maskinporten doctor',
  })
}
