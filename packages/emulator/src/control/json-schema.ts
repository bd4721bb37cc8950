/** Members as JSON Schema (draft 2020-12), which OpenAPI 3.1 uses, too. */
import type { JsonObject } from '../json.ts'
import type { Kind, Member, Members } from './members.ts'

/** A closed object: members that are not named are refused. */
export function schemaOfMembers(members: Members): JsonObject {
  const required = Object.entries(members).flatMap(([name, { optional }]) => (optional === true ? [] : [name]))
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(members).map(([name, member]) => [name, schemaOfMember(member)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}

export function schemaOfMember(member: Member): JsonObject {
  const unit = member.type === 'number' && member.unit !== undefined ? ` Unit: ${member.unit}.` : ''
  return {
    ...schemaOfKind(member),
    description: `${member.description}${unit}`,
    ...(member.default === undefined ? {} : { default: member.default }),
  }
}

export function schemaOfKind(kind: Kind): JsonObject {
  switch (kind.type) {
    case 'string':
      return {
        type: kind.orNumber === true ? ['string', 'number'] : 'string',
        ...(kind.oneOf ? { enum: kind.oneOf } : {}),
        ...(kind.pattern ? { pattern: kind.pattern.source } : {}),
      }
    case 'number':
      return numberSchema(kind)
    case 'boolean':
      return { type: 'boolean' }
    case 'instant':
      return { type: kind.orNumber === true ? ['string', 'number'] : 'string', format: 'date-time' }
    case 'orgNumber':
      return { type: 'string', pattern: '^[0-9]{9}$' }
    case 'list':
      return { type: 'array', items: schemaOfKind(kind.of) }
    case 'map':
      return { type: 'object', additionalProperties: schemaOfKind(kind.of) }
    case 'record':
      return schemaOfMembers(kind.members)
    case 'object':
      return { type: 'object' }
    case 'any':
      return {}
  }
}

function numberSchema({
  oneOf,
  whole,
  minimum,
  above,
  maximum,
  orForever,
}: Kind & { readonly type: 'number' }): JsonObject {
  const number = {
    type: whole === true ? 'integer' : 'number',
    ...(oneOf ? { enum: oneOf } : {}),
    ...(minimum === undefined ? {} : { minimum }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(maximum === undefined ? {} : { maximum }),
  }
  return orForever === true ? { oneOf: [number, { const: 'forever' }] } : number
}
