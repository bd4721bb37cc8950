/** The synthetic persons of the register. */

export interface Person {
  /** Eleven digits, with 80 added to the month. */
  readonly personidentifikator: string
  /** Default 'AKTIV'. */
  readonly status?: 'AKTIV' | 'SLETTET' | 'IKKE_REGISTRERT' | undefined
  /** Default 'NEI'. */
  readonly reservasjon?: 'JA' | 'NEI' | undefined
  readonly epostadresse?: string | undefined
  readonly mobiltelefonnummer?: string | undefined
  /** Default 'nb'. */
  readonly spraak?: 'nb' | 'nn' | 'en' | 'se' | undefined
}

export interface PersonRegister {
  /** @throws TypeError for a number that is not synthetic. */
  put(person: Person): void
  /** Puts an active person there unless one is. @throws TypeError for a number that is not synthetic. */
  ensure(personidentifikator: string): void
  get(personidentifikator: string): Person | undefined
  clear(): void
}

export function createPersons(): PersonRegister {
  const persons = new Map<string, Person>()
  const put = (person: Person): void => {
    assertSynthetic(person.personidentifikator)
    persons.set(person.personidentifikator, person)
  }
  return {
    put,
    ensure(personidentifikator) {
      if (persons.has(personidentifikator)) return
      put({
        personidentifikator,
        epostadresse: `${personidentifikator}@example.test`,
        mobiltelefonnummer: '+4799999999',
      })
    },
    get: (personidentifikator) => persons.get(personidentifikator),
    clear: () => persons.clear(),
  }
}

/** No real person can have such a number, so that none ever ends up in a test. The number itself is not repeated in the message. */
function assertSynthetic(number: string): void {
  const month = /^\d{2}(\d{2})\d{7}$/.exec(number)?.[1]
  if (month === undefined || Number(month) < 81 || Number(month) > 92) {
    throw new TypeError('a person here is synthetic; use eleven digits with 80 added to the month, as Tenor gives them')
  }
}
