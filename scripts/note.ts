// What a step has to say although it passed: a line that `check` shows in any case, and that stands out in its own output.
const MARK = 'note: '

export function note(text: string): void {
  console.log(`${MARK}${text}`)
}

/** The notes in what a step printed. */
export function notesIn(output: string): readonly string[] {
  return output.split(/\r?\n/).filter((line) => line.startsWith(MARK))
}
