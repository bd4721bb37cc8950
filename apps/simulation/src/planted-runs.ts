/** Each planted bug in a process of its own, until the simulation finds it. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

export interface Finding {
  readonly name: string
  /** Undefined: it was not found. */
  readonly invariant: string | undefined
  readonly what: string
  readonly seed: number
  /** Virtual hours until it was found, the runs before included. */
  readonly hours: number
}

export interface Hunt {
  /** The first seed; those after it follow. */
  readonly seed: number
  readonly seeds: number
  /** Of each run. */
  readonly days: number
  readonly instances: number
}

/** As many at once as there are processors. */
export async function hunt(
  names: readonly string[],
  how: Hunt,
  report: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  const rest = [...names]
  const findings: Finding[] = []
  const work = async (): Promise<void> => {
    for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
      const finding = await huntOne(name, how)
      findings.push(finding)
      report(finding)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return findings
}

async function huntOne(name: string, { seed, seeds, days, instances }: Hunt): Promise<Finding> {
  const given = ['--plant', name, '--seed', seed, '--seeds', seeds, '--days', days, '--instances', instances, '--json']
  const flags = ['--disable-warning=ExperimentalWarning', '--conditions=@maskinporten-kit/source']
  const child = spawn(process.execPath, [...flags, main, ...given.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) text += String(chunk)
  try {
    return { name, ...(JSON.parse(text) as Omit<Finding, 'name'>) }
  } catch {
    throw new Error(`the hunt for "${name}" ended without a result: ${text}`)
  }
}
