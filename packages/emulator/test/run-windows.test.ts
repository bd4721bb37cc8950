import { expect, test } from 'vitest'
import { type Start, windowsStart } from '../src/command/windows-command.ts'

const files = [
  String.raw`C:\Program Files\nodejs\npm.cmd`,
  String.raw`C:\Program Files\nodejs\node.exe`,
  String.raw`C:\app\node_modules\.bin\vite.cmd`,
  String.raw`C:\app\run.bat`,
]
const env = {
  PATH: String.raw`C:\Windows;C:\Program Files\nodejs`,
  PATHEXT: '.COM;.EXE;.BAT;.CMD',
  ComSpec: String.raw`C:\Windows\system32\cmd.exe`,
}
const start = (command: readonly [string, ...string[]]): Start =>
  windowsStart(command, { env, folder: String.raw`C:\app`, isFile: (path) => files.includes(path) })

test('a program starts as it is', () => {
  expect(start(['node', 'a b', '--x="y"'])).toEqual({
    file: String.raw`C:\Program Files\nodejs\node.exe`,
    args: ['a b', '--x="y"'],
    verbatim: false,
  })
  expect(start(['nowhere'])).toEqual({ file: 'nowhere', args: [], verbatim: false })
})

const line = (...command: readonly [string, ...string[]]): string | undefined => start(command).args[3]

test('a batch file starts by cmd.exe, with the outer quotes that /s takes off', () => {
  expect(start(['npm', 'run', 'dev'])).toEqual({
    file: String.raw`C:\Windows\system32\cmd.exe`,
    args: ['/d', '/s', '/c', String.raw`"C:\Program^ Files\nodejs\npm.cmd run dev"`],
    verbatim: true,
  })
  expect(line(String.raw`node_modules\.bin\vite`, '--port=80')).toBe(
    String.raw`"C:\app\node_modules\.bin\vite.cmd ^^^"--port^^^=80^^^""`.replaceAll('^^^=', '='),
  )
  expect(line('./run.bat', 'x')).toBe(String.raw`"C:\app\run.bat x"`)
})

test.each([
  ['plain-word_1./:@\\x', 'plain-word_1./:@\\x'],
  ['a b', '^^^"a^^^ b^^^"'],
  ['', '^^^"^^^"'],
  ['a&b', '^^^"a^^^&b^^^"'],
  ['%PATH%', '^^^"^^^%PATH^^^%^^^"'],
  ['!x!', '^^^"^^^!x^^^!^^^"'],
  ['a^b', '^^^"a^^^^b^^^"'],
  ['say "hi"', '^^^"say^^^ \\^^^"hi\\^^^"^^^"'],
  ['back\\"slash', '^^^"back\\\\\\^^^"slash^^^"'],
  ['C:\\folder name\\', '^^^"C:\\folder^^^ name\\\\^^^"'],
  ['C:\\folder\\', '^^^"C:\\folder\\\\^^^"'],
  ['(a|b)<c>', '^^^"^^^(a^^^|b^^^)^^^<c^^^>^^^"'],
  ['a,b;c=d', '^^^"a^^^,b^^^;c=d^^^"'],
  ['*?[x]`', '^^^"^^^*^^^?^^^[x^^^]^^^`^^^"'],
])('%j reaches the program behind a batch file as it is', (argument, written) => {
  expect(line('./run.bat', argument)).toBe(String.raw`"C:\app\run.bat ` + `${written}"`)
  expect(asTheProgramReadsIt(written)).toBe(argument)
})

/** cmd.exe takes the carets off twice, and then the C run-time splits: quotes, and backslashes before them. */
function asTheProgramReadsIt(written: string): string {
  const once = written.replaceAll(/\^(.)/g, '$1')
  const twice = once.replaceAll(/\^(.)/g, '$1')
  if (!twice.startsWith('"')) return twice
  return twice
    .slice(1, -1)
    .replaceAll(/(\\*)"/g, (_all, slashes: string) => `${slashes.slice(0, slashes.length / 2)}"`)
    .replace(/(\\+)$/, (slashes) => slashes.slice(slashes.length / 2))
}

test('an argument with a line break cannot be given to a batch file', () => {
  expect(() => start(['npm', 'a\nb'])).toThrow(/^npm is a batch file, whose arguments have no line breaks/)
  expect(start(['node', 'a\nb']).args).toEqual(['a\nb'])
})
