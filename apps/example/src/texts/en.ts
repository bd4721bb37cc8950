import type { Texts } from './texts.ts'
import { pathOf, shorten } from './shorten.ts'

const plural = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`
const lives = (ms: number): string =>
  ms < 300_000 ? `lives ${Math.round(ms / 1000)} s` : `lives ${Math.round(ms / 60_000)} min`

export const en: Texts = {
  language: 'en',
  name: 'Søknad',
  notice: 'An example: nothing leaves this machine, and nobody is granted anything.',
  skip: 'Skip to the main content',
  otherLanguage: { language: 'nb', name: 'Norsk bokmål' },
  footer: 'Part of Maskinporten Kit. Not affiliated with Digdir or Altinn.',
  form: {
    title: 'Apply for a grant for your neighbourhood',
    intro:
      'What you send becomes an instance in an emulated Altinn. A service owner’s component then fetches it, with a Maskinporten token of its own.',
    allRequired: 'All fields must be filled in.',
    labels: { person: 'National identity number', measure: 'What is the grant for?', amount: 'Amount in kroner' },
    hints: {
      person: 'Eleven digits of a synthetic person, with 80 added to the month, such as 20914695016.',
      measure: 'At most 500 characters.',
      amount: 'Whole kroner, from 1 to 1 000 000.',
    },
    errors: {
      person: {
        missing: 'Fill in a national identity number',
        invalid: 'Use eleven digits with 80 added to the month: real persons have no place here',
      },
      measure: {
        missing: 'Say what the grant is for',
        invalid: 'Use at most 500 characters for what the grant is for',
      },
      amount: { missing: 'Fill in an amount', invalid: 'Use whole kroner from 1 to 1 000 000 as the amount' },
    },
    errorTitle: 'There is something to correct',
    errorPrefix: 'Error: ',
    adapter: 'Which HTTP client should fetch it?',
    adapterHint: 'Each has its own adapter, and its own cache of tokens.',
    adapters: { fetch: 'fetch, built into Node', axios: 'axios', ky: 'ky' },
    send: 'Send the application',
  },
  result: {
    received: 'Your application has been received',
    failed: 'Your application did not come all the way',
    reference: (instance) => `Reference: ${instance}`,
    notification: (word) =>
      word === 'KAN_VARSLES'
        ? 'We shall notify you when there is an answer, at the address that the register has.'
        : 'The register has no address at which to notify you: look here for the answer.',
    panel: 'See what happened',
    panelIntro: (adapter) => `The component’s steps, through ${adapter}. Tokens, keys and signatures are never shown.`,
    another: 'Send another application',
    done: 'Done',
    notDone: 'Failed',
    step: {
      form: 'The form becomes an instance and an event',
      settings: 'Settings',
      token: 'Token from Maskinporten',
      exchange: 'Exchange at Altinn',
      list: 'Storage: what is waiting',
      instance: 'Storage: the instance',
      data: 'Storage: the data',
      register: 'The register: how to reach the applicant',
      complete: 'Storage: confirm the receipt',
    },
    freshness: { new: 'new', cache: 'from cache' },
    tokenFreshness: { new: 'token new', cache: 'token from cache' },
    details: 'Details',
    event: 'Event',
    instance: 'Instance',
    settings: 'Where every setting came from',
    from: 'from',
    grantHeader: 'Header of the grant',
    grantClaims: 'Claims of the grant',
    noGrant: 'No grant was sent: the token was in the cache.',
    signature: 'Its signature is left out.',
    tokenClaims: 'Claims of the token',
    noClaims: 'The token could not be read as a JWT.',
    added: 'Added by Altinn',
    removed: 'Removed by Altinn',
    changed: 'Changed by Altinn',
    kept: 'Kept',
    became: 'became',
    call: 'Call',
    status: 'Status',
    token: 'Token',
    nothing: 'nothing',
  },
  refused: {
    title: 'That did not work',
    notFound: 'There is nothing at this address. The server forgets old applications.',
    notOurs: 'The form did not come from this page, or it is older than the server. Fill it in again.',
    tooLarge: 'The form is larger than it can be. Fill it in again.',
    unexpected: 'Something failed on the server. Try again.',
    back: 'To the form',
  },
  what(step) {
    switch (step.id) {
      case 'form':
        return `instance ${shorten(step.instance)}, event ${step.event}`
      case 'settings':
        return `${plural(step.settings.length, 'setting')} read, revision ${step.revision}`
      case 'token':
        return `${plural(step.scopes.length, 'scope')}, ${lives(step.remainingMs)}`
      case 'exchange':
        return `for ${step.org ?? 'no service owner'}, ${lives(step.remainingMs)}`
      case 'list':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${plural(step.count, 'instance')}`
      case 'instance':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${plural(step.count, 'data element')}`
      case 'data':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${plural(step.count, 'byte')}`
      case 'register':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${step.word ?? plural(step.count, 'person')}`
      case 'complete':
        return `${step.method} ${pathOf(step.url)} → ${step.status}, ${plural(step.count, 'confirmation')}`
    }
  },
  ms: (value) => value.toFixed(1),
}
