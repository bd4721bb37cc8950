// What `run` lets each Node load first: none of them may fail by it, in the run or after it.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { proxyUnheeded } from './run-node.ts'
import { folderWith, runAround } from './run-under.ts'

// Processes of their own, on a machine that may be busy.
const timeout = 60_000

test.skipIf(process.platform === 'win32')(
  'a Node that a daemon starts after the run finds what its NODE_OPTIONS name',
  { timeout },
  async () => {
    const folder = await folderWith({
      'command.cjs': `
        const daemon = [require('node:path').join(__dirname, 'daemon.cjs')]
        require('node:child_process').spawn(process.execPath, daemon, { detached: true, stdio: 'ignore' }).unref()`,
      'daemon.cjs': `
        const { existsSync, writeFileSync } = require('node:fs')
        const waiting = setInterval(() => {
          if (existsSync(process.env.NODE_EXTRA_CA_CERTS)) return
          clearInterval(waiting)
          const source = "require('node:dns').lookup('a.invalid', () => console.log('works'))"
          require('node:child_process').execFile(process.execPath, ['--eval', source], (error, printed, errors) =>
            writeFileSync(require('node:path').join(__dirname, 'later.txt'), printed + errors))
        }, 50)`,
    })
    const { code } = await runAround([process.execPath, join(folder, 'command.cjs')])
    expect(code).toBe(0)
    const later = join(folder, 'later.txt')
    await vi.waitFor(() => expect(existsSync(later)).toBe(true), { timeout: 30_000, interval: 100 })
    await vi.waitFor(async () => expect(await readFile(later, 'utf8')).not.toBe(''), { timeout: 5_000 })
    expect((await readFile(later, 'utf8')).replaceAll(/^.*(?:Warning|trace-warnings).*\n/gm, '')).toBe('works\n')
  },
)

test.skipIf(process.platform === 'win32' || proxyUnheeded !== undefined).each([
  ['a script of npm', ['npm', 'start']],
  ['a shell', ['sh', '-c', 'node --permission app.cjs']],
  ['a file', ['./start.sh']],
])('%s with the permission model is given nothing that it may not read', { timeout }, async (_what, command) => {
  const folder = await folderWith({
    'app.cjs': "console.log('works', process.env.NODE_OPTIONS ?? '')",
    'start.sh': '#!/bin/sh\nexec node --permission --allow-fs-read=. app.cjs\n',
    'package.json': { name: 'a', scripts: { start: 'node --permission --allow-fs-read=. app.cjs' } },
  })
  const shell = command.map((word) => word.replace('--permission', '--permission --allow-fs-read=.'))
  const { printed, errors } = await runAround(shell, { folder })
  expect(errors).not.toContain('ERR_ACCESS_DENIED')
  expect(printed).toMatch(/^works(?!.*lookups)/m)
})
