/** A process that runs one measure and sends home what came of it. */
import { effortOf } from './measure.ts'
import { measures } from './measures/names.ts'

const [name = '', effort = 'short'] = process.argv.slice(2)

async function main(): Promise<void> {
  const measure = await measures[name]?.()
  if (measure === undefined)
    throw new TypeError(`there is no measure ${name}; choose one of ${Object.keys(measures).join(', ')}`)
  const measured = await measure.run(effortOf(effort === 'full' ? 'full' : 'short'))
  process.send?.({ ...measure, run: undefined, ...measured })
  process.disconnect?.()
}

await main()
