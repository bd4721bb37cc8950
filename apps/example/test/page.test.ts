import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Stage } from '../src/stage.ts'
import { type PageServer, startServer } from '../src/server.ts'
import { openScene } from './scene.ts'

const scene = openScene('key-vault')
const right = { person: '20914695016', measure: 'Benk ved badeplassen', amount: '12 500', adapter: 'ky' }
let stage: Stage
let server: PageServer
let origin: string

beforeAll(async () => {
  stage = await scene.stage()
  server = await startServer(stage, 0, (sentence) => {
    throw new Error(sentence)
  })
  origin = new URL(server.url).origin
})
afterAll(() => server.close())

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

async function get(path: string): Promise<Answer> {
  const answer = await fetch(origin + path)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

async function tokenOf(path = '/'): Promise<string> {
  return /name="token" value="([^"]+)"/.exec((await get(path)).text)?.[1] ?? ''
}

/** As a browser does it, up to the redirect. */
async function post(
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
  path = '/',
): Promise<Answer> {
  const body = new URLSearchParams(fields)
  const answer = await fetch(origin + path, {
    method: 'POST',
    body,
    headers: { origin, ...headers },
    redirect: 'manual',
  })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

describe('the form', () => {
  test('is in bokmål, and in English when asked, each in its own lang and with a way to the other', async () => {
    const [nb, en] = [(await get('/')).text, (await get('/?lang=en')).text]
    expect(nb).toMatch(/<html lang="nb">[\s\S]*Søk om tilskudd[\s\S]*<form method="post" action="\/" novalidate/)
    expect(nb).toMatch(/<a\s+href="\/\?lang=en"\s+lang="en"/)
    expect(en).toMatch(/<html lang="en">[\s\S]*Apply for a grant[\s\S]*<form method="post" action="\/\?lang=en"/)
    expect(en).toMatch(/<a\s+href="\/\?lang=nb"\s+lang="nb"/)
  })

  test('labels every field and ties its hint to it', async () => {
    const { text } = await get('/')
    for (const name of ['person', 'measure', 'amount']) {
      expect(text).toContain(`<label for="${name}">`)
      expect(text).toMatch(new RegExp(`id="${name}"[^>]*aria-describedby="${name}-hint"`))
      expect(text).toContain(`id="${name}-hint"`)
    }
    expect(text).toMatch(/<fieldset aria-describedby="adapter-hint">\s*<legend>/)
    expect(text.indexOf('class="skip" href="#main"')).toBeLessThan(text.indexOf('<header>'))
  })

  test('given back with a summary that takes the focus, and with an error at each field that is wrong', async () => {
    const { status, text } = await post({ ...right, token: await tokenOf(), person: '20114695016', amount: '0' })
    expect(status).toBe(422)
    expect(text).toContain('<title>Feil: Søk om tilskudd')
    expect(text).toMatch(/<div class="errors" role="group" aria-labelledby="errors-title" tabindex="-1" autofocus>/)
    expect(text).toMatch(/<a href="#person">[\s\S]*<a href="#amount">/)
    expect(text).not.toContain('<a href="#measure">')
    for (const name of ['person', 'amount']) {
      expect(text).toMatch(
        new RegExp(`id="${name}"[^>]*aria-describedby="${name}-hint ${name}-error"[^>]*aria-invalid="true"`),
      )
      expect(text).toMatch(new RegExp(`id="${name}-error">Feil: `))
    }
    expect(text).toMatch(/value="ky"\s+checked/)
  })

  test('what was typed comes back as text, not as markup', async () => {
    const measure = '</textarea><script>alert(1)</script>'
    const { text } = await post({ ...right, token: await tokenOf(), measure, person: '"><img src=x>' })
    expect(text).not.toMatch(/<script|<img/)
    expect(text).toContain('&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea')
    expect(text).toContain('value="&quot;&gt;&lt;img src=x&gt;"')
  })
})

describe('an application', () => {
  async function send(adapter: string, lang = ''): Promise<Answer> {
    const answer = await post({ ...right, adapter, token: await tokenOf() }, {}, `/${lang}`)
    expect(answer.status).toBe(303)
    return get(answer.headers.get('location') ?? '')
  }

  test.each(['fetch', 'axios', 'ky'])(
    'through %s shows each step; the next one finds the tokens in the cache',
    async (adapter) => {
      const first = (await send(adapter)).text
      expect(first).toContain('<h1>Søknaden er mottatt</h1>')
      expect(first).toContain(`gjennom ${adapter}`)
      expect(first.match(/<strong>Utført<\/strong>/g)).toHaveLength(9)
      expect(first.match(/ · nytt token/g)).toHaveLength(2)
      expect(first).toMatch(/MaskinportenSettings--EncodedJwk/)
      expect(first).toMatch(/urn:altinn:org<\/dt>\s*<dd><code>ttd/)
      const second = (await send(adapter)).text
      expect(second).not.toContain('nytt token')
      expect(second.match(/token fra hurtigbuffer<\/p>/g)).toHaveLength(7)
      expect(second).toContain('Ingen forespørsel ble sendt')
    },
  )

  test('shows no token, assertion or signature, and not the applicant', async () => {
    stage.emulator.clearRequests()
    const { text } = await send('fetch')
    const sent = stage.emulator
      .requests()
      .flatMap(({ bearer, grant }) => [bearer?.token ?? [], grant?.assertion ?? []].flat())
    expect(sent.length).toBeGreaterThan(4)
    for (const token of sent) {
      expect(text).not.toContain(token)
      expect(text).not.toContain(token.split('.')[2])
    }
    expect(text).not.toContain(right.person)
  })

  test('keeps the language, and can be seen in the other', async () => {
    const { text } = await send('ky', '?lang=en')
    expect(text).toContain('<h1>Your application has been received</h1>')
    const other = /<a\s+href="(\/applications\/[^"]+\?lang=nb)"/.exec(text)?.[1] ?? ''
    expect((await get(other)).text).toContain('<h1>Søknaden er mottatt</h1>')
  })

  test('sent twice is one application', async () => {
    const token = await tokenOf()
    stage.emulator.clearRequests()
    const both = await Promise.all([post({ ...right, token }), post({ ...right, token })])
    expect(new Set(both.map(({ headers }) => headers.get('location'))).size).toBe(1)
    expect(stage.emulator.requests('register')).toHaveLength(1)
  })

  test('that fails says so in words, with the step and the way out', async () => {
    stage.emulator.faults.next('storage', { status: 403 })
    const { text } = await send('fetch')
    expect(text).toContain('<h1>Søknaden kom ikke helt fram</h1>')
    expect(text).toMatch(
      /<strong class="failed">Mislyktes<\/strong><\/p>\s*<p class="sentence" lang="en">GET .* answered 403; /,
    )
  })
})

describe('the server', () => {
  test('sends no script and lets nothing else in', async () => {
    for (const path of ['/', '/applications/none', '/style.css']) {
      const { headers, text } = await get(path)
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(text).not.toMatch(/<script|<style| style=| on\w+=/)
    }
  })

  test('takes a form from its own page only', async () => {
    const token = await tokenOf()
    stage.emulator.clearRequests()
    const refused = [
      await post({ ...right, token }, { origin: 'http://elsewhere.test' }),
      await post({ ...right, token }, { origin: 'null' }),
      await post(right),
      await post({ ...right, token: `${token.split('.')[0] ?? ''}.${'A'.repeat(43)}` }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403])
    expect(refused[0]?.text).toContain('Skjemaet kom ikke fra denne siden')
    expect(stage.emulator.requests()).toEqual([])
  })

  test('refuses a form that is too large', async () => {
    expect((await post({ ...right, token: await tokenOf(), measure: 'a'.repeat(20_000) })).status).toBe(413)
  })

  test('answers 404 in words for what is not there', async () => {
    const { status, text } = await get('/applications/1?lang=en')
    expect(status).toBe(404)
    expect(text).toContain('There is nothing at this address')
  })
})
