/** A terminal that keeps what is said, for the rooms of the command that are called in this process. */
import { Terminal } from '../src/terminal.ts'

export class Spoken extends Terminal {
  out = ''
  err = ''

  /** Nobody is there to answer, and `--yes` is given unless said otherwise. */
  constructor(
    options: { readonly isJson?: boolean; readonly isUnattended?: boolean; readonly language?: 'en' | 'nb' } = {},
  ) {
    super({ language: 'en', isQuiet: false, isJson: false, isUnattended: true, ...options })
  }

  override result(text: string): void {
    this.out += text.endsWith('\n') ? text : `${text}\n`
  }

  override fail(text: Parameters<Terminal['fail']>[0]): void {
    this.err += `${typeof text === 'string' ? text : this.text(text)}\n`
  }
}
