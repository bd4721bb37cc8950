// What runs in a browser or a worker, with no types of Node's and none newer than the language asked for; compiled only.
import { createMaskinporten, type Maskinporten } from '@maskinporten-kit/core'
import { canSendAgain } from '@maskinporten-kit/core/adapter'
import { maskinportenFetch, type MaskinportenFetch } from '@maskinporten-kit/fetch'
import { maskinportenKy } from '@maskinporten-kit/ky'
import ky from 'ky'

const allow = 'https://platform.tt02.altinn.no'
export const maskinporten: Maskinporten = createMaskinporten({ environment: 'test', clientId: 'a', encodedJwk: 'e30=' })
export const altinn: MaskinportenFetch = maskinportenFetch(maskinporten.with({ kind: 'altinn' }), { allow })
export const asFetch: typeof fetch = altinn
export const register = ky.extend(maskinportenKy(maskinporten, { allow }))
export const again: boolean = canSendAgain('text')
