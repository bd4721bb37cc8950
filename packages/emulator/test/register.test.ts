import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { altinnTokenFor, readJson, tokenFor } from './sign-grant.ts'

const active = '20914695016'
const reserved = '13887299411'

let emulator: Emulator
let contact: string
beforeAll(async () => {
  emulator = await startEmulator()
  contact = await tokenFor(emulator, await emulator.registerClient({ scopes: ['krr:global/kontaktinformasjon.read'] }))
  emulator.register.addPerson({ personidentifikator: active, epostadresse: 'kari@example.test', spraak: 'nn' })
  emulator.register.addPerson({ personidentifikator: reserved, reservasjon: 'JA', epostadresse: 'ola@example.test' })
})
afterAll(() => emulator.close())

function ask(numbers: unknown, token: string): Promise<Response> {
  return fetch(`${emulator.register.url}/rest/v2/personer`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ personidentifikatorer: numbers }),
  })
}

test('answers in the order asked, with contact data of the active only', async () => {
  const since = expect.any(String)
  expect(await readJson(await ask([active, '01810112345', reserved], contact))).toEqual({
    personer: [
      {
        personidentifikator: active,
        reservasjon: 'NEI',
        status: 'AKTIV',
        varslingsstatus: 'KAN_VARSLES',
        kontaktinformasjon: {
          epostadresse: 'kari@example.test',
          epostadresse_oppdatert: since,
          epostadresse_sist_verifisert: since,
        },
        spraak: 'nn',
        spraak_oppdatert: since,
      },
      {
        personidentifikator: '01810112345',
        reservasjon: 'NEI',
        status: 'IKKE_REGISTRERT',
        varslingsstatus: 'KAN_IKKE_VARSLES',
      },
      expect.objectContaining({ reservasjon: 'JA', varslingsstatus: 'KAN_IKKE_VARSLES' }),
    ],
  })
})

test('gives the mailbox, and no contact data, to whoever has only that scope', async () => {
  const mailbox = await emulator.registerClient({ scopes: ['krr:global/digitalpost.read'] })
  const { personer } = await readJson(await ask([active], await tokenFor(emulator, mailbox)))
  expect(personer).toEqual([
    { personidentifikator: active, reservasjon: 'NEI', status: 'AKTIV', digital_post: expect.any(Object) },
  ])
})

test('takes the raw token, and no exchanged one', async () => {
  const both = await emulator.registerClient({ scopes: ['krr:global/kontaktinformasjon.read', 'altinn:serviceowner'] })
  expect((await ask([active], await altinnTokenFor(emulator, both))).status).toBe(401)
  expect((await ask([active], await tokenFor(emulator, both))).status).toBe(200)
})

test('refuses a token without its scope, and anything but 1 to 1000 numbers', async () => {
  const other = await tokenFor(emulator, await emulator.registerClient({ scopes: ['other:one'] }))
  const answers = [ask([active], other), ask([], contact), ask(active, contact), ask(Array(1001).fill(active), contact)]
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([403, 400, 400, 400])
  const refusal = await ask([], contact)
  expect(refusal.headers.get('content-type')).toBe('application/problem+json')
})

test('holds synthetic persons only, and does not repeat the number that was refused', () => {
  const add = (): void => emulator.register.addPerson({ personidentifikator: '20114695016' })
  expect(add).toThrow(/month/)
  expect(add).not.toThrow(/20114695016/)
})
