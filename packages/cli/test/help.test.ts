import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { type Language } from '../src/language.ts'
import { buildProgram } from '../src/program.ts'
import { maskinporten } from './maskinporten.ts'

const COLUMNS = 80
const LINES = 24

function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)]
}

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part) })
  command.outputHelp()
  return text
}

const languages: readonly Language[] = ['en', 'nb']
const cases = languages.flatMap((language) =>
  commandsOf(buildProgram('1.2.3', language).program).map((command) => [nameOf(command), language, command] as const),
)

describe('the help', () => {
  test.each(cases)('of %s in %s fits a screen and begins with an example that it takes', (name, language, command) => {
    const lines = helpOf(command).replace(/\n$/, '').split('\n')
    expect(lines.slice(LINES)).toEqual([])
    expect(lines.filter((line) => line.length > COLUMNS)).toEqual([])
    const [first = ''] = lines
    expect(first).toMatch(language === 'en' ? /^Example: maskinporten / : /^Eksempel: maskinporten /)
    if (command.parent !== null) expect(first.split(': ')[1]).toContain(name)
    expect(lines.join('\n')).toContain('--lang en|nb')
  })

  test('of bokmål has no English word of the frame', () => {
    const texts = cases.filter(([, language]) => language === 'nb').map(([, , command]) => helpOf(command))
    for (const text of texts) expect(text).not.toMatch(/Usage|Options|Commands|Arguments|default|\[options\]|Example/)
  })

  test('is what the command shows when it is called with nothing, and of a group that lacks its command', async () => {
    const [bare, asked, group] = await Promise.all([
      maskinporten([]),
      maskinporten(['-h']),
      maskinporten(['keys', '--lang', 'nb']),
    ])
    expect(bare).toMatchObject({ code: 0, stderr: '' })
    expect(asked).toEqual(bare)
    expect(group).toMatchObject({ code: 2, stdout: '' })
    expect(group.stderr).toContain('Kommandoer:')
  })
})
