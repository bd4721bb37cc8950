/** What every config source promises, whatever it reads. */
import { inspect } from 'node:util'
import { type ConfigLayer, type ConfigSource, type LoadContext, settingsFrom } from '@maskinporten-kit/core'
import { afterEach, describe, expect, it } from 'vitest'
import { EXAM_MS } from './exam-time.ts'

/** One section's settings: name → value, as `ClientId` → `abc`. */
export type ExamSection = Readonly<Record<string, string>>

export interface ExamSource {
  readonly source: ConfigSource
  /** Puts other values where the source reads. */
  readonly change: (section: ExamSection) => void | Promise<void>
  /** Takes everything away again. */
  readonly close?: (() => void | Promise<void>) | undefined
}

/** A source over these values under `section`; none: there is no such section where it reads. */
export type MakeExamSource = (values: ExamSection, section: string) => ExamSource | Promise<ExamSource>

const SECTION = 'MaskinportenSettings'
const CLIENT_ID = 'maskinportensettings:clientid'
const KEY = 'maskinportensettings:encodedjwk'
const values: ExamSection = { ClientId: 'client-å-1', EncodedJwk: 'canary-of-a-secret-value+/=', Authority: '' }

export function configSourceExam(name: string, make: MakeExamSource): void {
  describe(`the config source exam, sat by ${name}`, { timeout: EXAM_MS }, () => {
    const open: ExamSource[] = []
    const sit = async (section: ExamSection = values, named: string = SECTION): Promise<ExamSource> => {
      const sitting = await make(section, named)
      open.push(sitting)
      return sitting
    }
    afterEach(async () => {
      await Promise.all(open.splice(0).map(async (sitting) => sitting.close?.()))
    })

    it('has a name, which is shown to people', async () => {
      const { source } = await sit()
      expect(source.name.trim()).not.toBe('')
      expect(source.name).not.toContain(values['EncodedJwk'])
    })

    it('gives values as they are, under lower-cased paths, with the spelling they had', async () => {
      const layer = await (await sit()).source.load(context())
      expect(layer.get(CLIENT_ID)?.reveal()).toBe('client-å-1')
      expect(layer.get(CLIENT_ID)?.key).toBe('MaskinportenSettings:ClientId')
      expect(layer.get(KEY)?.reveal()).toBe('canary-of-a-secret-value+/=')
      expect([...layer.keys()].filter((key) => key !== key.toLowerCase())).toEqual([])
    })

    it('gives an empty value as one: that it is empty is for core to judge', async () => {
      const layer = await (await sit()).source.load(context())
      expect(layer.get('maskinportensettings:authority')?.reveal()).toBe('')
    })

    it('knows where each value came from', async () => {
      const layer = await (await sit()).source.load(context())
      const origins = [...layer.values()].map(({ origin }) => origin)
      expect(origins.filter((origin) => origin.trim() === '')).toEqual([])
      expect(origins.join('\n')).not.toContain('canary')
    })

    it('gives nothing, and fails at nothing, where there is no such section', async () => {
      const layer = await (await sit({})).source.load(context())
      expect([...layer.keys()].filter((key) => key.startsWith('maskinportensettings:'))).toEqual([])
    })

    it('reads the section that it is asked for', async () => {
      const section = 'myapp:MaskinportenSettings'
      const layer = await (await sit(values, section)).source.load(context({ section }))
      expect(layer.get(`${section.toLowerCase()}:clientid`)?.reveal()).toBe('client-å-1')
    })

    it('shows no value when a layer, an entry or the source itself is printed', async () => {
      const { source } = await sit()
      const layer = await source.load(context())
      const shown = [layer, [...layer.values()], source].map(
        (what) => inspect(what, { depth: 9, showHidden: true }) + JSON.stringify(what),
      )
      expect(shown.join('\n')).not.toContain('canary')
      expect(shown.join('\n')).not.toContain('client-å-1')
    })

    it('holds no state: loads may run at once, and give the same', async () => {
      const { source } = await sit()
      const [a, b] = await Promise.all([source.load(context()), source.load(context())])
      expect(plain(a)).toEqual(plain(b))
      expect(plain(await source.load(context({ why: 'poll', previous: a })))).toEqual(plain(a))
    })

    it('gives what there is now, when it is asked again', async () => {
      const { source, change } = await sit()
      const previous = await source.load(context())
      await change({ ...values, ClientId: 'client-2' })
      for (const why of ['poll', 'rejected'] as const) {
        // Each why in a load of its own, one after the other.
        const layer = await source.load(context({ why, previous }))
        expect(layer.get(CLIENT_ID)?.reveal()).toBe('client-2')
        expect(layer.get(KEY)?.reveal()).toBe('canary-of-a-secret-value+/=')
      }
    })

    it('marks a change with another version, if it has versions', async () => {
      const { source, change } = await sit()
      const previous = await source.load(context())
      await change({ ...values, ClientId: 'client-2' })
      const layer = await source.load(context({ why: 'poll', previous }))
      const [before, after] = [previous.get(CLIENT_ID)?.version, layer.get(CLIENT_ID)?.version]
      expect(before === undefined ? after === undefined : before !== after).toBe(true)
    })

    it('owns no timer', async () => {
      const { source } = await sit()
      const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
      const before = timers()
      await source.load(context())
      expect(timers()).toBeLessThanOrEqual(before)
    })

    it('works below and above another source: the later wins', async () => {
      const { source } = await sit({ ClientId: 'client-1' })
      const probe: { earlier?: ConfigLayer } = {}
      const last: ConfigSource = {
        name: 'probe',
        async load({ earlier }) {
          probe.earlier = earlier
          return new Map()
        },
      }
      const below: ConfigSource = {
        name: 'below',
        load: async () =>
          new Map([
            [CLIENT_ID, entryOf('below')],
            ['other:key', entryOf('kept')],
          ]),
      }
      const settings = settingsFrom([below, source, last])
      // There is no key: only the layers matter here.
      await settings.get().catch(() => undefined)
      await settings.close()
      expect(probe.earlier?.get(CLIENT_ID)?.reveal()).toBe('client-1')
      expect(probe.earlier?.get('other:key')?.reveal()).toBe('kept')
    })

    it('ends with the signal it was given, or has ended before', async () => {
      const { source } = await sit()
      const controller = new AbortController()
      const loading = source.load(context({ signal: controller.signal })).then(
        () => 'ended',
        () => 'ended',
      )
      controller.abort(new Error('no longer wanted'))
      expect(await loading).toBe('ended')
    })
  })
}

function context(fields: Partial<LoadContext> = {}): LoadContext {
  const section = fields.section ?? SECTION
  return {
    section,
    keys: ['ClientId', 'EncodedJwk', 'JwkBase64', 'Authority'].map((key) => `${section}:${key}`),
    earlier: new Map(),
    why: 'start',
    signal: new AbortController().signal,
    warn: () => undefined,
    ...fields,
  }
}

const entryOf = (value: string): { reveal: () => string; key: string; origin: string; secret: boolean } => ({
  reveal: () => value,
  key: 'key',
  origin: 'below',
  secret: false,
})

const plain = (layer: ConfigLayer): readonly unknown[] =>
  [...layer].map(([path, entry]) => [path, entry.reveal(), entry.key, entry.origin, entry.secret, entry.version])
