/** Can the key sign, and by which name does Maskinporten find its public half? */
import type { Check } from '../finding.ts'
import { placeOf, problemFinding } from '../problems.ts'

export const key: Check = {
  id: 'key',
  title: { en: 'The key', nb: 'Nøkkelen' },
  needs: [],
  run(facts) {
    const problems = facts.settingsError?.problems?.filter((one) => placeOf(one) === 'key') ?? []
    const warnings = facts.warnings.filter((one) => placeOf(one) === 'key').map((one) => problemFinding(one, 'WARN'))
    if (problems.length > 0) return [...problems.map((one) => problemFinding(one, 'FAIL')), ...warnings]
    const [newest] = facts.settings?.keys ?? []
    if (newest === undefined) {
      const cause = {
        en: 'there is no key to look at, since the settings cannot be used',
        nb: 'det er ingen nøkkel å se på, fordi innstillingene ikke kan brukes',
      }
      return { status: 'SKIP', code: 'NEEDS', cause, evidence: { needs: 'settings' } }
    }
    const { alg } = newest
    const isChain = newest.x5c !== undefined
    const bits = 'bits' in newest && typeof newest.bits === 'number' ? newest.bits : undefined
    const size = bits === undefined ? 'RSA' : `RSA ${bits}`
    const name = isChain
      ? { en: 'a certificate', nb: 'et sertifikat' }
      : { en: `kid ${newest.kid}`, nb: `kid ${newest.kid}` }
    return [
      {
        status: 'OK',
        cause: {
          en: `the private key signs ${alg} (${size}, ${name.en})`,
          nb: `den private nøkkelen signerer ${alg} (${size}, ${name.nb})`,
        },
        evidence: { kid: newest.kid, alg, bits, isChain, keys: facts.settings?.keys.length },
      },
      ...warnings,
    ]
  },
}
