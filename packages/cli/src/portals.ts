/** Where people do by hand what has no API for them yet. */
import type { Text } from './language.ts'

export const environmentNames = ['test', 'prod'] as const
export type EnvironmentName = (typeof environmentNames)[number]

/** Self-service in Samarbeidsportalen, where clients and their keys are ([Digdir](https://docs.digdir.no/docs/Maskinporten/maskinporten_sjolvbetjening_web)). */
export const selfServicePortals: Readonly<Record<EnvironmentName, string>> = {
  test: 'https://sjolvbetjening.test.samarbeid.digdir.no',
  prod: 'https://sjolvbetjening.samarbeid.digdir.no',
}

/** The fields of a client there, and what goes into each. */
export const portalFields: readonly { readonly field: Text; readonly content: Text }[] = [
  {
    field: { en: 'Integration type', nb: 'Integrasjonstype' },
    content: { en: 'Maskinporten', nb: 'Maskinporten' },
  },
  {
    field: { en: 'Name', nb: 'Navn' },
    content: { en: 'what your system is called', nb: 'det systemet ditt heter' },
  },
  {
    field: { en: 'Description', nb: 'Beskrivelse' },
    content: { en: 'what it calls, for your colleagues', nb: 'hva det kaller, for kollegene dine' },
  },
  {
    field: { en: 'Scopes', nb: 'Scopes' },
    content: {
      en: 'those of the APIs that you call (maskinporten apis)',
      nb: 'de som API-ene du kaller, krever (maskinporten apis)',
    },
  },
  {
    field: { en: 'Public key', nb: 'Offentlig nøkkel' },
    content: { en: 'the whole public file, with its [ ]', nb: 'hele den offentlige filen, med [ ]' },
  },
]
