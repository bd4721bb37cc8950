/** The OpenAPI 3.1 description of the controls, made from their table. `src/openapi.json` is this for the address that `run` tells. */
import type { JsonObject } from '../json.ts'
import { controlHeader } from './addresses.ts'
import type { Answer, Control } from './control.ts'
import { schemaOfKind, schemaOfMember, schemaOfMembers } from './json-schema.ts'
import type { Members } from './members.ts'
import { openRoutes } from './open-routes.ts'
import { controlPrefix, controlRows, membersOf } from './table.ts'

/** Of the controls, not of the package: a member that goes away, or changes, makes it grow. */
const controlVersion = '1'

/** `url`: an origin without final slash. */
export function openApi(url: string): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, control] of controlRows) {
    const path = (paths[`${controlPrefix}${control.path}`] ??= {})
    path[control.method.toLowerCase()] = operation(name, control)
  }
  for (const { path, name, summary, schema, guarded } of openRoutes) {
    paths[path] = {
      get: {
        operationId: name,
        summary,
        responses: { 200: jsonAnswer('The answer.', schemaOfKind(schema)) },
        ...(guarded ? {} : { security: [] }),
      },
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Maskinporten Kit emulator: controls',
      version: controlVersion,
      description:
        'Prepares the emulator and asks it: clients, scopes, faults, clock, secrets. Not affiliated with Digdir or Altinn.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url }],
    security: [{ control: [] }],
    paths,
    components: {
      securitySchemes: {
        control: {
          type: 'apiKey',
          in: 'header',
          name: controlHeader,
          description: 'Any value. A page in a browser cannot send it to another origin without being allowed.',
        },
      },
      schemas: {
        Problem: {
          type: 'object',
          description: 'RFC 9457.',
          properties: { title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' } },
        },
      },
    },
  }
}

function operation(name: string, control: Control): JsonObject {
  const members = membersOf(control)
  const inPath = [...control.path.matchAll(/\{(\w+)\}/g)].map(([, member = '']) => member)
  const others: Members = Object.fromEntries(Object.entries(members).filter(([member]) => !inPath.includes(member)))
  const inQuery = control.method === 'GET' || control.method === 'DELETE'
  const parameters = Object.entries(members).flatMap(([member, described]) => {
    const place = inPath.includes(member) ? 'path' : inQuery ? 'query' : undefined
    if (place === undefined) return []
    const { description, ...schema } = schemaOfMember(described)
    return [{ name: member, in: place, required: described.optional !== true, description, schema }]
  })
  const required = Object.values(others).some(({ optional }) => optional !== true)
  const body = inQuery || Object.keys(others).length === 0 ? undefined : { required, ...json(schemaOfMembers(others)) }
  return {
    operationId: name,
    summary: control.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: {
      ...success(control.answer),
      400: problemAnswer('A member is unknown, missing or wrong: `detail` names it and says what is allowed.'),
      403: problemAnswer(`The header ${controlHeader} is missing, or the emulator was called by a foreign name.`),
    },
  }
}

function success(answer: Answer | undefined): JsonObject {
  if (!answer) return { 204: { description: 'Done.' } }
  return { [answer.status]: jsonAnswer('Done.', schemaOfKind(answer.schema)) }
}

function json(schema: JsonObject, type = 'application/json'): JsonObject {
  return { content: { [type]: { schema } } }
}

function jsonAnswer(description: string, schema: JsonObject): JsonObject {
  return { description, ...json(schema) }
}

function problemAnswer(description: string): JsonObject {
  return { description, ...json({ $ref: '#/components/schemas/Problem' }, 'application/problem+json') }
}
