/** What `init` makes of somebody's keys: the real questions, in a process whose streams say that they are a terminal. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { environmentWith, nodeArguments } from './maskinporten.ts'

const ENTER = '\r'
const TAB = '\t'
const DOWN = '\u001B[B'

const asTerminal = `data:text/javascript,${encodeURIComponent(`
process.stdin.isTTY = process.stderr.isTTY = true
process.stdin.setRawMode = () => process.stdin`)}`

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-questions-'))
})
afterEach(() => rm(cwd, { recursive: true }))

interface Step {
  /** What the question says. */
  readonly asked: string
  readonly keys: readonly string[]
}

interface Ended {
  readonly code: number | null
  readonly shown: string
}

/** Each key is pressed once the question is there and the one before was seen. */
function answer(words: readonly string[], steps: readonly Step[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const args = ['--import', asTerminal, ...nodeArguments, 'init', ...words]
    const child = spawn(process.execPath, args, { cwd, env: environmentWith({ NO_COLOR: '1' }) })
    let shown = ''
    let from = 0
    const waiting = [...steps]
    let isPressing = false
    const look = async (): Promise<void> => {
      const [step] = waiting
      if (isPressing || step === undefined || !shown.slice(from).includes(step.asked)) return
      isPressing = true
      waiting.shift()
      from = shown.length
      for (const key of step.keys) {
        await new Promise((go) => setTimeout(go, 150))
        child.stdin.write(key)
      }
      isPressing = false
      // Unlike a terminal, an open pipe keeps the process.
      if (waiting.length === 0) child.stdin.end()
      await look()
    }
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        shown += text
        void look()
      })
    // A question that never comes is seen in what was shown.
    const tooLate = setTimeout(() => child.kill(), 40_000)
    child.once('error', reject)
    child.stdin.on('error', () => undefined)
    child.once('close', (code) => {
      clearTimeout(tooLate)
      resolve({ code, shown: stripVTControlCharacters(shown) })
    })
  })
}

const read = (name: string): Promise<string> => readFile(join(cwd, name), 'utf8')

describe('init at a terminal', { timeout: 60_000 }, () => {
  test('makes the program for the API that was chosen, and with Enter on the rest nothing of a vault', async () => {
    const { code, shown } = await answer(
      [],
      [
        { asked: 'environment?', keys: [ENTER] },
        { asked: 'Which APIs?', keys: [ENTER] },
        { asked: 'choose at least one', keys: ['f', 'o', 'l', 'k', 'e', TAB, ENTER] },
        { asked: 'HTTP client?', keys: [ENTER] },
        { asked: 'read its settings?', keys: [ENTER] },
      ],
    )
    expect({ code, shown }).toMatchObject({ code: 0, shown: expect.stringMatching(/\n\nWritten: appsettings\.json/) })
    expect(shown).not.toContain('key-vault push')
    expect(await read('app.mjs')).toContain('folkeregister')
    expect(await read('app.mjs')).not.toMatch(/altinn\/storage|KeyVault/)
    expect(await read('appsettings.json')).not.toMatch(/Exhange|SecretUri/)
  })

  test.each([
    ['', '"SecretUri": ""', false],
    ['https://my-kv.vault.azure.net', '"SecretUri": "https://my-kv.vault.azure.net/"', true],
  ])('asks where the vault is: %j', async (address, setting, isPushing) => {
    const { code, shown } = await answer(
      ['--api', 'altinn/storage', '--adapter', 'ky', '--environment', 'test', '--lang', 'nb'],
      [
        { asked: 'innstillingene sine?', keys: [DOWN, DOWN, ' ', ENTER] },
        {
          asked: 'Adressen til hvelvet',
          keys: [...(address === '' ? [] : ['my-kv', ENTER, ...Array.from({ length: 5 }, () => '\b'), address]), ENTER],
        },
      ],
    )
    expect({ code, shown }).toMatchObject({ code: 0 })
    expect(await read('appsettings.json')).toContain(setting)
    expect(shown.includes('key-vault push')).toBe(isPushing)
    expect(shown.includes('adressen til Key Vault kan ikke brukes')).toBe(isPushing)
    expect(shown).not.toMatch(/to navigate|confirm/)
  })
})
