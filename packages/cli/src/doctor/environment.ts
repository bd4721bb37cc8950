/** Which Maskinporten is asked, also where the settings as a whole cannot be used. */
import { type ConfigLayer, environments } from '@maskinporten-kit/core'
import { environmentOf } from '../addresses.ts'
import type { Text } from '../language.ts'
import { selfServicePortals } from '../portals.ts'

export interface AskedEnvironment {
  /** With its final slash, as far as is known. */
  readonly issuer: string
  /** `undefined`: another server, such as the emulator. */
  readonly name: 'test' | 'prod' | undefined
}

export const environmentOfIssuer = (issuer: string): AskedEnvironment => ({
  issuer,
  name: environmentOf({ authority: issuer }),
})

const NAMES = ['environment', 'authority', 'maskinporten_issuer', 'maskinporten_well_known_url'] as const

/** From the sources as they are: the highest one that names a server. */
export function environmentIn(layers: readonly ConfigLayer[], section: string): AskedEnvironment | undefined {
  for (const layer of layers.toReversed())
    for (const name of NAMES) {
      const path = name.startsWith('maskinporten_') ? name : `${section.toLowerCase()}:${name}`
      const text = layer.get(path)?.reveal()?.trim() ?? ''
      if (text === 'test' || text === 'prod') return { issuer: environments[text].issuer, name: text }
      const issuer = text.replace(/\.well-known\/.*$/, '')
      if (/^https?:\/\//i.test(issuer) && URL.canParse(issuer)) return environmentOfIssuer(issuer)
    }
  return undefined
}

/** The environment as sentences name it: `Maskinporten test`. */
export function nameOfEnvironment({ issuer, name }: AskedEnvironment): Text {
  if (name === 'test') return { en: 'Maskinporten test', nb: 'Maskinporten test' }
  if (name === 'prod') return { en: 'Maskinporten production', nb: 'Maskinporten produksjon' }
  return { en: `Maskinporten at ${issuer}`, nb: `Maskinporten på ${issuer}` }
}

/** Samarbeidsportalen, where clients and keys are registered. */
export const portalOf = (environment: AskedEnvironment | undefined): string =>
  selfServicePortals[environment?.name ?? 'test']
