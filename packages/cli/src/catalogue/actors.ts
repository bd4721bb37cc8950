/** Who can end a failure: a closed union, so that nobody is named in two ways. */
import type { Language, Text } from '../language.ts'

export type Actor =
  | 'developer'
  | 'settings'
  | 'clientAdministrator'
  | 'apiOwner'
  | 'customer'
  | 'operations'
  | 'vaultAdministrator'
  | 'digdir'
  | 'altinn'
  /** It passes by itself. With others beside it: they act when it lasts. */
  | 'nobody'

const actors: Readonly<Record<Actor, Text>> = {
  developer: { en: 'the developer of the calling code', nb: 'utvikleren av koden som gjør kallet' },
  settings: {
    en: 'the one who keeps the settings and the key',
    nb: 'den som har ansvaret for innstillingene og nøkkelen',
  },
  clientAdministrator: {
    en: 'the one who administers the client in Samarbeidsportalen',
    nb: 'den som administrerer klienten i Samarbeidsportalen',
  },
  apiOwner: { en: 'the one who owns the API', nb: 'API-tilbyderen' },
  customer: { en: 'the customer, in Altinn', nb: 'kunden, i Altinn' },
  operations: { en: 'the one who runs the machine and its network', nb: 'den som drifter maskinen og nettverket' },
  vaultAdministrator: {
    en: 'the one who administers the vault in Azure',
    nb: 'den som administrerer hvelvet i Azure',
  },
  digdir: { en: 'Digdir', nb: 'Digdir' },
  altinn: { en: 'Altinn', nb: 'Altinn' },
  nobody: { en: 'nobody', nb: 'ingen' },
}

/** As half a sentence: 'the one who owns the API, or the developer of the calling code'. */
export function whoActs(acting: readonly Actor[], language: Language): string {
  const names = (some: readonly Actor[]): string =>
    some.map((actor) => actors[actor][language]).join({ en: ', or ', nb: ', eller ' }[language])
  if (acting[0] !== 'nobody') return names(acting)
  const rest = names(acting.slice(1))
  if (rest === '') return { en: 'nobody: it passes by itself', nb: 'ingen: det går over av seg selv' }[language]
  return { en: `nobody at first; if it lasts, ${rest}`, nb: `ingen med det første; hvis det varer ved, ${rest}` }[
    language
  ]
}
