import type { Texts } from './texts.ts'
import { pathOf, shorten } from './shorten.ts'

const plural = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`
const lives = (ms: number): string =>
  ms < 300_000 ? `varer i ${Math.round(ms / 1000)} s` : `varer i ${Math.round(ms / 60_000)} min`

export const nb: Texts = {
  language: 'nb',
  name: 'Søknad',
  notice: 'Et eksempel: ingenting forlater denne maskinen, og ingen får innvilget noe.',
  skip: 'Hopp til hovedinnholdet',
  otherLanguage: { language: 'en', name: 'English' },
  footer: 'En del av Maskinporten Kit. Ikke tilknyttet Digdir eller Altinn.',
  form: {
    title: 'Søk om tilskudd til nærmiljøet',
    intro:
      'Det du sender, blir en instans i et emulert Altinn. Tjenesteeierens komponent henter den så, med sitt eget token fra Maskinporten.',
    allRequired: 'Alle feltene må fylles ut.',
    labels: { person: 'Fødselsnummer', measure: 'Hva skal tilskuddet brukes til?', amount: 'Beløp i kroner' },
    hints: {
      person: 'Elleve sifre for en syntetisk person, med 80 lagt til måneden, for eksempel 20914695016.',
      measure: 'Høyst 500 tegn.',
      amount: 'Hele kroner, fra 1 til 1 000 000.',
    },
    errors: {
      person: {
        missing: 'Fyll ut fødselsnummer',
        invalid: 'Bruk elleve sifre med 80 lagt til måneden: virkelige personer hører ikke hjemme her',
      },
      measure: {
        missing: 'Fortell hva tilskuddet skal brukes til',
        invalid: 'Bruk høyst 500 tegn på hva tilskuddet skal brukes til',
      },
      amount: { missing: 'Fyll ut et beløp', invalid: 'Bruk hele kroner fra 1 til 1 000 000 som beløp' },
    },
    errorTitle: 'Noe må rettes',
    errorPrefix: 'Feil: ',
    adapter: 'Hvilken HTTP-klient skal hente den?',
    adapterHint: 'Hver har sin egen adapter og sitt eget hurtigbuffer for token.',
    adapters: { fetch: 'fetch, innebygd i Node', axios: 'axios', ky: 'ky' },
    send: 'Send søknaden',
  },
  result: {
    received: 'Søknaden er mottatt',
    failed: 'Søknaden kom ikke helt fram',
    reference: (instance) => `Referanse: ${instance}`,
    notification: (word) =>
      word === 'KAN_VARSLES'
        ? 'Du får beskjed når svaret er klart, på adressen som står i registeret.'
        : 'Registeret har ingen adresse å varsle deg på: se etter svaret her.',
    panel: 'Se hva som skjedde',
    panelIntro: (adapter) => `Komponentens steg, gjennom ${adapter}. Token, nøkler og signaturer vises aldri.`,
    another: 'Send en søknad til',
    done: 'Utført',
    notDone: 'Mislyktes',
    step: {
      form: 'Skjemaet blir en instans og en hendelse',
      settings: 'Innstillinger',
      token: 'Token fra Maskinporten',
      exchange: 'Veksling hos Altinn',
      list: 'Storage: det som venter',
      instance: 'Storage: instansen',
      data: 'Storage: dataene',
      register: 'Registeret: hvordan søkeren kan nås',
      complete: 'Storage: bekreft mottaket',
    },
    freshness: { new: 'ny', cache: 'fra hurtigbuffer' },
    tokenFreshness: { new: 'nytt token', cache: 'token fra hurtigbuffer' },
    details: 'Detaljer',
    event: 'Hendelse',
    instance: 'Instans',
    settings: 'Hvor hver innstilling kom fra',
    from: 'fra',
    grantHeader: 'Hodet i forespørselen (grant)',
    grantClaims: 'Påstandene i forespørselen (claims)',
    noGrant: 'Ingen forespørsel ble sendt: tokenet lå i hurtigbufferet.',
    signature: 'Signaturen er utelatt.',
    tokenClaims: 'Påstandene i tokenet (claims)',
    noClaims: 'Tokenet lot seg ikke lese som en JWT.',
    added: 'Lagt til av Altinn',
    removed: 'Fjernet av Altinn',
    changed: 'Endret av Altinn',
    kept: 'Beholdt',
    became: 'ble til',
    call: 'Kall',
    status: 'Status',
    token: 'Token',
    nothing: 'ingenting',
  },
  refused: {
    title: 'Det gikk ikke',
    notFound: 'Det er ingenting på denne adressen. Serveren glemmer gamle søknader.',
    notOurs: 'Skjemaet kom ikke fra denne siden, eller det er eldre enn serveren. Fyll det ut på nytt.',
    tooLarge: 'Skjemaet er større enn det kan være. Fyll det ut på nytt.',
    unexpected: 'Noe sviktet på serveren. Prøv igjen.',
    back: 'Til skjemaet',
  },
  what(step) {
    switch (step.id) {
      case 'form':
        return `instans ${shorten(step.instance)}, hendelse ${step.event}`
      case 'settings':
        return `${plural(step.settings.length, 'innstilling', 'innstillinger')} lest, revisjon ${step.revision}`
      case 'token':
        return `${plural(step.scopes.length, 'scope', 'scopes')}, ${lives(step.remainingMs)}`
      case 'exchange':
        return `for ${step.org ?? 'ingen tjenesteeier'}, ${lives(step.remainingMs)}`
      case 'list':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${plural(step.count, 'instans', 'instanser')}`
      case 'instance':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${plural(step.count, 'dataelement', 'dataelementer')}`
      case 'data':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${plural(step.count, 'byte', 'byte')}`
      case 'register':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${step.word ?? plural(step.count, 'person', 'personer')}`
      case 'complete':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${plural(step.count, 'bekreftelse', 'bekreftelser')}`
    }
  },
  ms: (value) => value.toFixed(1).replace('.', ','),
}
