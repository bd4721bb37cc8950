/** What a run means for the one who asked for it: what it says at its end, and whether it fails. */
import type { Run } from './readme.ts'
import type { Judgement } from './summary.ts'

export interface Outcome {
  readonly sentences: readonly string[]
  readonly exitCode: 0 | 1
}

/** What was not measured fails every run; a goal missed beyond all that is granted fails with `--check`. */
export function outcomeOf({ summaries, failed }: Omit<Run, 'where'>, check: boolean): Outcome {
  const names = (judgement: Judgement): readonly string[] =>
    summaries.filter(({ verdicts }) => verdicts.some((one) => one.judgement === judgement)).map(({ name }) => name)
  const unmeasured = [...failed, ...names('not measured')]
  const exceeded = names('exceeded')
  return {
    sentences: [
      ...sentence('Not measured', unmeasured),
      ...sentence('Over what is accepted', exceeded),
      ...sentence('Over the goal, and accepted', names('accepted')),
    ],
    exitCode: unmeasured.length > 0 || (check && exceeded.length > 0) ? 1 : 0,
  }
}

const sentence = (title: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${title}: ${names.join(', ')}.`]
