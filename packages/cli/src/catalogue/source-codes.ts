// What can be wrong with files, folders and variables.
import type { Details } from './entry.ts'

const invalid = { acts: 'the one who keeps the settings and the key', under: 'settings_invalid' } as const
const unavailable = { acts: 'the one who runs the machine and its network', under: 'settings_unavailable' } as const

export const sourceCodes: Details = {
  JSON_SYNTAX: {
    ...invalid,
    happened: 'The file is not JSON as .NET reads it. The message gives file, line and column.',
    wayOut: 'Correct that place. Comments and trailing commas are fine; a comment between a key and its colon is not.',
  },
  JSON_TOP_LEVEL: {
    ...invalid,
    happened: 'The file holds no object at the top: it is empty, a list or a text.',
    wayOut: 'Write `{ "MaskinportenSettings": { … } }`.',
  },
  JSON_DUPLICATE_KEY: {
    ...invalid,
    happened: 'One key stands twice in the file. Upper and lower case make no difference.',
    wayOut: 'Keep one of them. The message names both lines.',
  },
  JSON_NOT_FOUND: {
    ...unavailable,
    happened: 'The file is not there.',
    wayOut: 'Put it there, correct the path, or give `optional: true` where the source takes it.',
  },
  JSON_READ: {
    ...unavailable,
    happened: 'The file is there and cannot be read. The message gives the system’s code, such as EACCES.',
    wayOut: 'Give the process the right to read it.',
  },
  JSON_NAME_CASE: {
    acts: 'the one who keeps the settings and the key',
    warns: true,
    happened: 'The file is not there, and one whose name differs in case is. Linux tells the two apart.',
    wayOut: 'Rename the file.',
  },
  ENV_NAME: {
    acts: 'the one who keeps the settings and the key',
    warns: true,
    happened: 'A variable is named almost like a setting, with one underscore instead of two, and is not read.',
    wayOut: 'Rename the variable as the message says.',
  },
  DIRECTORY_NOT_FOUND: {
    ...unavailable,
    happened: 'The folder is not there, or a file that was in it before is gone.',
    wayOut: 'Check the path and the mount, or give `optional: true`.',
  },
  DIRECTORY_READ: {
    ...unavailable,
    happened: 'The folder cannot be read. The message gives the system’s code, such as EACCES.',
    wayOut: 'Give the process the right to read it.',
  },
  ENV_BOM: {
    acts: 'the one who keeps the settings and the key',
    warns: true,
    happened:
      'The name of a variable begins with a byte order mark, which an `.env` file saved on Windows leaves in its first line.',
    wayOut: 'Save the file as UTF-8 without a byte order mark.',
  },
}
