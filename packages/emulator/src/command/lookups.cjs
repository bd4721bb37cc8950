'use strict'
// What `run` lets each Node of its command load first. CommonJS, for every Node from 14.18 on. It changes no answer, and fails
// silently: a process that outlives the run keeps the variable, and the list is gone.
const dns = require('node:dns')
const { appendFileSync } = require('node:fs')
const list = process.env.EMULATED_MASKINPORTEN_LOOKUPS
const noted = new Set()
function note(host) {
  const name = String(host).toLowerCase()
  if (!list || noted.has(name) || !/[a-z]/.test(name) || name === 'localhost' || name.includes(':')) return
  noted.add(name)
  try {
    appendFileSync(list, name + '\n')
  } catch {}
}
for (const holder of [dns, dns.promises]) {
  const lookup = holder && holder.lookup
  if (!lookup) continue
  const noting = function (host) {
    note(host)
    return Reflect.apply(lookup, this, arguments)
  }
  try {
    holder.lookup = Object.defineProperties(noting, Object.getOwnPropertyDescriptors(lookup))
  } catch {}
}
