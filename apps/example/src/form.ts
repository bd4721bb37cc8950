/** The citizen's form: what was written, and what is wrong with it. */

export interface Form {
  /** Eleven digits of a synthetic person. */
  readonly person: string
  readonly measure: string
  /** Kroner. */
  readonly amount: number
}

export type FormField = keyof Form

/** As typed; given back to whom it is wrong. */
export type FormText = Readonly<Record<FormField, string>>

export type FormError = 'missing' | 'invalid'

export interface CheckedForm {
  readonly form: Form | undefined
  readonly errors: ReadonlyMap<FormField, FormError>
}

export const measureLimit = 500
const largestAmount = 1_000_000

/** The one that the terminal's applications come from. Synthetic: the month is 91. */
export const sampleForm: Form = {
  person: '20914695016',
  measure: 'Benk og sykkelstativ ved badeplassen',
  amount: 12_500,
}

export function checkForm(text: FormText): CheckedForm {
  const person = text.person.replaceAll(/\s/g, '')
  const measure = text.measure.trim()
  const digits = text.amount.replaceAll(/\s/g, '')
  const amount = Number(digits)
  const errors = new Map<FormField, FormError>()
  if (person === '') errors.set('person', 'missing')
  else if (!isSynthetic(person)) errors.set('person', 'invalid')
  if (measure === '') errors.set('measure', 'missing')
  else if (measure.length > measureLimit) errors.set('measure', 'invalid')
  if (digits === '') errors.set('amount', 'missing')
  else if (!/^\d{1,7}$/.test(digits) || amount < 1 || amount > largestAmount) errors.set('amount', 'invalid')
  return { form: errors.size === 0 ? { person, measure, amount } : undefined, errors }
}

/** With 80 added to the month, as Tenor's: a number that no real person has. */
function isSynthetic(number: string): boolean {
  const month = /^\d{2}(\d{2})\d{7}$/.exec(number)?.[1]
  return month !== undefined && Number(month) >= 81 && Number(month) <= 92
}
