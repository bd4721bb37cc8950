/** The script of the page: it follows what arrives, and leaves alone what somebody has opened. Without it the page is whole. */

// A text, and not a function's own: what transforms a user's code must not transform what runs in the browser.
export const script = `'use strict'
const live = document.getElementById('live')
let source
let running = false
let again = false

function say(text) {
  if (live.textContent !== text) live.textContent = text
}

function contentOf(element) {
  return element.outerHTML.replaceAll(' open=""', '')
}

// Elements stay, with what is open, focused and selected in them. Only what differs is changed.
function renew(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data
    return
  }
  if (contentOf(old) === contentOf(fresh)) return
  for (const { name, value } of fresh.attributes) if (name !== 'open') old.setAttribute(name, value)
  if ('list' in old.dataset) {
    renewList(old, fresh)
    return
  }
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]]
  const alike = (one, at) => one.nodeName === after[at].nodeName && one.id === after[at].id
  if (before.length === after.length && before.every(alike)) before.forEach((one, at) => renew(one, after[at]))
  else old.replaceChildren(...after)
}

// Items with the same id are the same.
function renewList(old, fresh) {
  const known = new Map([...old.children].map((one) => [one.id, one]))
  const items = [...fresh.children].map((one) => {
    const mine = known.get(one.id)
    if (mine === undefined) return one
    renew(mine, one)
    return mine
  })
  for (const one of [...old.children]) if (!items.includes(one)) one.remove()
  for (const [at, one] of items.entries()) {
    if (old.children[at] !== one) old.insertBefore(one, old.children[at] ?? null)
  }
}

async function update() {
  again = running
  if (running) return
  running = true
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
    if (!answer.ok) throw new Error(answer.statusText)
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
    renew(document.getElementById('content'), fresh.getElementById('content'))
    say(live.dataset.live)
  } catch {
    say(live.dataset.lost)
  }
  running = false
  if (again) await update()
}

function follow() {
  source?.close()
  source = undefined
  // A hidden page holds no connection: a browser has six of them for one address.
  if (document.hidden) return
  source = new EventSource('/page/events')
  source.addEventListener('open', () => void update())
  source.addEventListener('changed', () => void update())
  source.addEventListener('error', () => say(live.dataset.lost))
}

document.addEventListener('visibilitychange', follow)
follow()
`
