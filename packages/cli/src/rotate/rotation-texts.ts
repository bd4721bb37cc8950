/** What `keys rotate` says: what it will do, and where it ended. */
import type { Text } from '../language.ts'
import type { Terminal } from '../terminal.ts'
import type { KeyHome } from './key-home.ts'
import { type Asked, type RotationState, type Step, publishedAs } from './next-step.ts'

export interface Shown {
  readonly state: RotationState
  readonly asked: Asked
  readonly home: KeyHome
  readonly clientId: string
  readonly api: string
}

/** All that follows from a step: the run goes on until nothing is left to do now. */
const following: Readonly<Record<Step, readonly Step[]>> = {
  make: ['make', 'publish', 'switch', 'wait'],
  publish: ['publish', 'switch', 'wait'],
  switch: ['switch', 'wait'],
  wait: ['wait'],
  prune: ['prune'],
  done: ['done'],
}

export function showPlan(step: Step, shown: Shown, terminal: Terminal, where: 'result' | 'beside'): void {
  const { state, asked, clientId, api, home } = shown
  const begun = following[step].filter((one) => !(asked.isPrune && one === 'wait'))
  const more: readonly Step[] = asked.isPrune
    ? step === 'prune'
      ? []
      : ['prune']
    : step === 'prune' && asked.isDue
      ? following.make
      : []
  const steps = [...begun, ...more]
  const { kept, published } = state
  if (where === 'result' && terminal.isJson)
    return terminal.json({
      dryRun: true,
      clientId,
      api,
      key: home.label,
      kid: kept.current.jwk.kid,
      nextKid: kept.next?.jwk.kid ?? null,
      published: published.map(({ kid }) => kid),
      dropped: asked.dropped,
      steps,
    })
  const lines = [
    `${terminal.text({ en: 'Client', nb: 'Klient' })}  ${clientId}`,
    `${terminal.text({ en: 'Key', nb: 'Nøkkel' }).padEnd(6)}  ${kept.current.jwk.kid}`,
    `${terminal.text({ en: 'In', nb: 'I' }).padEnd(6)}  ${home.label}`,
    ...steps.map((one, index) => `  ${index + 1}. ${terminal.text(textOf(one, shown))}`),
  ]
  if (where === 'result') terminal.result(lines.join('\n'))
  else terminal.say(lines.join('\n'))
}

function textOf(step: Step, { state: { kept, published }, asked, home, api }: Shown): Text {
  const kid = kept.next?.jwk.kid
  const others = published
    .map((key) => key.kid)
    .filter((one) => !asked.dropped.includes(one))
    .join(', ')
  const list = asked.dropped.join(', ')
  const [dropped, fjernet] = list === '' ? ['', ''] : [`, and takes ${list} away`, `, og fjerner ${list}`]
  const old = kept.replaced === undefined ? undefined : publishedAs(published, kept.replaced)?.kid
  const texts: Readonly<Record<Step, Text>> = {
    make: {
      en: `makes a new key, which waits as ${home.nextName}`,
      nb: `lager en ny nøkkel, som venter som ${home.nextName}`,
    },
    publish: {
      en: `publishes ${kid ?? 'its public half'} at ${api}, beside ${others}${dropped}`,
      nb: `registrerer ${kid ?? 'den offentlige delen'} hos ${api}, ved siden av ${others}${fjernet}`,
    },
    switch: {
      en: `waits until Maskinporten gives a token for ${kid ?? 'it'}, then switches`,
      nb: `venter til Maskinporten gir et token for ${kid ?? 'den'}, og bytter så`,
    },
    wait: {
      en: `leaves ${old ?? kept.current.jwk.kid} published for ${asked.graceMs / 3_600_000} h: apps read their key again within ${home.reloadsWithin}`,
      nb: `lar ${old ?? kept.current.jwk.kid} stå registrert i ${asked.graceMs / 3_600_000} t: apper leser nøkkelen på nytt innen ${home.reloadsWithin}`,
    },
    prune: {
      en: `takes ${old ?? 'the replaced key'} away, when the key in use has given a token`,
      nb: `fjerner ${old ?? 'den erstattede nøkkelen'}, når nøkkelen i bruk har gitt et token`,
    },
    done: { en: 'has nothing to do', nb: 'har ingenting å gjøre' },
  }
  return texts[step]
}

export function showEnd(step: 'wait' | 'done', { state, asked, home, clientId }: Shown, terminal: Terminal): void {
  const { kept, published, now } = state
  const { kid } = kept.current.jwk
  const old = kept.replaced === undefined ? undefined : publishedAs(published, kept.replaced)
  const pruneAfter = new Date((kept.since ?? now) + asked.graceMs)
  if (terminal.isJson)
    return terminal.json({
      clientId,
      key: home.label,
      kid,
      thumbprint: kept.current.thumbprint,
      replacedKid: old?.kid ?? null,
      published: published.map((key) => key.kid),
      pruneAfter: step === 'wait' ? pruneAfter.toISOString() : null,
    })
  const rows: readonly (readonly [Text, string])[] = [
    [{ en: 'In use', nb: 'I bruk' }, kid],
    [{ en: 'In', nb: 'I' }, home.label],
    [{ en: 'Published', nb: 'Publisert' }, published.map((key) => key.kid).join(', ')],
  ]
  terminal.result(rows.map(([name, value]) => `${terminal.text(name).padEnd(9)}  ${value}`).join('\n'))
  if (step !== 'wait') return
  const until = `${pruneAfter.toISOString().slice(0, 16)}Z`
  terminal.say({
    en: `${old?.kid ?? 'The former key'} stays published until a run after ${until}.\nTo take it away now: maskinporten keys rotate --prune`,
    nb: `${old?.kid ?? 'Den forrige nøkkelen'} står registrert til en kjøring etter ${until}.\nFor å fjerne den nå: maskinporten keys rotate --prune`,
  })
}
