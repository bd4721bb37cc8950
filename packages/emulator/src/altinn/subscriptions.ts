/** Subscriptions to events as Altinn keeps them (Altinn/altinn-events, `Subscription.cs`). */
import type { EmulatorClock } from '../clock.ts'
import type { CloudEvent } from './events.ts'

/** As it is answered: members without a value are left out. Altinn stores no `alternativeSubjectFilter`: it becomes a `subjectFilter`. */
export interface Subscription {
  readonly id: number
  readonly endPoint: string
  readonly sourceFilter?: string
  readonly resourceFilter: string
  readonly subjectFilter?: string
  readonly typeFilter?: string
  /** `/org/ttd`, `/systemuser/{uuid}` or `/organisation/{nine digits}`. */
  readonly consumer: string
  readonly createdBy: string
  readonly created: string
  /** The end point has answered the validation event with 2xx. */
  readonly validated: boolean
  readonly includeSubunits: boolean
}

export type WantedSubscription = Omit<Subscription, 'id' | 'createdBy' | 'created' | 'validated'>

/** One that is there; `subscription` changes when it is validated. */
export interface KeptSubscription {
  readonly subscription: Subscription
  /** The platform under whose name it was made: the source of its validation event. */
  readonly platform: string
}

export interface SubscriptionStore {
  /** The identical one that is there, or a new one. */
  add(wanted: WantedSubscription, platform: string): KeptSubscription
  get(id: number): KeptSubscription | undefined
  /** In the order in which they came. */
  of(consumer: string): readonly Subscription[]
  /** The validated ones that want this event. */
  wanting(event: CloudEvent): readonly KeptSubscription[]
  /** It was neither deleted nor forgotten by a reset. */
  has(kept: KeptSubscription): boolean
  setValidated(kept: KeptSubscription): void
  remove(id: number): void
  clear(): void
}

/** What makes two subscriptions identical (Altinn/altinn-events, `findsubscription.sql`). */
const identity = ['endPoint', 'sourceFilter', 'resourceFilter', 'subjectFilter', 'typeFilter', 'consumer'] as const

export function createSubscriptions(clock: Pick<EmulatorClock, 'now'>): SubscriptionStore {
  const kept = new Map<number, { subscription: Subscription; readonly platform: string }>()
  let last = 0
  return {
    add(wanted, platform) {
      const same = [...kept.values()].find(
        ({ subscription }) =>
          subscription.includeSubunits === wanted.includeSubunits &&
          identity.every((name) => subscription[name] === wanted[name]),
      )
      if (same) return same
      const { consumer, includeSubunits, ...filters } = wanted
      const created = new Date(clock.now()).toISOString()
      const subscription: Subscription = {
        id: ++last,
        ...filters,
        consumer,
        createdBy: consumer,
        created,
        validated: false,
        includeSubunits,
      }
      const added = { subscription, platform }
      kept.set(subscription.id, added)
      return added
    },
    get: (id) => kept.get(id),
    of: (consumer) =>
      [...kept.values()].map(({ subscription }) => subscription).filter((one) => one.consumer === consumer),
    wanting: (event) =>
      [...kept.values()].filter(
        ({ subscription: { validated, resourceFilter, subjectFilter = event.subject, typeFilter = event.type } }) =>
          validated &&
          resourceFilter === event.resource &&
          subjectFilter === event.subject &&
          typeFilter === event.type,
      ),
    has: (one) => kept.get(one.subscription.id) === one,
    setValidated({ subscription: { id } }) {
      const found = kept.get(id)
      if (found) found.subscription = { ...found.subscription, validated: true }
    },
    remove: (id) => void kept.delete(id),
    clear() {
      kept.clear()
      last = 0
    },
  }
}
