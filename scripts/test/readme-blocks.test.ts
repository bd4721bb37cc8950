import { describe, expect, it } from 'vitest'
import { typeScriptBlocks } from '../readmes/blocks.ts'

const fence = '```'

describe('the TypeScript of a README', () => {
  it('is each ts block, with its line, and no other block', () => {
    const text = ['# A', `${fence}sh`, 'npm i', fence, '', `${fence}ts`, 'const a = 1', fence].join('\n')
    expect(typeScriptBlocks(text)).toEqual([{ line: 6, code: '\nconst a = 1', runs: false }])
  })

  it('goes on where the block before it ended when it says so', () => {
    const text = [`${fence}ts`, 'const a = 1', fence, `${fence}ts continues run`, 'a', fence].join('\n')
    expect(typeScriptBlocks(text).at(1)).toMatchObject({ code: '\nconst a = 1\n\na', runs: true })
  })

  it('has before it what stands hidden right above, and only that', () => {
    const hidden = '<!-- before:\nimport a from "a"\n-->'
    const text = [hidden, `${fence}ts`, 'a', fence, 'Text.', `${fence}ts`, 'b', fence].join('\n')
    expect(typeScriptBlocks(text).map(({ code }) => code)).toEqual(['import a from "a"\na', '\nb'])
  })

  it('is what a diff makes of the file, where the diff says that it is TypeScript', () => {
    const text = [`${fence}diff ts`, '-const a = 0', '+const a = 1', ' a', fence, `${fence}diff`, '+b', fence].join(
      '\n',
    )
    expect(typeScriptBlocks(text)).toEqual([{ line: 1, code: '\nconst a = 1\na', runs: false }])
  })

  it('must close its fence', () => {
    expect(() => typeScriptBlocks(`${fence}ts\nconst a = 1`)).toThrow('line 1 is never closed')
  })
})
