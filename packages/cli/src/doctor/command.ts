/** The command `doctor`: examines, and tells. */
import { Console } from 'node:console'
import { logTo } from '@maskinporten-kit/core'
import type { DoctorFlags } from '../commands/doctor.ts'
import { type SettingsFlags, sourcesOf } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { refuseExisting, writeFileWhole } from '../files/write-file.ts'
import { bundleOf } from './bundle.ts'
import { examine, exitCodeOf } from './doctor.ts'
import { reportFor } from './report.ts'
import { tell } from './tell.ts'

/** Returns the exit code. */
export async function doctor(flags: SettingsFlags & DoctorFlags, terminal: Terminal): Promise<number> {
  if (flags.bundle !== undefined && flags.force !== true) await refuseExisting([flags.bundle])
  // Standard output is the report.
  const log = logTo(new Console({ stdout: process.stderr, stderr: process.stderr }), { level: 'debug' })
  const examining = examine({
    sources: sourcesOf(flags),
    section: flags.section,
    scopes: flags.scope,
    api: flags.api,
    org: flags.org,
    baseUrl: flags.baseUrl,
    onEvent: (event, isDebugging) => {
      if (isDebugging && !terminal.isQuiet) log(event)
    },
  })
  const examination = await terminal.progress({ en: 'Examining', nb: 'Undersøker' }, examining)
  if (terminal.isJson) terminal.json(reportFor(examination, terminal.language))
  else tell(examination, terminal)
  if (flags.bundle !== undefined) {
    await writeFileWhole(flags.bundle, await bundleOf(examination), { isPrivate: true, isReplacing: flags.force })
    terminal.say({
      en: `${flags.bundle} is written, for you alone. Read it before you send it.`,
      nb: `${flags.bundle} er skrevet, bare lesbar for deg. Les den før du sender den.`,
    })
  }
  return exitCodeOf(examination)
}
