import type { OpenClient } from './api-client.ts'
import type { AdapterName } from './arguments.ts'
import { openAxios } from './clients/axios.ts'
import { openFetch } from './clients/fetch.ts'
import { openKy } from './clients/ky.ts'

export const adapters: Readonly<Record<AdapterName, OpenClient>> = { fetch: openFetch, axios: openAxios, ky: openKy }
