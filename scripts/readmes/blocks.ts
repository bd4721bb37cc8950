// The TypeScript of a README. The words after ```ts say what it is:
//   ```ts            a module of its own, type-checked
//   ```ts continues  goes on where the block before it ended
//   ```diff ts       what the file is after the change: a module like the first
//   ```ts run        type-checked, then run against an emulator (also: `continues run`)
// `<!-- before: … -->` right above a block is code that its reader need not see; the declarations it leans on.
export interface Block {
  /** Of the fence, from 1. */
  readonly line: number
  readonly code: string
  readonly runs: boolean
}

const FENCE = /^```(\S+)?[ \t]*(.*)$/

export function typeScriptBlocks(markdown: string): readonly Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  for (let index = 0; index < lines.length; index++) {
    const [fence, language, info = ''] = FENCE.exec(lines[index] ?? '') ?? []
    if (fence === undefined) continue
    const end = lines.indexOf('```', index + 1)
    if (end < 0) throw new Error(`the fence of line ${index + 1} is never closed`)
    const words = info.split(/\s+/)
    const body = lines.slice(index + 1, end)
    const after =
      language === 'diff' && words.includes('ts') ? body.filter((line) => !line.startsWith('-')).map(unmarked) : body
    if (language === 'ts' || after !== body) {
      const own = [hiddenBefore(lines.slice(0, index)), ...after].join('\n')
      const before = words.includes('continues') ? `${blocks.at(-1)?.code ?? ''}\n` : ''
      blocks.push({ line: index + 1, code: before + own, runs: words.includes('run') })
    }
    index = end
  }
  return blocks
}

/** A line of a diff without its mark. */
function unmarked(line: string): string {
  return line.replace(/^[+ ]/, '')
}

/** What a `<!-- before: … -->` that ends on the last of these lines says. */
function hiddenBefore(lines: readonly string[]): string {
  return /<!-- before:((?:(?!-->)[^])*)-->\s*$/.exec(lines.join('\n'))?.[1]?.trim() ?? ''
}
