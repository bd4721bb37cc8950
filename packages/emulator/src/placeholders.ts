/** Texts with `<name>` in the place of a value. */

/** In one pass and by a function: what a caller sent is never read as a placeholder, nor as a pattern such as `$&`. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/<(\w+)>/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? placeholder) : placeholder,
  )
}
