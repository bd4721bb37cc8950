import { describe, expect, it } from 'vitest'
import { whoActs } from '../../src/catalogue/actors.ts'
import { groups } from '../../src/catalogue/catalogue.ts'
import { explanationOf, explanations } from '../../src/catalogue/explanation.ts'

describe('the catalogue', () => {
  it('has each name once', () => {
    const names = groups.flatMap(({ entries }) => Object.keys(entries))
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
    expect(explanations.length).toBe(names.length)
  })

  it.each(explanations.map((one) => [one.code, one] as const))('%s: whole sentences in both languages', (_, one) => {
    const { happened, wayOut, acts } = one
    for (const text of [happened.en, happened.nb, wayOut.en, wayOut.nb]) {
      expect(text).toMatch(/^[\p{L}`_0-9][^]*[.)]$/u)
    }
    const words = (text: string): string => text.replaceAll(/`[^`]*`|\]\([^)]*\)/g, '')
    expect(words(`${happened.nb} ${wayOut.nb}`)).not.toMatch(/\b(?:the|is|of|with|and|your)\b/i)
    expect(words(`${happened.en} ${wayOut.en}`)).not.toMatch(/\b(?:og|ikke|er|som|med|på|nøkkel\w*)\b/i)
    expect(acts.length).toBeGreaterThan(0)
  })

  it('keeps what is code the same in both languages', () => {
    const spans = (text: string): readonly string[] => [...new Set(text.match(/`[^`]+`/g))].toSorted()
    const different = explanations
      .filter(({ happened, wayOut }) => [happened, wayOut].some(({ en, nb }) => spans(en).join() !== spans(nb).join()))
      .map(({ code }) => code)
    expect(different).toEqual([])
  })

  it('has the refusals of Altinn’s system users', () => {
    const codes = ['AUTH-00004', 'AUTH-00006', 'AUTH-00007', 'AUTH-00008', 'AUTH-00009', 'AUTH-00011']
    expect(codes.filter((code) => explanationOf(code) === undefined)).toEqual([])
    expect(explanationOf('auth00011')?.code).toBe('AUTH-00011')
  })

  it('takes the name as it is written before one that differs in case', () => {
    const groupOf = (code: string): string | undefined => explanationOf(code)?.group.id
    expect([groupOf('SCOPE_UNKNOWN'), groupOf('scope_unknown')]).toEqual(['doctor', 'self-service'])
    expect([groupOf('API_503'), groupOf('api_403')]).toEqual(['doctor', 'doctor'])
  })

  it('leads to the page of its language, at the code', () => {
    const { page } = explanationOf('MP-200') ?? {}
    expect(page?.en).toMatch(/\/docs\/en\/reference\/errors\.md#MP-200$/)
    expect(page?.nb).toMatch(/\/docs\/nb\/reference\/errors\.md#MP-200$/)
  })
})

describe('who acts', () => {
  it('is said as half a sentence', () => {
    expect(whoActs(['apiOwner'], 'nb')).toBe('API-tilbyderen')
    expect(whoActs(['customer', 'developer'], 'en')).toBe(
      'the customer, in Altinn, or the developer of the calling code',
    )
    expect(whoActs(['nobody'], 'nb')).toBe('ingen: det går over av seg selv')
    expect(whoActs(['nobody', 'digdir'], 'en')).toBe('nobody at first; if it lasts, Digdir')
  })
})
