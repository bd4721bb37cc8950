/** JSON of a caller's for people to look at: it stays small, whatever was sent. */

/** Levels, and values in all: what is beyond is left out. */
const deepest = 16
const mostValues = 1000
/** Characters of one text, and of all. */
const longestText = 4096
const longest = 20_000

const leftOut = '…'

/** `undefined` for what JSON has no text for. `indent`: spaces for each level. Default: all in one line. */
export function shownJson(value: unknown, indent = 0): string | undefined {
  // JSON.stringify has no text for `undefined`, which its type does not say.
  const text: string | undefined = JSON.stringify(shallow(value, { left: mostValues }, deepest), undefined, indent)
  return text === undefined || text.length <= longest ? text : `${text.slice(0, longest)}${leftOut}`
}

function shallow(value: unknown, budget: { left: number }, levels: number): unknown {
  budget.left -= 1
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}${leftOut}` : value
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return leftOut
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value) {
      if (budget.left <= 0) return [...items, leftOut]
      items.push(shallow(item, budget, levels - 1))
    }
    return items
  }
  const members = new Map<string, unknown>()
  for (const [name, member] of Object.entries(value)) {
    if (budget.left <= 0) {
      members.set(leftOut, leftOut)
      break
    }
    members.set(name, shallow(member, budget, levels - 1))
  }
  // Not by assignment, which would take a member named __proto__ for the prototype.
  return Object.fromEntries(members)
}
