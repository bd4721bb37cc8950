import { describe, expect, it } from 'vitest'
import { refuseOldNode } from '../src/node-version.ts'

describe('the Node that measures', () => {
  it('is refused in one sentence that says which is needed, where it cannot run the measures', () => {
    expect(() => refuseOldNode('22.18.0')).toThrow(/needs Node 24 or newer, and this is Node 22\.18\.0; .*Node 26/)
  })

  it.each(['24.0.0', '26.10.0'])('may be %s', (version) => {
    expect(() => refuseOldNode(version)).not.toThrow()
  })
})
