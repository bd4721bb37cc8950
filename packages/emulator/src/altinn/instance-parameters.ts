/** The members of the query of `GET /instances`, as Altinn binds them (Altinn/altinn-storage, `InstanceQueryParameters.cs`). */

const flags: readonly string[] = [
  'process.isComplete',
  'confirmed',
  'status.isArchived',
  'status.isSoftDeleted',
  'status.isHardDeleted',
  'includeDataElements',
]
const numbers: readonly string[] = ['instanceOwner.partyId', 'mainVersionInclude', 'mainVersionExclude']

/** The name of one whose value has the wrong type. */
export function unreadableParameter(query: URLSearchParams): string | undefined {
  for (const [name, value] of query) {
    if (flags.includes(name) && !/^(?:true|false)$/i.test(value)) return name
    if (numbers.includes(name) && !/^-?\d{1,10}$/.test(value)) return name
  }
  return undefined
}

/** The number in `X-Ai-InstanceOwnerIdentifier`: `person:{11 digits}` or `organisation:{9 digits}`. @throws RangeError in Altinn's words. */
export function ownerNumber(identifier: string): string {
  const [kind, number = '', ...rest] = identifier.replaceAll(' ', '').toLowerCase().split(':')
  if (!(kind === 'person' || kind === 'organisation') || number === '' || rest.length > 0) {
    throw new RangeError('Invalid InstanceOwnerIdentifier.')
  }
  if (kind === 'person' && !/^\d{11}$/.test(number))
    throw new RangeError('Person number needs to be exactly 11 digits.')
  if (kind === 'organisation' && !/^\d{9}$/.test(number)) {
    throw new RangeError('Organization number needs to be exactly 9 digits.')
  }
  return number
}

/**
 * Whether instances of Altinn 3, which all are here, are asked for: `mainVersionInclude`, by default 3, and `mainVersionExclude`.
 * A reference decides the version by itself.
 */
export function wantsVersion3(query: URLSearchParams): boolean {
  if (query.has('A3Ref')) return true
  if (query.has('dataValues.A2ArchRef')) return false
  const include = query.get('mainVersionInclude')
  const exclude = query.get('mainVersionExclude')
  return (include === null || Number(include) === 3) && (exclude === null || Number(exclude) !== 3)
}
