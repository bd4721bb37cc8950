import { afterEach, expect, test, vi } from 'vitest'
import { lacking } from './require-runtime.ts'

afterEach(() => void vi.unstubAllEnvs())

const skip = (note?: string): never => {
  throw new Error(`skipped: ${note}`)
}

test('a runtime that lacks skips a test with a line, and fails it where all of them were installed', () => {
  vi.stubEnv('CI_REQUIRE_RUNTIMES', undefined)
  expect(() => lacking(skip, 'no go is here')).toThrow('skipped: no go is here')
  vi.stubEnv('CI_REQUIRE_RUNTIMES', '1')
  expect(() => lacking(skip, 'no go is here')).toThrow(/^no go is here; install it/)
})
