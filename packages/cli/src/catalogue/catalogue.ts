/** Every explanation, in its group. The pages `errors.md` and `maskinporten explain` are made of it. */
import type { TokenErrorId } from '@maskinporten-kit/emulator/refusals'
import type { Text } from '../language.ts'
import { apiAnswers } from './api-answers.ts'
import { assertionRefusals } from './assertion-refusals.ts'
import { authorizationRefusals } from './authorization-refusals.ts'
import { entraCodes, vaultAnswers } from './azure-codes.ts'
import { codes } from './codes.ts'
import { doctorCodes } from './doctor-codes.ts'
import type { CodeEntry, DetailEntry, Details, RefusalEntry } from './entry.ts'
import { altinnRules, emulatorRules, selfServiceRules, tokenRules } from './emulator-rules.ts'
import { exchangeRefusals } from './exchange-refusals.ts'
import { issuerCodes } from './issuer-codes.ts'
import { keyCodes } from './key-codes.ts'
import { keyForms } from './key-forms.ts'
import { keyWarnings } from './key-warnings.ts'
import { oauthErrors } from './oauth-errors.ts'
import { requestCodes } from './request-codes.ts'
import { settingsCodes } from './settings-codes.ts'
import { sourceCodes } from './source-codes.ts'
import { systemUserCodes } from './system-user-codes.ts'
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
const refusals: Readonly<Record<TokenErrorId, RefusalEntry>> = {
  ...assertionRefusals,
  ...authorizationRefusals,
}

const same = (page: string): Text => ({ en: page, nb: page })
/** Digdir, «Feilsøking». */
export const TROUBLESHOOTING: Text = same('https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking')

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
  {
    id: 'what-an-api-refuses',
    title: { en: 'What an API refuses', nb: 'Det et API avviser' },
    intro: {
      en: 'An API answers 401 or 403, often without a reason. The names are those of the emulator’s log and page.',
      nb: 'Et API svarer 401 eller 403, ofte uten å si hvorfor. Navnene er de som står i loggen og på siden til emulatoren.',
    },
    entries: tokenRules,
    page: same('https://docs.digdir.no/docs/Maskinporten/maskinporten_guide_apitilbyder'),
  },
  {
    id: 'altinn',
    title: { en: 'Altinn: exchange, Storage, Events', nb: 'Altinn: tokenveksling, Storage, Events' },
    intro: {
      en: 'Altinn sends a status and hardly a word, so the names are ours: those of the emulator’s log and page.',
      nb: 'Altinn sender en status og knapt et ord, så navnene er våre: de som står i loggen og på siden til emulatoren.',
    },
    entries: { ...exchangeRefusals, ...altinnRules },
    page: same('https://docs.altinn.studio/authorization/getting-started/authentication/maskinporten'),
  },
  {
    id: 'system-users',
    title: { en: 'Altinn: system users', nb: 'Altinn: systembrukere' },
    intro: {
      en: '`code` of the problem that Altinn’s API for system users answers. Maskinporten does not send them.',
      nb: '`code` i svaret fra Altinns API for systembrukere. Maskinporten sender dem ikke.',
    },
    entries: systemUserCodes,
    page: {
      en: 'https://docs.altinn.studio/en/authorization/guides/system-vendor/system-user/troubleshooting',
      nb: 'https://docs.altinn.studio/nb/authorization/guides/system-vendor/system-user/troubleshooting',
    },
  },
  {
    id: 'self-service',
    title: { en: 'Digdir’s self-service API', nb: 'Selvbetjenings-API-et til Digdir' },
    intro: {
      en: 'The API sends words and no code, so the names are ours: those of the emulator’s log and page.',
      nb: 'API-et sender ord og ingen kode, så navnene er våre: de som står i loggen og på siden til emulatoren.',
    },
    entries: selfServiceRules,
    page: same('https://docs.digdir.no/docs/Maskinporten/maskinporten_sjolvbetjening_api'),
  },
  {
    id: 'entra-and-key-vault',
    title: { en: 'What Entra ID and Key Vault answer', nb: 'Det Entra ID og Key Vault svarer' },
    intro: {
      en: 'The codes of Microsoft’s own answers. What this library makes of them is under [Azure Key Vault](#azure-key-vault).',
      nb: 'Kodene i Microsofts egne svar. Det biblioteket gjør dem til, står under [Azure Key Vault](#azure-key-vault).',
    },
    entries: { ...entraCodes, ...vaultAnswers },
    page: same('https://learn.microsoft.com/entra/identity-platform/reference-error-codes'),
  },
  {
    id: 'doctor',
    title: { en: 'What doctor finds', nb: 'Det doctor finner' },
    intro: {
      en: 'Beside the codes above, `maskinporten doctor` has these of its own.',
      nb: 'I tillegg til kodene over har `maskinporten doctor` disse egne.',
    },
    entries: { ...doctorCodes, ...apiAnswers },
  },
  {
    id: 'emulator',
    title: { en: 'The emulator’s own names', nb: 'Emulatorens egne navn' },
    intro: {
      en: 'Names of rules in the emulator’s log and on its page: of Texas, of its Key Vault, and of the emulator itself.',
      nb: 'Navn på regler i loggen og på siden til emulatoren: for Texas, for Key Vault der, og for emulatoren selv.',
    },
    entries: emulatorRules,
  },
]
