/** The texts of the page. What it says about refusals is in advice/. */
import { fillPlaceholders } from '../placeholders.ts'
import type { Language, Text } from './language.ts'

/** `<name>` stands for a value. */
const catalogue = {
  title: { en: 'Maskinporten emulator', nb: 'Maskinporten-emulatoren' },
  notAffiliated: { en: 'Not affiliated with Digdir or Altinn.', nb: 'Har ingen tilknytning til Digdir eller Altinn.' },
  skip: { en: 'Go to the requests', nb: 'Gå til forespørslene' },
  otherLanguage: { en: 'Norsk bokmål', nb: 'English' },
  live: { en: 'This page follows what arrives.', nb: 'Siden oppdateres når noe kommer inn.' },
  notLive: { en: 'Reload the page to see what is new.', nb: 'Last siden på nytt for å se hva som er nytt.' },
  lost: {
    en: 'The emulator does not answer. The page tries again by itself.',
    nb: 'Emulatoren svarer ikke. Siden prøver igjen av seg selv.',
  },
  clock: { en: 'Times are UTC, by the emulator’s clock.', nb: 'Tidspunktene er i UTC, etter emulatorens klokke.' },
  requests: { en: 'Requests', nb: 'Forespørsler' },
  counted: { en: '<shown> shown, <refused> refused or failed', nb: '<shown> vises, <refused> avvist eller feilet' },
  remarked: { en: '<count> with a remark', nb: '<count> med merknad' },
  newestFirst: { en: 'The newest <limit> at most, newest first.', nb: 'Høyst de <limit> nyeste, nyeste først.' },
  all: { en: 'All', nb: 'Alle' },
  onlyRefused: {
    en: 'Only refused or failed, or with a remark',
    nb: 'Bare avvist, feilet eller med merknad',
  },
  filter: { en: 'Which requests are shown', nb: 'Hvilke forespørsler som vises' },
  noRequests: { en: 'Nothing has arrived yet.', nb: 'Ingenting har kommet inn ennå.' },
  noRefusals: { en: 'Nothing was refused, and nothing failed.', nb: 'Ingenting er avvist eller har feilet.' },
  accepted: { en: 'accepted', nb: 'godtatt' },
  refused: { en: 'refused', nb: 'avvist' },
  failed: { en: 'failed', nb: 'feilet' },
  partly: { en: 'partly', nb: 'delvis' },
  inactive: { en: 'inactive', nb: 'inaktivt' },
  ordered: { en: 'ordered', nb: 'bestilt' },
  challenged: { en: 'needs a token', nb: 'krever token' },
  unanswered: { en: 'not answered', nb: 'ikke besvart' },
  why: { en: 'Why', nb: 'Hvorfor' },
  whoMustAct: { en: 'Who must act', nb: 'Hvem må gjøre noe?' },
  wayOut: { en: 'The way out', nb: 'Veien videre' },
  emulatorSays: { en: 'The emulator says', nb: 'Emulatoren sier' },
  compared: { en: 'Compared', nb: 'Sammenlignet' },
  expected: { en: 'Expected', nb: 'Forventet' },
  received: { en: 'Received', nb: 'Mottatt' },
  answer: { en: 'The answer', nb: 'Svaret' },
  emptyBody: { en: 'The body is empty.', nb: 'Svaret er tomt.' },
  assertion: { en: 'The assertion (JWT grant)', nb: 'JWT-grant (assertion)' },
  unverified: { en: 'As it came, also where it was refused.', nb: 'Slik den kom, også når den ble avvist.' },
  bearer: { en: 'The bearer token that was sent', nb: 'Bearer-tokenet som ble sendt' },
  issued: { en: 'The token that was issued', nb: 'Tokenet som ble utstedt' },
  header: { en: 'Header', nb: 'Header' },
  claims: { en: 'Claims', nb: 'Claims' },
  seconds: { en: '<count> seconds', nb: '<count> sekunder' },
  exchange: { en: 'What the exchange changed', nb: 'Hva tokenutvekslingen endret' },
  added: { en: 'Added', nb: 'Lagt til' },
  removed: { en: 'Taken away', nb: 'Fjernet' },
  changed: { en: 'Changed', nb: 'Endret' },
  kept: { en: 'Unchanged', nb: 'Uendret' },
  from: { en: 'from', nb: 'fra' },
  to: { en: 'to', nb: 'til' },
  clients: { en: 'Clients', nb: 'Klienter' },
  noClients: { en: 'No client is registered.', nb: 'Ingen klient er registrert.' },
  organisation: { en: 'Organisation', nb: 'Virksomhet' },
  scopes: { en: 'Scopes', nb: 'Scopes' },
  keys: { en: 'Keys', nb: 'Nøkler' },
  noKey: { en: 'none: signs with an enterprise certificate', nb: 'ingen: signerer med virksomhetssertifikat' },
  ends: { en: 'expires <date>', nb: 'utløper <date>' },
  ended: { en: 'expired <date>', nb: 'utløpte <date>' },
  active: { en: 'active', nb: 'aktiv' },
  deactivated: { en: 'deactivated', nb: 'deaktivert' },
  systemUsers: { en: 'System users', nb: 'Systembrukere' },
  noSystemUsers: { en: 'There is no system user.', nb: 'Det finnes ingen systembruker.' },
  consents: { en: 'Consents', nb: 'Samtykker' },
  noConsents: { en: 'There is no consent.', nb: 'Det finnes ikke noe samtykke.' },
  system: { en: 'System', nb: 'System' },
  customer: { en: 'Customer', nb: 'Kunde' },
  reference: { en: 'Reference', nb: 'Referanse' },
  givenBy: { en: 'Given by', nb: 'Gitt av' },
  givenTo: { en: 'Given to', nb: 'Gitt til' },
  validTo: { en: 'Valid to', nb: 'Gyldig til' },
  state: { en: 'State', nb: 'Status' },
  approved: { en: 'approved', nb: 'godkjent' },
  notApproved: { en: 'not approved', nb: 'ikke godkjent' },
  approve: { en: 'Approve', nb: 'Godkjenn' },
  revoke: { en: 'Revoke', nb: 'Trekk tilbake' },
  addresses: { en: 'Addresses', nb: 'Adresser' },
  register: { en: 'Contact register (KRR)', nb: 'KRR' },
  selfService: { en: 'Self-service', nb: 'Selvbetjening' },
  controls: { en: 'Control API', nb: 'Styrings-API' },
  described: { en: 'Description of the control API', nb: 'Beskrivelse av styrings-API-et' },
}

export type TextName = keyof typeof catalogue

export type Say = (name: TextName, values?: Readonly<Record<string, string | number>>) => string

export function sayIn(language: Language): Say {
  return (name, values = {}) => {
    const text: Text = catalogue[name]
    const filled = Object.entries(values).map(([key, value]) => [key, String(value)] as const)
    return fillPlaceholders(text[language], Object.fromEntries(filled))
  }
}
