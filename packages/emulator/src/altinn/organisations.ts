/** The service owners that Altinn knows, by organisation number: a few of the real list, to which `addOrganisation` adds. */

export interface Organisations {
  /** The short name ('skd'), or `undefined`. */
  find(orgNumber: string): string | undefined
  add(orgNumber: string, org: string): void
  /** Leaves those of the real list. */
  clear(): void
}

export function createOrganisations(): Organisations {
  const real = [
    ['991825827', 'digdir'],
    ['974761076', 'skd'],
    ['889640782', 'nav'],
    ['974760673', 'brg'],
    ['971526920', 'ssb'],
  ] as const
  const known = new Map<string, string>(real)
  return {
    find: (orgNumber) => known.get(orgNumber),
    add: (orgNumber, org) => void known.set(orgNumber, org),
    clear() {
      known.clear()
      for (const [orgNumber, org] of real) known.set(orgNumber, org)
    },
  }
}
