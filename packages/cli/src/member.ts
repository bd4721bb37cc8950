/** Members of values whose shape is not known: answers of servers, errors of libraries. */

export const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** Empty for one that is absent, or not text. */
export function textAt(value: unknown, name: string): string {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : ''
}
