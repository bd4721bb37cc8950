// The main job of any app, in whichever runtime: a token, exchanged, and one call to Storage with it. The settings come
// as a tree, since not every runtime has files and variables.
import { createMaskinporten, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'

export async function mainJob({ settings, altinn }) {
  const maskinporten = createMaskinporten(settingsFrom([fromObject({ MaskinportenSettings: settings })]))
  const storage = maskinportenFetch(maskinporten.with({ kind: 'altinn' }), { allow: altinn })
  try {
    const answer = await storage(`${altinn}/storage/api/v1/instances?org=ttd&appId=ttd/app`)
    return { status: answer.status, body: await answer.text() }
  } finally {
    await maskinporten.close()
  }
}
