import { fromObject } from '@maskinporten-kit/core'
import { describe, expect, it } from 'vitest'
import { meantBy, scopes as check } from '../src/doctor/checks/scopes.ts'
import { Facts } from '../src/doctor/facts.ts'
import { knownScopes } from '../src/doctor/registry.ts'
import type { Finding } from '../src/doctor/finding.ts'

const known = [...knownScopes]

let requests = 0

/** Only settings are read. */
async function findingsFor(scope: string): Promise<readonly Finding[]> {
  const facts = new Facts({
    sources: [
      fromObject({ MaskinportenSettings: { Environment: 'test', Scope: scope } }, { name: 'appsettings.json' }),
    ],
    fetch: () => {
      requests++
      throw new Error('a request was made')
    },
  })
  await facts.load()
  await facts.close()
  return [await check.run(facts)].flat()
}

/** Each edit of one letter at each place, insert and replace (by a letter and by a space), delete, swap, and another case. */
function* oneEditTypos(name: string): Generator<string> {
  for (let at = 0; at <= name.length; at++) {
    for (const letter of 'e ') {
      yield name.slice(0, at) + letter + name.slice(at)
      if (at < name.length) yield name.slice(0, at) + letter + name.slice(at + 1)
    }
    if (at < name.length) yield name.slice(0, at) + name.slice(at + 1)
    if (at + 1 < name.length) yield name.slice(0, at) + (name[at + 1] ?? '') + (name[at] ?? '') + name.slice(at + 2)
    if (at < name.length) yield name.slice(0, at) + (name[at] ?? '').toUpperCase() + name.slice(at + 1)
  }
}

const words = (scope: string): readonly string[] => scope.split(' ').filter((word) => word !== '')

describe('scopes', () => {
  it('names every typo of one letter in every scope of the registry, as a warning', { timeout: 60_000 }, async () => {
    expect(known.length).toBeGreaterThan(20)
    const missed: string[] = []
    let tried = 0
    for (const name of known)
      for (const typo of new Set(oneEditTypos(name))) {
        // A typo that is itself a known scope, and a space at an end, are no typos.
        if (words(typo).every((word) => knownScopes.has(word))) continue
        tried++
        const asked = words(typo)
        const named = asked.flatMap((word, place) => (knownScopes.has(word) ? [] : meantBy(asked, place)))
        if (!named.some((one) => one.includes(name))) missed.push(`${typo} → ${named.join(', ')}`)
      }
    expect(tried).toBeGreaterThan(10_000)
    expect(missed).toEqual([])
  })

  it('warns before any request, and says what to write', async () => {
    requests = 0
    const [finding] = await findingsFor('altinn:serviceowner/instancesread')
    expect(finding).toMatchObject({
      status: 'WARN',
      code: 'SCOPE_MISSPELT',
      actor: 'settings',
      action: { en: 'If you meant that, correct Scope to altinn:serviceowner/instances.read.' },
      evidence: { scope: 'altinn:serviceowner/instancesread', origin: 'appsettings.json' },
    })
    expect(requests).toBe(0)
  })

  it.each([
    ['a space too many', 'altinn:serviceowner/inst ances.read', 'altinn:serviceowner/instances.read'],
    [
      'a space too few',
      'altinn:serviceowner/instances.readaltinn:serviceowner/instances.write',
      'altinn:serviceowner/instances.read altinn:serviceowner/instances.write',
    ],
    [
      'a comma for a space',
      'altinn:serviceowner/instances.read,altinn:serviceowner/instances.writ',
      'altinn:serviceowner/instances.write',
    ],
  ])('finds %s', async (_, scope, meant) => {
    const found = await findingsFor(scope)
    expect(found.map(({ status }) => status)).toContain('WARN')
    expect(found.map(({ cause }) => cause.nb).join('\n')).toContain(meant)
  })

  it('says of a scope that the registry does not have that it may be right', async () => {
    expect(await findingsFor('kommunen:vannmaalere.les')).toMatchObject([{ status: 'INFO', code: 'SCOPE_UNKNOWN' }])
  })
})
