/** Identifiers and addresses cut to what one can read. */

/** A GUID's first eight digits. */
export function shorten(text: string): string {
  return text.replaceAll(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '$1…')
}

/** A path from the API's version on. */
export function pathOf(url: string): string {
  return shorten(new URL(url).pathname.replace(/^.*\/v\d+(?=\/)/, ''))
}
