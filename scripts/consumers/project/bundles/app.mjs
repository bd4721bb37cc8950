// An app with all that an app takes from us, its settings in the environment and in files: the job by each adapter.
import process from 'node:process'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { createMaskinporten, settingsFrom } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { maskinportenKy } from '@maskinporten-kit/ky'
import axios from 'axios'
import ky from 'ky'

async function main() {
  const { altinn } = JSON.parse(process.env.EMULATOR)
  const maskinporten = createMaskinporten(settingsFrom([fromAppSettings(), fromEnv(), fromAzureKeyVault()]))
  const tokens = maskinporten.with({ kind: 'altinn' })
  const allow = altinn
  const client = axios.create()
  maskinportenAxios(client, tokens, { allow })
  const url = `${altinn}/storage/api/v1/instances?org=ttd&appId=ttd/app`
  const answers = await Promise.all([
    maskinportenFetch(tokens, { allow })(url),
    client.get(url),
    ky.create(maskinportenKy(tokens, { allow })).get(url),
  ])
  await maskinporten.close()
  console.log(JSON.stringify(answers.map(({ status }) => status)))
}

void main()
