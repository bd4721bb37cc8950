/** Keys that were refused rest, while another one is there to sign with. */
import type { MaskinportenEvent } from '@maskinporten-kit/core'
import type { Host } from '../host.ts'
import { readAssertion } from '../services/maskinporten.ts'
import type { World } from '../world.ts'

/** Design §5: 15 s at first. */
const QUARANTINE_MS = 15_000
/** What is signed in the same moment was signed before. */
const SAME_MOMENT_MS = 10

export class KeyJudge {
  readonly #world: World
  readonly #breach: (invariant: string, what: string) => void
  readonly #refused = new WeakMap<Host, Map<string, number>>()
  readonly #turnedTo = new WeakMap<Host, { readonly from: string; readonly to: string; readonly at: number }>()

  constructor(world: World, breach: (invariant: string, what: string) => void) {
    this.#world = world
    this.#breach = breach
  }

  event(host: Host, event: MaskinportenEvent): void {
    if (event.type === 'settings.changed') this.#refused.delete(host)
    if (event.type !== 'key.rejected') return
    const { referee, timeline } = this.#world
    const refused = this.#refused.get(host) ?? new Map<string, number>()
    this.#refused.set(host, refused)
    if (event.fallbackKid === undefined) {
      referee.saw('the whole ring refused')
      refused.clear()
      return
    }
    referee.saw('the next key after a refusal')
    // It rests once the other one is really tried: a flight that is over goes no further.
    this.#turnedTo.set(host, { from: event.kid, to: event.fallbackKid, at: timeline.now })
    // Tried all the same, as the last that is left.
    refused.delete(event.fallbackKid)
  }

  signed(host: Host, body: string): void {
    const { kid } = readAssertion(new URLSearchParams(body).get('assertion') ?? '')
    const { now } = this.#world.timeline
    const refused = this.#refused.get(host)
    const turned = this.#turnedTo.get(host)
    if (refused !== undefined && turned?.to === kid && now <= turned.at + SAME_MOMENT_MS) {
      // One that rests already does not rest longer.
      const before = refused.get(turned.from)
      if (before === undefined || now >= before + QUARANTINE_MS) refused.set(turned.from, turned.at)
    }
    const at = refused?.get(kid)
    if (at === undefined || now <= at + SAME_MOMENT_MS || now >= at + QUARANTINE_MS) return
    if (host.machine.disturbedAt > at - QUARANTINE_MS) return
    this.#breach(
      'keys',
      `${host.machine.name} signed with ${kid} ${Math.round(now - at)} ms after it was refused, and had another`,
    )
  }
}
