/** A value in an error text: only short ones, so that a key pasted into the wrong place is not printed. */
const LONGEST_SHOWN = 40

export function quote(text: string): string {
  return text.length > LONGEST_SHOWN ? `a text of ${text.length} characters` : JSON.stringify(text)
}
