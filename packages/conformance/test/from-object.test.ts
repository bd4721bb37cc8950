import { fromObject } from '@maskinporten-kit/core'
import { configSourceExam } from '@maskinporten-kit/conformance'

configSourceExam('fromObject', (values, section) => {
  const tree: Record<string, unknown> = { [section]: values }
  return {
    source: fromObject(tree),
    change: (changed) => {
      tree[section] = changed
    },
  }
})
