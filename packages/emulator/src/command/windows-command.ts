/** How a command starts on Windows, where a .cmd or .bat file starts by cmd.exe alone (Node refuses it since CVE-2024-27980). */
import { win32 } from 'node:path'
import type { Environment } from './run-environment.ts'

export interface Start {
  readonly file: string
  readonly args: readonly string[]
  /** The arguments are one line already, quoted for who reads them. */
  readonly verbatim: boolean
}

export interface WindowsSurroundings {
  readonly env: Environment
  readonly folder: string
  readonly isFile: (path: string) => boolean
}

/** @throws TypeError for an argument of a batch file with a line break, which cmd.exe cannot be given. */
export function windowsStart(
  [program, ...args]: readonly [string, ...string[]],
  surroundings: WindowsSurroundings,
): Start {
  const file = findOnWindows(program, surroundings) ?? program
  if (!/\.(?:cmd|bat)$/i.test(file)) return { file, args, verbatim: false }
  const line = [program, ...args].find((word) => /[\r\n\0]/.test(word))
  if (line !== undefined) {
    throw new TypeError(`${program} is a batch file, whose arguments have no line breaks; leave them out`)
  }
  const shell = valueOf(surroundings.env, 'ComSpec') ?? 'cmd.exe'
  const words = [caret(win32.normalize(file)), ...args.map(quotedForBatch)]
  // With /s cmd.exe takes off the outer quotes and nothing else.
  return { file: shell, args: ['/d', '/s', '/c', `"${words.join(' ')}"`], verbatim: true }
}

/**
 * Quoted for the C run-time of the program behind the batch file, and escaped for cmd.exe twice: it reads the line, and once
 * more where the batch file hands its arguments on.
 */
function quotedForBatch(argument: string): string {
  if (/^[\w./:@\\+-]+$/.test(argument) && !argument.endsWith('\\')) return argument
  const quoted = argument.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/\\+$/, '$&$&')
  return caret(caret(`"${quoted}"`))
}

function caret(text: string): string {
  return text.replaceAll(/[()\][%!^"`<>&|;, *?]/g, '^$&')
}

/** As cmd.exe looks for it: in PATH, with each of PATHEXT. */
function findOnWindows(program: string, { env, folder, isFile }: WindowsSurroundings): string | undefined {
  const extensions = (valueOf(env, 'PATHEXT') ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((one) => one !== '')
  const hasOne = extensions.some((extension) => program.toLowerCase().endsWith(extension.toLowerCase()))
  const names = hasOne ? [program] : extensions.map((extension) => `${program}${extension.toLowerCase()}`)
  const inPath = (valueOf(env, 'Path') ?? '').split(';').filter((one) => one !== '')
  const folders = /[\\/]/.test(program) ? [folder] : inPath
  return folders.flatMap((one) => names.map((name) => win32.resolve(one, name))).find(isFile)
}

/** Names of variables have no case there. */
function valueOf(env: Environment, name: string): string | undefined {
  const found = Object.keys(env).find((key) => key.toLowerCase() === name.toLowerCase())
  return found === undefined ? undefined : env[found]
}
