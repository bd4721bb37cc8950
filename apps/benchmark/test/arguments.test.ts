import { describe, expect, it } from 'vitest'
import { readArguments } from '../src/arguments.ts'

const known = ['cached', 'herd']

describe('the arguments', () => {
  it('without a name mean all measures', () => {
    expect(readArguments([], known)).toMatchObject({ names: known, effort: 'full', check: false })
  })

  it('name measures, and say how much is done', () => {
    expect(readArguments(['herd', '--short', '--check'], known)).toMatchObject({
      names: ['herd'],
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
})
