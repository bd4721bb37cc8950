import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { type EmulatedClient, type Emulator, startEmulator, tokenErrors } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { entraErrorNames } from '../src/entra/error-table.ts'
import { vaultErrorNames } from '../src/key-vault/error-table.ts'
import { adviceFor } from '../src/page/advice/advice.ts'
import { diffOf } from '../src/page/exchange-view.ts'
import { html } from '../src/page/html.ts'
import { languageOf } from '../src/page/language.ts'
import { altinnTokenFor, exchange, postGrant, signGrant, tokenFor } from './sign-grant.ts'

let emulator: Emulator
let client: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())
beforeEach(async () => {
  await emulator.reset()
  client = await emulator.registerClient({
    scopes: ['altinn:serviceowner/instances.read'],
    clientId: 'mine',
    kid: 'one',
  })
})

const get = (path = '/', headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${emulator.control.url}${path}`, { headers })
const pageText = async (path?: string): Promise<string> => (await get(path)).text()

/** Resolves with what came until the words were in it. */
async function until(words: string, act: () => Promise<unknown> | void): Promise<string> {
  const ending = new AbortController()
  const response = await fetch(`${emulator.control.url}/page/events`, { signal: ending.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  let heard = ''
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  heard += (await reader?.read())?.value ?? ''
  await act()
  while (!heard.includes(words)) {
    const { value, done } = (await reader?.read()) ?? { value: '', done: true }
    if (done) break
    heard += value
  }
  ending.abort()
  return heard
}

describe('html', () => {
  test('escapes every value, in text and in attributes, alone and in lists, but not what a template made', () => {
    const hostile = `<script>"'&`
    const safe = '&lt;script&gt;&quot;&#39;&amp;'
    expect(html`<a title="${hostile}">${hostile}${[hostile, [hostile]]}</a>`.text).toBe(
      `<a title="${safe}">${safe}${safe}${safe}</a>`,
    )
    expect(html`${html`<b>${hostile}</b>`}${undefined}${0}`.text).toBe(`<b>${safe}</b>0`)
  })
})

describe('language', () => {
  test.each([
    [null, undefined, 'en'],
    [null, 'nb-NO,nb;q=0.9,en;q=0.8', 'nb'],
    [null, 'no', 'nb'],
    [null, 'nn-NO', 'nb'],
    [null, 'en-GB,nb;q=0.9', 'en'],
    [null, 'en;q=0.5, nb;q=0.9', 'nb'],
    [null, 'de, fr;q=0.9', 'en'],
    [null, 'de, nb;q=0.1', 'nb'],
    [null, 'nb;q=0', 'en'],
    ['nb', 'en', 'nb'],
    ['en', 'nb', 'en'],
    ['xx', 'nb', 'nb'],
    [null, ';;,;q=x', 'en'],
  ] as const)('of ?lang=%s and Accept-Language: %s is %s', (asked, accepted, language) => {
    expect(languageOf(asked, accepted)).toBe(language)
  })

  test('is told by the page, which says that it depends on the header', async () => {
    const response = await get('/', { 'accept-language': 'nb' })
    expect(response.headers.get('vary')).toContain('Accept-Language')
    const text = await response.text()
    expect(text).toContain('<html lang="nb">')
    expect(text).toContain('Klienter')
    expect(await pageText('/?lang=en')).toContain('<html lang="en">')
  })
})

describe('what the page may do', () => {
  test('is said by a strict policy, and nothing on it is inline or from elsewhere', async () => {
    await postGrant(emulator, 'x')
    const response = await get()
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    const text = await response.text()
    expect(text).not.toMatch(/ style=| on[a-z]+=|javascript:|<style/i)
    expect([...text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual(['<script src="/page/script.js" defer>'])
    expect(
      [...text.matchAll(/ (?:src|href)="([^"]*)"/g)].every(([, to = '']) => /^(?:\/(?!\/)|#|data:,$)/.test(to)),
    ).toBe(true)
  })

  test.each([
    ['/page/style.css', 'text/css'],
    ['/page/script.js', 'text/javascript'],
  ])('%s is served as %s', async (path, type) => {
    const response = await get(path)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`])
  })

  test('the addresses are there for who sends the control header, as before', async () => {
    const response = await get('/', { 'x-maskinporten-emulator': '1' })
    expect(await response.json()).toMatchObject({ issuer: emulator.maskinporten.issuer })
  })

  test.each(['/', '/page/style.css', '/page/events'])('%s is not shown under a foreign name', async (path) => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${emulator.control.url}${path}`, { headers: { host: 'evil.example.test' } }, (response) => {
        response.destroy()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      sent.end()
    })
    expect(status).toBe(403)
  })
})

describe('what the page shows', () => {
  test('clients with organisation, scopes, keys and their end', async () => {
    const text = await pageText('/?lang=en')
    for (const shown of ['mine', client.orgNumber, 'altinn:serviceowner/instances.read', 'one', 'expires ', 'active']) {
      expect(text).toContain(shown)
    }
    emulator.clock.advance(366 * 86_400_000)
    emulator.maskinporten.deactivate('mine')
    expect(await pageText('/?lang=en')).toMatch(/addresses[^]*expired \d{4}-\d\d-\d\d/)
    expect(await pageText('/?lang=nb')).toContain('deaktivert')
  })

  test('why a request was refused, who must act, the way out, and what was compared', async () => {
    await postGrant(emulator, await signGrant(emulator, client, { claims: { aud: 'https://maskinporten.no/' } }))
    const text = await pageText('/?lang=en')
    for (const shown of [
      '400 refused',
      'MP-110',
      'Who must act',
      'Set aud to the value of issuer',
      'https://maskinporten.no/',
    ]) {
      expect(text).toContain(shown)
    }
    expect(text).toContain(emulator.maskinporten.issuer)
    expect(await pageText('/?lang=nb')).toContain('Hvem må gjøre noe?')
  })

  test('an answer that is no error, but not the whole one either, by a word of its own', async () => {
    await fetch(`${emulator.texas.url}/api/v1/introspect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identity_provider: 'maskinporten', token: 'x' }),
    })
    emulator.faults.next('jwk', { status: 200, body: '{}' })
    await fetch(`${emulator.maskinporten.url}/jwk`)
    const text = await pageText('/?lang=nb')
    expect(text).toContain('<span class="outcome partly">200 inaktivt</span>')
    expect(text).toContain('<span class="outcome partly">200 bestilt</span>')
    expect(text).not.toContain('200 avvist')
  })

  test('what is no error is not counted among what was refused or failed', async () => {
    const target = `${emulator.maskinporten.url}/jwk`
    emulator.faults.next('jwk', { status: 202, body: '{}', times: 2 })
    for (let sent = 0; sent < 3; sent++) await fetch(target)
    expect(await pageText('/?lang=en')).toContain('3 shown, 0 refused or failed, 2 with a remark')
    emulator.faults.next('jwk', { status: 503 })
    await fetch(target)
    await postGrant(emulator, 'x')
    expect(await pageText('/?lang=nb')).toContain('5 vises, 2 avvist eller feilet, 2 med merknad')
    const only = await pageText('/?lang=nb&show=refused')
    expect(only).toContain('4 vises, 2 avvist eller feilet, 2 med merknad')
    expect(only).toContain('Bare avvist, feilet eller med merknad')
  })

  test('what an exchange took away, added and changed', async () => {
    await exchange(emulator, await tokenFor(emulator, client), '?test=true')
    const text = await pageText('/?lang=en')
    for (const shown of ['What the exchange changed', 'urn:altinn:org', 'Taken away', 'client_amr']) {
      expect(text).toContain(shown)
    }
    expect(text).toMatch(/<code>exp<\/code>[^]*?<code>\d+<\/code> \(<time datetime="[^"]+">\d\d:\d\d:\d\d<\/time>\)/)
    expect(diffOf({ a: 1, b: [1], c: { d: 1 } }, { b: [1], c: { d: 2 }, e: 1 })).toEqual({
      removed: ['a'],
      added: ['e'],
      changed: ['c'],
      kept: ['b'],
    })
    expect(diffOf({ constructor: 1 }, {})).toMatchObject({ removed: ['constructor'] })
  })

  test('the newest first, 50 at most, and only the refused ones on request', async () => {
    for (let sent = 0; sent < 60; sent++) await fetch(`${emulator.maskinporten.url}/jwk?${sent}`)
    await postGrant(emulator, 'x')
    for (let sent = 0; sent < 60; sent++) await fetch(`${emulator.maskinporten.url}/jwk?${sent}`)
    const idsOf = (text: string): number[] => [...text.matchAll(/<li id="request-(\d+)"/g)].map(([, id]) => Number(id))
    const ids = idsOf(await pageText())
    expect(ids.length).toBe(50)
    expect(ids).toEqual(ids.toSorted((a, b) => b - a))
    const refused = await pageText('/?lang=en&show=refused')
    expect(idsOf(refused).length).toBe(1)
    expect(refused).toContain('1 shown, 1 refused or failed.')
  })

  test('no token, assertion or signature', async () => {
    const token = await altinnTokenFor(emulator, client)
    const assertion = await signGrant(emulator, client, { claims: { aud: token } })
    await postGrant(emulator, assertion)
    await exchange(emulator, `${token}AA`)
    await fetch(`${emulator.maskinporten.url}/x/${token}`)
    emulator.faults.next('jwk', { status: 500, body: { token } })
    await fetch(`${emulator.maskinporten.url}/jwk`)
    const text = await pageText()
    for (const secret of [token, assertion]) {
      for (const part of secret.split('.')) expect(text).not.toContain(part)
    }
    expect(text).not.toContain('eyJ')
  })

  test('hostile names as text: of clients, scopes, kids, claims, headers, paths, and bodies of faults', async () => {
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`
    await emulator.registerClient({ scopes: [`a:${evil.replaceAll(' ', '/')}`], clientId: evil })
    const claims = { [evil]: evil, iss: evil, scope: evil, aud: evil }
    await postGrant(emulator, await signGrant(emulator, client, { claims, header: { kid: evil, [evil]: evil } }))
    await postGrant(
      emulator,
      await signGrant(emulator, client, { claims: { authorization_details: [{ type: evil }] } }),
    )
    await postGrant(emulator, await signGrant(emulator, client, { header: { kid: evil } }))
    await fetch(`${emulator.maskinporten.url}/${evil}?${evil}=${evil}`)
    emulator.faults.next('jwk', { status: 500, body: evil })
    await fetch(`${emulator.maskinporten.url}/jwk`)
    for (const path of ['/', '/?show=refused', `/?lang=${encodeURIComponent(evil)}&show=${encodeURIComponent(evil)}`]) {
      const text = await pageText(path)
      expect(text).not.toMatch(/<script>|<img/)
      expect([...text.matchAll(/<script/g)].length).toBe(1)
    }
    expect(await pageText()).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })
})

describe('system users and consents', () => {
  const customer = '310702641'
  const from = `urn:altinn:organization:identifier-no:${customer}`
  const send = (fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${emulator.control.url}/page/approvals`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: emulator.control.url, ...headers },
      body: new URLSearchParams(fields),
    })
  const addUser = (approved = true): string =>
    emulator.maskinporten.addSystemUser({
      orgNumber: customer,
      clientIds: ['mine'],
      systemId: `${client.orgNumber}_my-system`,
      externalRef: 'ref-1',
      approved,
    }).systemUserId
  const approved = (): readonly boolean[] =>
    [...emulator.maskinporten.systemUsers(), ...emulator.maskinporten.consents()].map((one) => one.approved)

  test('are shown with their state, and a form that changes it', async () => {
    const id = addUser(false)
    const consent = emulator.maskinporten.addConsent({ from, to: client.orgNumber, consentRights: [] })
    const text = await pageText('/?lang=en')
    for (const shown of [
      id,
      consent.id,
      customer,
      'my-system',
      'ref-1',
      'not approved',
      from,
      'value="approveSystemUser"',
    ]) {
      expect(text).toContain(shown)
    }
    expect(text).toContain('value="revokeConsent"')
    expect(await pageText('/?lang=nb')).toContain('Trekk tilbake')
  })

  test('are approved and revoked by the forms, which lead back to their place in their language', async () => {
    const id = addUser(false)
    const consent = emulator.maskinporten.addConsent({ from, to: client.orgNumber, consentRights: [] })
    const sent = await send({ action: 'approveSystemUser', id, lang: 'nb' })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/?lang=nb#system-users'])
    expect(approved()).toEqual([true, true])
    await send({ action: 'revokeSystemUser', id })
    const revoked = await send({ action: 'revokeConsent', id: consent.id })
    expect([revoked.status, revoked.headers.get('location')]).toEqual([303, '/?lang=en#consents'])
    expect(approved()).toEqual([false, false])
    await send({ action: 'approveConsent', id: consent.id })
    expect(approved()).toEqual([false, true])
  })

  test.each([
    ['another origin', { origin: 'https://evil.example.test' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['no origin', { origin: '' }],
    ['an origin that is hidden', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
  ])('are not changed by a form of %s', async (_what, headers) => {
    const id = addUser()
    expect((await send({ action: 'revokeSystemUser', id }, headers)).status).toBe(403)
    expect(approved()).toEqual([true])
  })

  test.each([
    ['an unknown action', { action: 'close', id: 'x' }, 'must be one of'],
    ['no action', {}, 'must be one of'],
    ['an id that is not there', { action: 'revokeConsent', id: 'x' }, 'addConsent first'],
    ['a body that is too large', { action: 'revokeConsent', id: 'x'.repeat(70_000) }, 'must be one of'],
  ])('%s is refused with a sentence', async (_what, fields, words) => {
    const response = await send({ ...fields })
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(words)])
  })

  test('are told by an event', async () => {
    const id = addUser()
    expect(await until('event: changed', async () => emulator.maskinporten.revokeSystemUser(id))).toContain('changed')
  })
})

describe('advice', () => {
  /** Every rule that a source file names. */
  const rulesInSources = (): ReadonlySet<string> => {
    const folder = new URL('../src/', import.meta.url)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
    const texts = files
      .filter((path) => !path.startsWith('page'))
      .map((path) => readFileSync(new URL(path, folder), 'utf8'))
    const forms = [
      /\brule: '([^']+)'/g,
      /refuse\('(token_[a-z_]+)'/g,
      /new SelfServiceRefusal\(\s*\d+,\s*'([^']+)'/g,
      /new TexasRefusal\([^']*'[^']*',[^']*(?:'[^']*', )?'(texas_[a-z]+)'\)/g,
      /'(texas_[a-z_]+)'\)/g,
    ]
    return new Set(
      texts.flatMap((text) => forms.flatMap((form) => [...text.matchAll(form)].map(([, rule = '']) => rule))),
    )
  }

  test('is there for every rule of the tables, and for every rule that a source file names', () => {
    const named = rulesInSources()
    // The forms above still find what they are to find.
    const known = ['storage_policy', 'token_expired', 'client_unknown', 'texas_upstream', 'texas_fields', 'fault']
    expect([...named]).toEqual(expect.arrayContaining(known))
    const all = [...Object.keys(tokenErrors), ...vaultErrorNames, ...entraErrorNames, ...named]
    expect(all.filter((rule) => adviceFor(rule) === undefined)).toEqual([])
  })

  test('is written in both languages, as sentences', () => {
    for (const rule of [...Object.keys(tokenErrors), ...vaultErrorNames, ...entraErrorNames, ...rulesInSources()]) {
      const { why, wayOut } = adviceFor(rule) ?? { why: { en: '', nb: '' }, wayOut: { en: '', nb: '' } }
      for (const text of [why.en, why.nb, wayOut.en, wayOut.nb]) expect.soft(text, rule).toMatch(/^.{10,}[^ ]\.$/)
      expect.soft(why.en, rule).not.toBe(why.nb)
    }
  })

  test('of a rule that has none is that of its status', async () => {
    const headers = { authorization: `Bearer ${await altinnTokenFor(emulator, client)}` }
    await fetch(`${emulator.altinn.url}/storage/api/v1/instances`, { headers })
    const text = await pageText('/?lang=en')
    expect(text).toContain('storage_400')
    expect(text).toContain('Read the words of the answer')
  })
})

describe('events', () => {
  test.each([
    ['a request', () => postGrant(emulator, 'x')],
    ['a client', () => emulator.registerClient({ scopes: ['a:b'] })],
    ['a key that ends', () => emulator.clock.advance(366 * 86_400_000)],
    ['a reset', () => emulator.reset()],
  ])('tell of %s', async (_what, act) => {
    expect(await until('event: changed', async () => act())).toContain('event: changed')
  })

  test('do not tell of looking at the page', async () => {
    let told = false
    void until('event: changed', () => undefined).then(
      () => (told = true),
      () => undefined,
    )
    for (let times = 0; times < 3; times++) await pageText()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(told).toBe(false)
  })

  test('end with the emulator', async () => {
    const own = await startEmulator()
    const response = await fetch(`${own.control.url}/page/events`)
    const rest = response.text()
    await own.close()
    await expect(rest).rejects.toThrow('terminated')
  })
})
