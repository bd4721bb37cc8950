// Prints what each entry exports to `import`.
const found = {}
for (const specifier of process.argv.slice(2)) found[specifier] = Object.keys(await import(specifier)).toSorted()
console.log(JSON.stringify(found))
