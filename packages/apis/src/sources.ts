/** The forms of a source. */
import type { Source } from './row.ts'

/** A page that tells when it was changed last. */
export function page(url: string, date: string): Source {
  return { url, date, dateOf: 'page' }
}

/** A file of a public repository, and the date of its commit. */
export function file(repository: string, commit: string, path: string, date: string): Source {
  return { url: `https://github.com/${repository}/blob/${commit}/${path}`, date, dateOf: 'commit' }
}

/** The day on which the copies without a date of their own were read. */
const READ = '2026-11-30'

/** A page that does not tell its date. */
export function undatedPage(url: string): Source {
  return { url, date: READ, dateOf: 'reading' }
}

/** A file whose commit is known, but not the commit's date. */
export function undatedFile(repository: string, commit: string, path: string): Source {
  return { url: `https://github.com/${repository}/blob/${commit}/${path}`, date: READ, dateOf: 'reading' }
}
