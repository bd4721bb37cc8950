// Imports what it is told, and says how long that took.
const start = performance.now()
await Promise.all(process.argv.slice(2).map((name) => import(name)))
const ms = performance.now() - start
await import('./as-published.mjs')
console.log(JSON.stringify({ ms }))
