// The main job in a runtime that has `process`.
import process from 'node:process'
import { mainJob } from './main-job.mjs'

console.log(JSON.stringify(await mainJob(JSON.parse(process.env.EMULATOR))))
