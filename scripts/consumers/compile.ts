// A compiler on a project, whose words about others' types are not ours to mend.
import { runCommand } from '../run-command.ts'

/** Fails with what it says of ours and of the project. */
export async function compile(compiler: readonly string[], folder: string, config: string): Promise<void> {
  const command = [...compiler, '-p', `tsconfig.${config}.json`, '--pretty', 'false']
  const { code, output } = await runCommand(command, { cwd: folder })
  // What is indented goes on with the complaint above it.
  const complaints = output.trim().split(/\n(?=\S)/)
  // They have these with or without us.
  const ours = complaints.filter((one) => !/^node_modules\/(?!@maskinporten-kit\/)\S+: error TS\d+/.test(one))
  // Ended so, it complained; otherwise it crashed, whatever it had said before.
  const complained = code === 1 || code === 2
  if (code === 0 || (complained && ours.length === 0)) return
  throw new Error(`tsconfig.${config}.json: ended with ${String(code)}:\n${ours.join('\n').trim()}`)
}
