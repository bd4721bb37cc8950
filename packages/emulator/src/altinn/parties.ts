/** Altinn's own numbers for persons and organisations, given out as they turn up. */

export interface Parties {
  /** The party's number. `identifier`: eleven digits of a person, or nine of an organisation. */
  idOf(identifier: string): string
  find(identifier: string): string | undefined
  clear(): void
}

export function createParties(): Parties {
  const ids = new Map<string, string>()
  return {
    idOf(identifier) {
      const id = ids.get(identifier) ?? String(50_000_001 + ids.size)
      ids.set(identifier, id)
      return id
    },
    find: (identifier) => ids.get(identifier),
    clear: () => ids.clear(),
  }
}
