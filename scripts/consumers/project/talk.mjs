// The main job, in whichever runtime runs this: a token, exchanged, and one call to Storage with it.
import process from 'node:process'
import { createMaskinporten } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'

const { settings, altinn } = JSON.parse(process.env.EMULATOR)
const maskinporten = createMaskinporten(settings)
const storage = maskinportenFetch(maskinporten.with({ kind: 'altinn' }), { allow: altinn })
const answer = await storage(`${altinn}/storage/api/v1/instances?org=ttd&appId=ttd/app`)
console.log(JSON.stringify({ status: answer.status, body: await answer.text() }))
await maskinporten.close()
