/** The tax administration: each API has an address and a scope by its name. */
import type { Row, Source } from '../row.ts'
import { file } from '../sources.ts'
import { skatteetaten as owner } from './owners.ts'

export type SkatteetatenId =
  | 'skatteetaten/amelding'
  | 'skatteetaten/avregning'
  | 'skatteetaten/beregnetskatt'
  | 'skatteetaten/beregnetskattupersonlig'
  | 'skatteetaten/inntekt'
  | 'skatteetaten/inntektsmottakere'
  | 'skatteetaten/kravogbetalinger'
  | 'skatteetaten/naeringsspesifikasjon'
  | 'skatteetaten/pensjonsgivendeinntekt'
  | 'skatteetaten/pensjonsgivendeinntektforfolketrygden'
  | 'skatteetaten/skattemelding'
  | 'skatteetaten/skattemeldingupersonlig'
  | 'skatteetaten/skatteplikt'
  | 'skatteetaten/skattepliktupersonlig'
  | 'skatteetaten/skatteberegningsgrunnlagupersonlig'
  | 'skatteetaten/summertskattegrunnlagupersonlig'
  | 'skatteetaten/tilleggsskatt'

// The dates are those of the pages.
const docs = (commit: string, path: string, date: string): Source => ({
  ...file('Skatteetaten/api-dokumentasjon', commit, `docs/${path}.md`, date),
  dateOf: 'page',
})
const security = docs('059bf5b46d980840c5dc90d9f459df29819d02fa', 'om/sikkerhet', '2026-02-09')
const addresses = docs('29c139bc6edee062c9092bba3f08380e1f5e8262', 'om/url', '2024-03-05')
const events = docs('aeb4591d7386ec01b411ee62d533ad08bfec6f13', 'api/hendelser', '2024-07-04')
const income = docs('fa8c037acfda1f1b69ceff33497b34095de640ea', 'api/inntekt', '2023-11-22')
const recipients = docs('5468091b42d6fcae56cdaa65ff0e5e36274a879e', 'api/inntektsmottakere', '2023-03-06')
const claims = docs('ff725f2b605d48236cb15c4fcd21105d85797011', 'api/kravogbetalinger', '2024-04-24')
const aMelding = docs('484fc323191a4ef61e970602d127aebd2ad2a375', 'api/innrapportering-amelding', '2025-03-27')

const byAgreement = {
  nb: 'Skatteetaten, når API-et og rettighetspakken er avtalt',
  en: 'Skatteetaten, when the API and the package of rights are agreed',
  source: security,
}

interface Lookup {
  readonly nb: string
  readonly en: string
  /** Name and version in the address. */
  readonly path: readonly [host: string, version: string]
  /** Where it is not the name in the address. */
  readonly scope?: string
  readonly docs?: Source
}

/** Names in lower case are those of the API's own data. */
function lookup({ nb, en, path: [host, version], scope = host, docs: about = events }: Lookup): Row {
  const first = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
  return {
    name: { nb: first(nb), en: first(en), source: about },
    owner,
    baseUrls: {
      test: `https://${host}.api.skatteetaten-test.no/${version}`,
      prod: `https://${host}.api.skatteetaten.no/${version}`,
      source: addresses,
    },
    token: { kind: 'maskinporten', source: security },
    scopes: [
      {
        name: `skatteetaten:${scope}`,
        access: 'read',
        meaning: { nb: `Hente ${nb}`, en: `Fetch ${en}` },
        grantedBy: byAgreement,
        source: about,
      },
    ],
    docs: about,
  }
}

export const skatteetaten: Readonly<Record<SkatteetatenId, Row>> = {
  'skatteetaten/amelding': {
    name: {
      nb: 'Innrapportering av a-melding',
      en: 'Reporting of the a-melding (pay and tax deduction)',
      source: aMelding,
    },
    owner,
    baseUrls: {
      test: 'https://innrapporteringamelding.api.skatteetaten-test.no/v1',
      prod: 'https://innrapporteringamelding.api.skatteetaten.no/v1',
      source: aMelding,
    },
    token: { kind: 'maskinporten', source: security },
    scopes: [
      {
        name: 'skatteetaten:innrapporteringamelding',
        access: 'write',
        meaning: { nb: 'Levere a-melding og hente tilbakemelding', en: 'Submit the a-melding and fetch the feedback' },
        grantedBy: byAgreement,
        source: aMelding,
      },
    ],
    delegable: { value: true, source: aMelding },
    systemUser: { value: 'required', source: aMelding },
    docs: aMelding,
  },
  'skatteetaten/avregning': lookup({
    nb: 'avregning av skatteoppgjør',
    en: 'settlements of tax assessments',
    path: ['avregning', 'v2'],
  }),
  'skatteetaten/beregnetskatt': lookup({
    nb: 'beregnet skatt for personer',
    en: 'calculated tax of persons',
    path: ['beregnetskatt', 'v2'],
  }),
  'skatteetaten/beregnetskattupersonlig': lookup({
    nb: 'beregnet skatt for upersonlige skattytere',
    en: 'calculated tax of companies',
    path: ['beregnetskattupersonlig', 'v1'],
  }),
  'skatteetaten/inntekt': {
    ...lookup({
      nb: 'inntektsopplysninger fra a-meldingen',
      en: 'income as reported in the a-melding',
      path: ['inntekt', 'v1'],
      docs: income,
    }),
    delegable: { value: true, source: income },
    consent: { value: 'accepted', source: income },
  },
  'skatteetaten/inntektsmottakere': {
    ...lookup({
      nb: 'inntektsmottakerne til en arbeidsgiver',
      en: 'the recipients of income from an employer',
      path: ['inntektsmottakere', 'v1'],
      docs: recipients,
    }),
    delegable: { value: true, source: recipients },
  },
  'skatteetaten/kravogbetalinger': {
    ...lookup({
      nb: 'krav og betalinger',
      en: 'claims and payments',
      path: ['kravogbetalinger', 'v1'],
      docs: claims,
    }),
    delegable: { value: true, source: claims },
    systemUser: { value: 'accepted', source: claims },
    consent: { value: 'accepted', source: claims },
  },
  'skatteetaten/naeringsspesifikasjon': lookup({
    nb: 'næringsspesifikasjoner',
    en: 'income statements of businesses',
    path: ['naeringsspesifikasjon', 'v3'],
  }),
  'skatteetaten/pensjonsgivendeinntekt': lookup({
    nb: 'pensjonsgivende inntekt',
    en: 'pensionable income',
    path: ['pgi', 'v1'],
    scope: 'pensjonsgivendeinntekt',
  }),
  'skatteetaten/pensjonsgivendeinntektforfolketrygden': lookup({
    nb: 'pensjonsgivende inntekt for folketrygden',
    en: 'pensionable income for the national insurance',
    path: ['pgiforfolketrygden', 'v1'],
    scope: 'pensjonsgivendeinntektforfolketrygden',
  }),
  'skatteetaten/skattemelding': lookup({
    nb: 'skattemeldinger for personer',
    en: 'tax returns of persons',
    path: ['skattemelding', 'v3'],
  }),
  'skatteetaten/skattemeldingupersonlig': lookup({
    nb: 'skattemeldinger for upersonlige skattytere',
    en: 'tax returns of companies',
    path: ['skattemeldingupersonlig', 'v2'],
  }),
  'skatteetaten/skatteplikt': lookup({
    nb: 'skatteplikt for personer',
    en: 'tax liability of persons',
    path: ['skatteplikt', 'v2'],
  }),
  'skatteetaten/skattepliktupersonlig': lookup({
    nb: 'skatteplikt for upersonlige skattytere',
    en: 'tax liability of companies',
    path: ['skattepliktupersonlig', 'v1'],
  }),
  'skatteetaten/skatteberegningsgrunnlagupersonlig': lookup({
    nb: 'skatteberegningsgrunnlag for upersonlige skattytere',
    en: 'the basis of the tax calculation of companies',
    path: ['skatteberegningsgrunnlagupersonlig', 'v1'],
  }),
  'skatteetaten/summertskattegrunnlagupersonlig': lookup({
    nb: 'summert skattegrunnlag for upersonlige skattytere',
    en: 'the summed tax basis of companies',
    path: ['summertskattegrunnlagupersonlig', 'v1'],
  }),
  'skatteetaten/tilleggsskatt': lookup({
    nb: 'tilleggsskatt',
    en: 'additional tax',
    path: ['tilleggsskatt', 'v1'],
  }),
}
