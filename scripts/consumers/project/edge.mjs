// The main job in Vercel's edge runtime, which has neither `process` nor `node:*`; its bundle holds core and fetch.
import { readFileSync } from 'node:fs'
import { EdgeRuntime } from 'edge-runtime'

const [bundle] = process.argv.slice(2)
const runtime = new EdgeRuntime({ initialCode: readFileSync(bundle, 'utf8') })
console.log(JSON.stringify(await runtime.evaluate(`app.mainJob(${process.env.EMULATOR})`)))
