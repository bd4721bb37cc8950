// Rules of ours that no linter brings, for .oxlintrc.json.

interface Context {
  readonly sourceCode: { getAllComments(): readonly { readonly value: string }[] }
  report(finding: { readonly node: unknown; readonly message: string }): void
}

type Rule = { create(context: Context): Readonly<Record<string, (node: unknown) => void>> }

const refuse = (selector: string, message: string): Rule => ({
  create: (context) => ({ [selector]: (node) => context.report({ node, message }) }),
})

const plugin: { readonly meta: { readonly name: string }; readonly rules: Readonly<Record<string, Rule>> } = {
  meta: { name: 'house' },
  rules: {
    'no-star-export': refuse('ExportAllDeclaration', '`export *` hides what is public; type every name by hand'),
    'no-double-cast': refuse(
      'TSAsExpression > TSAsExpression',
      '`as unknown as` proves nothing; narrow the type with a guard',
    ),
    'rfc-link': {
      create: (context) => ({
        Program: () => {
          for (const comment of context.sourceCode.getAllComments())
            for (const [name, number] of comment.value.matchAll(/RFC (\d+)/g))
              if (!comment.value.includes(`https://www.rfc-editor.org/rfc/rfc${number}`))
                context.report({
                  node: comment,
                  message: `link ${name} in this comment: https://www.rfc-editor.org/rfc/rfc${number}`,
                })
        },
      }),
    },
    // The sources also run as they are.
    'no-disposal': refuse(
      'VariableDeclaration[kind=/using$/]',
      'Node 22 does not parse `using`; write try and finally',
    ),
  },
}

// oxlint reads a plugin's default export.
export default plugin
