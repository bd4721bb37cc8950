// The same as dotnet/Program.cs, by core and the fetch adapter.
import { createMaskinporten } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'

// With a third word, `bare`, the calls after the first are plain fetch with that token: what of them is Node's.
const [url, calls, bare] = process.argv.slice(2)
const settings = JSON.parse(process.env.SETTINGS ?? '')
const tokens = createMaskinporten(settings).with({ kind: 'altinn' })
const altinn = maskinportenFetch(tokens, { allow: new URL(url).origin })

async function call(send = altinn, init) {
  const answer = await send(url, init)
  if (!answer.ok) throw new Error(`answered ${answer.status}`)
  await answer.text()
}

await call()
console.log(JSON.stringify({ first: true }))

const { value } = await tokens.getToken()
const [send, init] = bare === 'bare' ? [fetch, { headers: { authorization: `Bearer ${value}` } }] : []
const start = performance.now()
for (let count = 0; count < calls; count++) await call(send, init)
console.log(JSON.stringify({ callMs: (performance.now() - start) / calls }))
process.exit()
