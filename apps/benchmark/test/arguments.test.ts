import { describe, expect, it } from 'vitest'
import { readArguments } from '../src/arguments.ts'

const known = ['cached', 'herd']

describe('the arguments', () => {
  it('without a name mean all measures', () => {
    expect(readArguments([], known)).toMatchObject({ names: known, whole: true, effort: 'full', check: false })
  })

  it('name measures, and say how much is done', () => {
    expect(readArguments(['herd', '--short', '--check'], known)).toMatchObject({
      names: ['herd'],
      whole: false,
      effort: 'short',
      check: true,
    })
  })

  it('refuse a name that no measure has, and say those that there are', () => {
    expect(() => readArguments(['hred'], known)).toThrow('there is no measure hred; choose from cached, herd')
  })

  it('refuse to write a part of a run into the README', () => {
    expect(() => readArguments(['herd', '--readme'], known)).toThrow('give --readme without names')
  })

  it('refuse to write the figures of a short or a profiled run into the README', () => {
    expect(() => readArguments(['--short', '--readme'], known)).toThrow('the figures of --short are no figures')
    expect(() => readArguments(['--profile', '--readme'], known)).toThrow('give --readme without --profile')
  })

  it('make a run whole only when all measures run in full and undisturbed', () => {
    const whole = (words: readonly string[]): boolean => readArguments(words, known).whole
    expect([[], ['--check'], ['--readme']].map(whole)).toEqual([true, true, true])
    expect([['herd'], ['--short'], ['--profile']].map(whole)).toEqual([false, false, false])
  })
})
