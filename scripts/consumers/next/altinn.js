// The recipe of core's README: one instance for pages and route handlers, which load this module once each.
import 'server-only'
import { fromEnv } from '@maskinporten-kit/config-env'
import { createMaskinporten, settingsFrom } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'

const maskinporten = (globalThis.maskinporten ??= createMaskinporten(settingsFrom([fromEnv()])))
const altinn = maskinportenFetch(maskinporten.with({ kind: 'altinn' }), { allow: process.env.ALTINN })

/** The ids of the app's instances. `page` keeps each page's request its own. */
export async function instances(page, init) {
  const address = `${process.env.ALTINN}/storage/api/v1/instances?org=ttd&appId=ttd/app&page=${page}`
  const answer = await altinn(address, init)
  if (!answer.ok) throw new Error(`Storage answered ${answer.status}: ${await answer.text()}`)
  const { instances: found } = await answer.json()
  return found.map(({ id }) => id).join()
}
