// The last line of `npm test`: `N passed, N failed`, alone. What could not run counts as failed: a file that does not
// load, a suite whose hook breaks, an uncaught error, a type error. Above it: what was skipped, and why.
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node'

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[], reason: TestRunEndReason): void {
    let passed = 0
    let failed = unhandledErrors.length
    let skipped = 0
    const notes = new Set<string>()
    for (const module of modules) {
      let own = 0
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') passed++
        else if (result.state === 'failed') {
          failed++
          own++
        } else {
          skipped++
          if (result.state === 'skipped' && result.note) notes.add(`skipped: ${test.name}: ${result.note}`)
        }
      }
      const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length
      failed += suites
      if (module.errors().length > 0) failed++
      else if (module.state() === 'failed' && own + suites === 0) failed++
    }
    if (reason === 'failed' && failed === 0) failed = 1
    process.on('exit', () => {
      for (const note of notes) process.stdout.write(`\n${note}`)
      process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
    })
  }
}
