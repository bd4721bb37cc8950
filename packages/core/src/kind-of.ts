/** What a value is, for messages to those who write plain JavaScript. */
export function kindOf(value: unknown): string {
  if (typeof value === 'function') return 'a function; call it with ()'
  if (value === null || value === undefined) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return 'a list'
  if ('load' in value) return 'a source'
  return 'then' in value ? 'a promise; await it' : 'an object'
}

/** @throws TypeError when options are given that are not an object. */
export function checkOptions(of: string, options: unknown): void {
  if (typeof options === 'object' && options !== null) return
  throw new TypeError(`the options of ${of} are ${kindOf(options)}; give an object, or leave them out`)
}
