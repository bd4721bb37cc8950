/** Every explanation, in its group. The pages `errors.md` and `maskinporten explain` are made of it. */
import type { TokenErrorId } from '@maskinporten-kit/emulator/token-errors'
import type { Text } from '../language.ts'
import { assertionRefusals } from './assertion-refusals.ts'
import { authorizationRefusals } from './authorization-refusals.ts'
import { codes } from './codes.ts'
import type { CodeEntry, DetailEntry, Details, RefusalEntry } from './entry.ts'
import { issuerCodes } from './issuer-codes.ts'
import { keyCodes } from './key-codes.ts'
import { keyForms } from './key-forms.ts'
import { keyWarnings } from './key-warnings.ts'
import { oauthErrors } from './oauth-errors.ts'
import { requestCodes } from './request-codes.ts'
import { settingsCodes } from './settings-codes.ts'
import { sourceCodes } from './source-codes.ts'
import { vaultCodes } from './vault-codes.ts'

export interface Group {
  /** Its anchor on the pages, the same in both languages. */
  readonly id: string
  readonly title: Text
  /** What is said of all its entries; Markdown. */
  readonly intro?: Text | undefined
  /** Code → entry, in the order of the pages. */
  readonly entries: Readonly<Record<string, CodeEntry & DetailEntry & RefusalEntry>>
  /** The page of whoever answers so; none: it is ours. */
  readonly page?: Text | undefined
}

/** The details and problems' codes that our packages raise. */
export const details: Details = {
  ...requestCodes,
  ...settingsCodes,
  ...issuerCodes,
  ...keyCodes,
  ...keyForms,
  ...keyWarnings,
  ...sourceCodes,
  ...vaultCodes,
}

/** What Maskinporten refuses: the compiler knows when one is missing. */
export const refusals: Readonly<Record<TokenErrorId, RefusalEntry>> = {
  ...assertionRefusals,
  ...authorizationRefusals,
}

const same = (page: string): Text => ({ en: page, nb: page })
const TROUBLESHOOTING = same('https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking')

export const groups: readonly Group[] = [
  { id: 'the-eleven-codes', title: { en: 'The eleven codes', nb: 'De elleve kodene' }, entries: codes },
  {
    id: 'on-the-way-to-a-token',
    title: { en: 'On the way to a token', nb: 'På vei til et token' },
    entries: requestCodes,
  },
  { id: 'settings', title: { en: 'Settings', nb: 'Innstillinger' }, entries: { ...settingsCodes, ...issuerCodes } },
  {
    id: 'the-signing-key',
    title: { en: 'The signing key', nb: 'Signeringsnøkkelen' },
    entries: { ...keyCodes, ...keyForms, ...keyWarnings },
  },
  {
    id: 'files-folders-and-variables',
    title: { en: 'Files, folders and variables', nb: 'Filer, mapper og variabler' },
    entries: sourceCodes,
  },
  { id: 'azure-key-vault', title: { en: 'Azure Key Vault', nb: 'Azure Key Vault' }, entries: vaultCodes },
  {
    id: 'what-maskinporten-refuses',
    title: { en: 'What Maskinporten refuses', nb: 'Det Maskinporten avviser' },
    intro: {
      en: 'Under [`token_refused`](#token_refused). `mpCode` is the name here where that begins with `MP-`; to the others, whose names are ours, the server gives no code.',
      nb: 'Under [`token_refused`](#token_refused). `mpCode` er navnet her der det begynner med `MP-`. De andre har ingen kode fra serveren, så navnene er våre.',
    },
    entries: refusals,
    page: TROUBLESHOOTING,
  },
  {
    id: 'oauth-errors',
    title: { en: 'OAuth errors', nb: 'OAuth-feil' },
    intro: {
      en: 'What stands in `oauthError`, or in `error` of an answer. It is coarse: where there is an MP code, that says more.',
      nb: 'Det som står i `oauthError`, eller i `error` i et svar. Det er grovt: Er det en MP-kode, sier den mer.',
    },
    entries: oauthErrors,
    page: TROUBLESHOOTING,
  },
]
