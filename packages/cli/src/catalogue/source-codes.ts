/** What can be wrong with files, folders and variables. */
import type { Details } from './entry.ts'

const invalid = { acts: 'settings', under: 'settings_invalid' } as const
const unavailable = { acts: 'operations', under: 'settings_unavailable' } as const
const warning = { acts: 'settings', warns: true } as const

export const sourceCodes: Details = {
  JSON_SYNTAX: {
    ...invalid,
    happened: {
      en: 'The file is not JSON as .NET reads it. The message gives file, line and column.',
      nb: 'Filen er ikke JSON slik .NET leser det. Meldingen har fil, linje og kolonne.',
    },
    wayOut: {
      en: 'Correct that place. Comments and trailing commas are fine; a comment between a key and its colon is not.',
      nb: 'Rett opp der. Kommentarer og komma til slutt går bra, men ikke en kommentar mellom et navn og kolonet.',
    },
  },
  JSON_TOP_LEVEL: {
    ...invalid,
    happened: {
      en: 'The file holds no object at the top: it is empty, a list or a text.',
      nb: 'Filen har ikke et objekt på øverste nivå: Den er tom, en liste eller en tekst.',
    },
    wayOut: {
      en: 'Write `{ "MaskinportenSettings": { … } }`.',
      nb: 'Skriv `{ "MaskinportenSettings": { … } }`.',
    },
  },
  JSON_DUPLICATE_KEY: {
    ...invalid,
    happened: {
      en: 'One key stands twice in the file. Upper and lower case make no difference.',
      nb: 'Samme navn står to ganger i filen. Store og små bokstaver regnes som like.',
    },
    wayOut: {
      en: 'Keep one of them. The message names both lines.',
      nb: 'Behold det ene. Meldingen har begge linjene.',
    },
  },
  JSON_NOT_FOUND: {
    ...unavailable,
    happened: { en: 'The file is not there.', nb: 'Filen finnes ikke.' },
    wayOut: {
      en: 'Put it there, correct the path, or give `optional: true` where the source takes it.',
      nb: 'Legg den der, rett stien, eller bruk `optional: true` der kilden har det valget.',
    },
  },
  JSON_READ: {
    ...unavailable,
    happened: {
      en: 'The file is there and cannot be read. The message gives the system’s code, such as EACCES.',
      nb: 'Filen finnes, men kan ikke leses. Meldingen har koden fra systemet, for eksempel EACCES.',
    },
    wayOut: { en: 'Give the process the right to read it.', nb: 'Gi prosessen rett til å lese den.' },
  },
  JSON_NAME_CASE: {
    ...warning,
    happened: {
      en: 'The file is not there, and one whose name differs in case is. Linux tells the two apart.',
      nb: 'Filen finnes ikke, men en med andre store og små bokstaver i navnet gjør det. Linux skiller mellom dem.',
    },
    wayOut: { en: 'Rename the file.', nb: 'Gi filen nytt navn.' },
  },
  ENV_NAME: {
    ...warning,
    happened: {
      en: 'A variable is named almost like a setting, with one underscore instead of two, and is not read.',
      nb: 'En variabel heter nesten som en innstilling, med én understrek i stedet for to, og blir ikke lest.',
    },
    wayOut: { en: 'Rename the variable as the message says.', nb: 'Gi variabelen navnet som står i meldingen.' },
  },
  DIRECTORY_NOT_FOUND: {
    ...unavailable,
    happened: {
      en: 'The folder is not there, or a file that was in it before is gone.',
      nb: 'Mappen finnes ikke, eller en fil som var i den, er borte.',
    },
    wayOut: {
      en: 'Check the path and the mount, or give `optional: true`.',
      nb: 'Sjekk stien og monteringen, eller bruk `optional: true`.',
    },
  },
  DIRECTORY_READ: {
    ...unavailable,
    happened: {
      en: 'The folder cannot be read. The message gives the system’s code, such as EACCES.',
      nb: 'Mappen kan ikke leses. Meldingen har koden fra systemet, for eksempel EACCES.',
    },
    wayOut: { en: 'Give the process the right to read it.', nb: 'Gi prosessen rett til å lese den.' },
  },
  ENV_BOM: {
    ...warning,
    happened: {
      en: 'The name of a variable begins with a byte order mark, which an `.env` file saved on Windows leaves in its first line.',
      nb: 'Navnet på en variabel begynner med et byte order mark (BOM). Det ligger først i `.env`-filer som er lagret på Windows.',
    },
    wayOut: {
      en: 'Save the file as UTF-8 without a byte order mark.',
      nb: 'Lagre filen som UTF-8 uten BOM.',
    },
  },
}
