/** What a 401 leads to: one successor, the same bytes once more, and otherwise the 401 as it is. */
import { MaskinportenError } from '@maskinporten-kit/core'
import { expect, it } from 'vitest'
import type { ExamCall, ExamClient } from './exam-client.ts'
import { authorizations } from './recording-server.ts'
import type { RecordingServer, Reply } from './recording-server.ts'
import type { ScriptedTokens } from './scripted-tokens.ts'

const replayable: Readonly<Record<string, () => NonNullable<ExamCall['body']>>> = {
  string: () => 'en søknad',
  Uint8Array: () => new TextEncoder().encode('bytes'),
  ArrayBuffer: () => new TextEncoder().encode('buffer').buffer,
  Blob: () => new Blob(['blob'], { type: 'text/plain' }),
  FormData: () => {
    const form = new FormData()
    form.append('navn', 'Kari')
    form.append('fil', new Blob(['innhold']), 'fil.txt')
    return form
  },
  URLSearchParams: () => new URLSearchParams({ navn: 'Kari Nordmann' }),
}

/** Each writes "Kari", until its caller writes "Line" over it. */
const changeable: Readonly<Record<string, () => readonly [NonNullable<ExamCall['body']>, () => void]>> = {
  Uint8Array: () => {
    const bytes = new TextEncoder().encode('navn=Kari')
    return [bytes, () => bytes.set(new TextEncoder().encode('Line'), 5)]
  },
  ArrayBuffer: () => {
    const bytes = new TextEncoder().encode('navn=Kari')
    return [bytes.buffer, () => bytes.set(new TextEncoder().encode('Line'), 5)]
  },
  FormData: () => {
    const form = new FormData()
    form.set('navn', 'Kari')
    return [form, () => form.set('navn', 'Line')]
  },
  URLSearchParams: () => {
    const form = new URLSearchParams({ navn: 'Kari' })
    return [form, () => form.set('navn', 'Line')]
  },
}

/** @param scene of the test that runs. */
export function resendExam(
  scene: () => { readonly api: RecordingServer; readonly tokens: ScriptedTokens; readonly client: ExamClient },
): void {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'renews the token on a 401 and sends a %s once more',
    async (method) => {
      const { api, tokens, client } = scene()
      api.reply = (_, nth) => refuseFirst(nth)
      const call = {
        method,
        maskinporten: { scopes: 'a' },
        ...(method !== 'GET' && { body: '{"a":1}', headers: { 'content-type': 'application/json' } }),
      }
      expect(await client(`${api.origin}/x`, call)).toMatchObject({ status: 200, text: 'yes' })
      expect(authorizations(api)).toEqual(tokens.values.map((value) => `Bearer ${value}`))
      expect(tokens.asked.map(({ request, options }) => [request, options?.rejected?.value])).toEqual([
        [{ scopes: 'a' }, undefined],
        [{ scopes: 'a' }, tokens.values[0]],
      ])
      expect(new Set(api.arrived.map(({ method: sent, path, body }) => `${sent} ${path} ${String(body)}`)).size).toBe(1)
    },
  )

  it.each(Object.keys(replayable))('sends the same %s again', async (kind) => {
    const { api, client } = scene()
    api.reply = (_, nth) => refuseFirst(nth)
    const body = replayable[kind]?.() ?? ''
    expect(await client(`${api.origin}/`, { method: 'POST', body })).toMatchObject({ status: 200 })
    const [first, second] = api.arrived.map(({ headers, body: bytes }) => {
      // A form gets a new boundary each time. From the body: not every client writes it in the header.
      const boundary = /^--(\S+)\r\n/.exec(String(bytes))?.[1] ?? '(none)'
      return [headers['content-type'], String(bytes)].map((text) => text?.replaceAll(boundary, 'BOUNDARY'))
    })
    expect(first?.[1]?.length).toBeGreaterThan(0)
    expect(second).toEqual(first)
  })

  it.each(Object.keys(changeable))('sends the %s as it was at the call, both times', async (kind) => {
    const { api, client } = scene()
    api.reply = (_, nth) => refuseFirst(nth)
    const [body, change] = changeable[kind]?.() ?? ['', () => undefined]
    const sending = client(`${api.origin}/`, { method: 'POST', body })
    change()
    await sending
    expect(api.arrived.map(({ body: bytes }) => /Kari|Line/.exec(String(bytes))?.[0])).toEqual(['Kari', 'Kari'])
  })

  it('asks for the successor of the token of the call, whatever has become of the caller’s object', async () => {
    const { api, tokens, client } = scene()
    const details = [{ org: '991825827' }]
    const maskinporten = { consumerOrg: '991825827', claims: { details } }
    api.reply = (_, nth) => {
      maskinporten.consumerOrg = '314330897'
      Object.assign(details[0] ?? {}, { org: '314330897' })
      return refuseFirst(nth)
    }
    await client(`${api.origin}/`, { maskinporten })
    const asked = { consumerOrg: '991825827', claims: { details: [{ org: '991825827' }] } }
    expect(tokens.asked.map(({ request }) => request)).toEqual([asked, asked])
  })

  it('hands a second 401 over', async () => {
    const { api, tokens, client } = scene()
    api.reply = (_, nth) => ({ status: 401, body: `no ${nth}` })
    expect(await client(`${api.origin}/`)).toMatchObject({ status: 401, text: 'no 2' })
    expect([api.arrived.length, tokens.asked.length]).toEqual([2, 2])
  })

  it('does not send a stream again, and hands the 401 over', async () => {
    const { api, tokens, client } = scene()
    api.reply = () => ({ status: 401, body: 'no' })
    const body = new Blob(['a stream']).stream()
    expect(await client(`${api.origin}/`, { method: 'POST', body })).toMatchObject({ status: 401, text: 'no' })
    expect(api.arrived.map(({ body: bytes }) => String(bytes))).toEqual(['a stream'])
    expect(tokens.asked.length).toBe(1)
  })

  it('hands the 401 over when the token cannot be renewed', async () => {
    const { api, tokens, client } = scene()
    api.reply = () => {
      tokens.instead = () => Promise.reject(new MaskinportenError('token_unavailable', 'not now'))
      return { status: 401, body: 'still readable' }
    }
    expect(await client(`${api.origin}/`)).toMatchObject({ status: 401, text: 'still readable' })
    expect(api.arrived.length).toBe(1)
  })
}

function refuseFirst(nth: number): Reply {
  return nth === 1 ? { status: 401, body: 'no' } : { body: 'yes' }
}
