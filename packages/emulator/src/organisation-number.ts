/** Norwegian organisation numbers (Brønnøysundregistrene, "Organisasjonsnummeret"). */

const weights = [3, 2, 7, 6, 5, 4, 3, 2]

/** Nine digits, the last of which is the check digit of the others, modulus 11. Synthetic numbers of Tenor have it, too. */
export function isOrgNumber(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{9}$/.test(value)) return false
  const sum = weights.reduce((total, weight, at) => total + weight * Number(value[at]), 0)
  return (11 - (sum % 11)) % 11 === Number(value[8])
}
