/** The page in a real Chromium: `CHROMIUM` or the system's. Skips, saying so, where there is none. */
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { altinnTokenFor, exchange, postGrant, signGrant, tokenFor } from './sign-grant.ts'

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = places.find((path) => path !== undefined && path !== '' && existsSync(path))
if (executablePath === undefined) console.log('page-browser.test.ts is skipped: no Chromium is on this machine')

describe.skipIf(executablePath === undefined)('the page in Chromium', { timeout: 120_000 }, () => {
  let emulator: Emulator
  let client: EmulatedClient
  let browser: Browser
  beforeAll(async () => {
    emulator = await startEmulator()
    client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'], clientId: 'my-client' })
    await fillWith(emulator, client)
    // Chromium has no sandbox for root.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    browser = await chromium.launch({ executablePath: executablePath ?? '', args })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await emulator?.close()
  })

  /** With what the browser complains of. */
  async function open(
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<{ readonly page: Page; readonly complaints: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', (error) => void complaints.push(error.message))
    await page.goto(`${emulator.control.url}${path}`)
    return { page, complaints }
  }
  const openAll = (page: Page): Promise<void> =>
    page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true
    })

  // The checks of axe take seconds each: one in each language, scheme and width.
  test.each([
    ['en', 'light', 1280],
    ['nb', 'dark', 320],
  ] as const)('in %s, %s, %i px wide, keeps WCAG 2.1 AA with everything open', async (language, colorScheme, wide) => {
    const { page, complaints } = await open(`/?lang=${language}`, {
      colorScheme,
      viewport: { width: wide, height: 800 },
    })
    await openAll(page)
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    expect(complaints).toEqual([])
  })

  test.each(['en', 'nb'])('in %s, fits 320 px with everything open, without scrolling sideways', async (language) => {
    const { page } = await open(`/?lang=${language}`, { viewport: { width: 320, height: 800 } })
    await openAll(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  })

  test('follows the language of the browser, and has a link to the other one', async () => {
    const { page } = await open('/', { locale: 'nb-NO' })
    expect(await page.textContent('#requests-title')).toBe('Forespørsler')
    await page.click('text=English')
    expect(await page.textContent('#requests-title')).toBe('Requests')
  })

  test('is whole without JavaScript: a refusal is opened and read, the filter works, and it says how to see what is new', async () => {
    const { page } = await open('/?lang=en', { javaScriptEnabled: false, viewport: { width: 320, height: 800 } })
    await page.click('text=Only refused or failed')
    await page.locator('summary', { hasText: 'MP-110' }).click()
    const inside = page.locator('details[open]')
    expect(await inside.innerText()).toContain('Set aud to the value of issuer')
    expect(await inside.innerText()).toContain('https://maskinporten.no/')
    expect((await page.textContent('#live'))?.trim()).toBe('Reload the page to see what is new.')
  })

  test('shows what arrives within 2 s, and leaves open and focused what was', async () => {
    const { page, complaints } = await open('/?lang=en')
    await page.waitForFunction(() =>
      document.getElementById('live')?.textContent.trim().startsWith('This page follows'),
    )
    const refused = page.locator('summary', { hasText: 'MP-110' }).first()
    await refused.click()
    const before = await page.locator('.requests > li').count()
    const first = await page.locator('.requests > li').first().getAttribute('id')
    await postGrant(emulator, 'a.b.c')
    const fresh = page.locator(`.requests > li:first-child:not(#${first})`)
    await fresh.waitFor({ timeout: 2000 })
    expect(await page.locator('.requests > li').count()).toBe(before + 1)
    expect(await page.locator('details[open] summary').innerText()).toContain('MP-110')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('MP-110')
    await emulator.registerClient({ scopes: ['new:scope'], clientId: 'came-later' })
    await page.locator('text=came-later').waitFor({ timeout: 2000 })
    expect(await page.locator('details[open]').count()).toBe(1)
    expect(complaints).toEqual([])
  })

  test('takes in an answer that was waited for, in the request that is open', async () => {
    const { page } = await open('/?lang=en')
    emulator.faults.next('jwk', { delayMs: 6000 })
    const sent = fetch(`${emulator.maskinporten.url}/jwk?slow`)
    const newest = page.locator('.requests > li').first()
    await newest.locator('summary', { hasText: 'not answered' }).waitFor({ timeout: 5000 })
    const id = await newest.getAttribute('id')
    await newest.locator('summary').click()
    await sent
    await page.locator(`#${id} summary`, { hasText: '200 accepted' }).waitFor({ timeout: 2000 })
    expect(await page.locator(`#${id} details[open]`).count()).toBe(1)
  })

  test('approves a system user by its form, without JavaScript, and shows it at once where there is some', async () => {
    const user = { orgNumber: '310702641', clientIds: ['my-client'], systemId: '991825827_system', approved: false }
    const { systemUserId } = emulator.maskinporten.addSystemUser(user)
    const { page: watching } = await open('/?lang=en')
    const { page } = await open('/?lang=nb', { javaScriptEnabled: false })
    await page.locator(`#system-user-${systemUserId} button`, { hasText: 'Godkjenn' }).click()
    expect(await page.locator(`#system-user-${systemUserId}`).innerText()).toContain('Trekk tilbake')
    expect(page.url()).toContain('lang=nb#system-users')
    await watching.locator(`#system-user-${systemUserId} button`, { hasText: 'Revoke' }).waitFor({ timeout: 2000 })
    expect(emulator.maskinporten.systemUsers().map(({ approved }) => approved)).toEqual([true])
  })

  test('runs nothing that came in a request', async () => {
    const evil = `"'><script>document.title='evil'</script><img src=x onerror="document.title='evil'">`
    await postGrant(emulator, await signGrant(emulator, client, { claims: { aud: evil }, header: { kid: evil } }))
    const { page, complaints } = await open('/?lang=en')
    await openAll(page)
    await postGrant(emulator, await signGrant(emulator, client, { claims: { aud: evil }, header: { kid: evil } }))
    await page.waitForTimeout(1500)
    expect([await page.title(), await page.locator('img').count(), complaints]).toEqual([
      'Maskinporten emulator',
      0,
      [],
    ])
  })
})

/** Refusals of several kinds, and what was accepted. */
async function fillWith(emulator: Emulator, client: EmulatedClient): Promise<void> {
  const grants = [
    { claims: { aud: 'https://maskinporten.no/' } },
    { header: { kid: 'unknown-key' } },
    { claims: { scope: 'skatteetaten:innrapportering' } },
    {},
  ]
  for (const changes of grants) await postGrant(emulator, await signGrant(emulator, client, changes))
  await exchange(emulator, await tokenFor(emulator, client), '?test=true')
  await exchange(emulator, await altinnTokenFor(emulator, client))
  const url = `${emulator.altinn.url}/storage/api/v1/instances`
  const headers = { authorization: `Bearer ${await altinnTokenFor(emulator, client)}` }
  await fetch(`${url}?org=ttd`, { headers })
  await fetch(`${url}?appId=skd/app`, { headers })
  emulator.faults.next('jwk', { status: 503, body: 'Service Unavailable' })
  await fetch(`${emulator.maskinporten.url}/jwk`)
  emulator.faults.next('jwk', { reset: true })
  await fetch(`${emulator.maskinporten.url}/jwk`).catch(() => undefined)
  await fetch(`${emulator.selfService.url}/api/v1/clients`)
  const inactive = new URLSearchParams({ identity_provider: 'maskinporten', token: 'x' })
  await fetch(`${emulator.texas.url}/api/v1/introspect`, { method: 'POST', body: inactive })
  const consent = { from: 'urn:altinn:organization:identifier-no:310702641', to: client.orgNumber, consentRights: [] }
  emulator.maskinporten.addConsent(consent)
}
