// Prints what each entry exports to `require()`.
const found = {}
for (const specifier of process.argv.slice(2)) {
  found[specifier] = Object.keys(require(specifier))
    .filter((name) => name !== '__esModule')
    .toSorted()
}
console.log(JSON.stringify(found))
