/** The words in the language that was asked for. */
import { en } from './en.ts'
import { nb } from './nb.ts'
import type { Texts } from './texts.ts'

/** Bokmål unless English was asked for. */
export function textsIn(language: string | undefined): Texts {
  return language === 'en' ? en : nb
}
