/** The page's addresses. */
import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import type { Applications } from './applications.ts'
import { type AdapterName, adapterNames } from './arguments.ts'
import { checkForm, type FormText } from './form.ts'
import { createFormTokens } from './form-tokens.ts'
import { formPage } from './page/form-page.ts'
import { inLanguage } from './page/layout.ts'
import { refusalPage } from './page/refusal-page.ts'
import { resultPage } from './page/result-page.ts'
import { textsIn } from './texts/texts-in.ts'

const largestForm = 16 * 1024
const ownHosts: readonly string[] = ['localhost', '127.0.0.1']

export function routes(applications: Applications): Hono {
  const tokens = createFormTokens()
  const empty: FormText = { person: '', measure: '', amount: '' }
  const app = new Hono()

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      strictTransportSecurity: false,
    }),
  )
  app.use(async (c, next) => {
    c.header('cache-control', 'no-store')
    // Another name that leads to this machine is a page elsewhere that wants to read this one.
    if (!ownHosts.includes(new URL(c.req.url).hostname)) return c.text('', 421)
    return next()
  })

  app.get('/', (c) => {
    const texts = textsIn(c.req.query('lang'))
    return c.html(formPage({ texts, text: empty, adapter: 'fetch', errors: new Map(), token: tokens.issue() }))
  })

  app.post(
    '/',
    csrf(),
    bodyLimit({
      maxSize: largestForm,
      onError: (c) => c.html(refusalPage(textsIn(c.req.query('lang')), 'tooLarge'), 413),
    }),
    async (c) => {
      const texts = textsIn(c.req.query('lang'))
      const body = await c.req.parseBody()
      const word = (name: string): string => (typeof body[name] === 'string' ? body[name] : '')
      const id = tokens.read(word('token'))
      if (id === undefined) return c.html(refusalPage(texts, 'notOurs'), 403)
      const text: FormText = { person: word('person'), measure: word('measure'), amount: word('amount') }
      const adapter = adapterOf(word('adapter'))
      const { form, errors } = checkForm(text)
      if (form === undefined) return c.html(formPage({ texts, text, adapter, errors, token: word('token') }), 422)
      await applications.handle(id, adapter, form)
      return c.redirect(inLanguage(`/applications/${id}`, texts), 303)
    },
  )

  app.get('/applications/:id', async (c) => {
    const texts = textsIn(c.req.query('lang'))
    const trace = await applications.find(c.req.param('id'))
    if (trace === undefined) return c.html(refusalPage(texts, 'notFound'), 404)
    return c.html(resultPage({ texts, trace, path: `/applications/${c.req.param('id')}` }))
  })

  for (const [path, type] of [
    ['style.css', 'text/css; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ] as const) {
    app.get(`/${path}`, async (c) => {
      const file = await readFile(new URL(`page/${path}`, import.meta.url), 'utf8')
      return c.body(file, 200, { 'content-type': type })
    })
  }

  app.notFound((c) => c.html(refusalPage(textsIn(c.req.query('lang')), 'notFound'), 404))
  app.onError((error, c) => {
    const texts = textsIn(c.req.query('lang'))
    // csrf() throws its refusal.
    if ('getResponse' in error) return c.html(refusalPage(texts, 'notOurs'), 403)
    return c.html(refusalPage(texts, 'unexpected'), 500)
  })
  return app
}

function adapterOf(word: string): AdapterName {
  return adapterNames.find((name) => name === word) ?? 'fetch'
}
