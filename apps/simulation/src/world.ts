/** The whole: machines, services, faults and the referee on one virtual time, and what one seed makes of them. */
import { createHash } from 'node:crypto'
import { Active, type Fault } from './faults.ts'
import { type Fleet, makeFleets, nextKey } from './fleet.ts'
import { Host } from './host.ts'
import { Network, type Service } from './network.ts'
import { Random } from './random.ts'
import { Referee } from './referee/referee.ts'
import { Altinn } from './services/altinn.ts'
import { Maskinporten } from './services/maskinporten.ts'
import { Redis } from './services/redis.ts'
import { Tokens } from './services/tokens.ts'
import { Vault } from './services/vault.ts'
import { Timeline } from './timeline.ts'

/** Applications poll their settings every quarter of an hour, so the former key goes after two. */
const FORMER_KEY_MS = 7_200_000

/** In the midst of what its last callers have begun. */
const IN_MIDST_MS = 100

export class World {
  readonly timeline: Timeline = new Timeline()
  readonly random: Random
  readonly active: Active = new Active()
  readonly tokens: Tokens = new Tokens()
  readonly network: Network
  readonly maskinporten: Maskinporten
  readonly altinn: Altinn
  readonly redis: Redis
  readonly vault: Vault
  readonly referee: Referee
  readonly hosts: Host[] = []
  readonly #fleets: readonly [Fleet, Fleet, Fleet] = makeFleets()
  readonly #hash = createHash('sha256')
  #started = 0

  constructor(seed: number) {
    this.random = new Random(seed)
    this.network = new Network(this.timeline, this.active, this.random.fork())
    this.maskinporten = new Maskinporten(this.active, this.random.fork(), this.tokens)
    this.altinn = new Altinn(this.active, this.tokens)
    this.redis = new Redis(this.timeline, this.active, this.network)
    this.vault = new Vault(this.network)
    this.referee = new Referee(this)
    this.maskinporten.breach = (what) => this.referee.breach('assertion', what)
    this.vault.asked = (_machine, why) => {
      if (why === 'rejected') this.referee.saw('the settings asked anew after a refusal')
    }
    this.redis.watcher = {
      saw: (what) => this.referee.saw(what),
      wroteWithoutLease: ({ name }) =>
        this.referee.breach('fence', `${name} wrote what it had fetched under a lease without that lease`),
    }
  }

  /** Everything that happened, in short. */
  get hash(): string {
    return this.#hash.copy().digest('hex').slice(0, 16)
  }

  log(line: string): void {
    this.#hash.update(`${this.timeline.now} ${line}\n`)
  }

  start(instances: number): void {
    for (const fleet of this.#fleets) {
      const { register, publish } = nextKey(fleet, this.maskinporten)
      register()
      publish()
    }
    for (let number = 0; number < instances; number++) this.startHost(number)
  }

  /** Two of four share `cache-redis`, one has no store, one has real keys. */
  startHost(number: number): Host {
    const [shared, lone, keys] = this.#fleets
    const fleet = [shared, lone, keys, shared][number % 4] ?? shared
    const host = new Host(this, fleet, `${fleet.name}.${++this.#started}#${number}`)
    this.hosts[number] = host
    host.begin()
    return host
  }

  expect(fault: Fault): void {
    const { timeline, active } = this
    timeline.after(fault.at - timeline.now, undefined, () => {
      const happening = { ...fault, machine: (fault.machine ?? 0) % this.hosts.length }
      active.begin(happening)
      const end = this.#begin(happening)
      timeline.after(fault.forMs, undefined, () => {
        active.end(happening)
        end()
      })
    })
  }

  /** What happens at its beginning; returns what happens at its end. */
  #begin(fault: Fault): () => void {
    const { redis, referee, timeline } = this
    const number = fault.machine ?? 0
    const host = this.hosts[number]
    this.log(`${fault.kind} of ${host?.machine.name}`)
    const nothing = (): void => {}
    if (host === undefined) return nothing
    const { machine } = host
    const amount = fault.amount ?? 0
    // The others are looked up by those whom they befall.
    const kind: string = fault.kind
    switch (kind) {
      case 'clock ahead':
      case 'clock behind':
        machine.setWall(kind === 'clock ahead' ? amount : -amount)
        return () => machine.setWall(0)
      case 'stopped':
      case 'suspended':
        host.burst()
        timeline.after(IN_MIDST_MS, undefined, () => {
          const isSuspended = kind === 'suspended'
          if (host.calls.size > 0)
            referee.saw(isSuspended ? 'suspended while callers wait' : 'stopped while callers wait')
          machine.freeze(fault.forMs, isSuspended)
        })
        return nothing
      case 'killed':
        host.burst()
        timeline.after(IN_MIDST_MS, undefined, () => {
          if (redis.leasesOf(machine).length > 0) referee.saw('killed while it holds a lease')
          machine.isGone = true
        })
        return () => void this.startHost(number)
      case 'restarted':
        host.burst()
        timeline.after(IN_MIDST_MS, undefined, () => this.#restart(number))
        return nothing
      case 'cut off': {
        const from = fault.from as Service
        machine.cutOffFrom.add(from)
        return () => void machine.cutOffFrom.delete(from)
      }
      case 'scaled': {
        const from = this.hosts.length
        for (let more = 0; more < amount; more++) this.startHost(from + more)
        return () => this.hosts.splice(from, amount).forEach((one) => one.close())
      }
      case 'rush':
        host.rush(amount, fault.forMs)
        return nothing
      case 'redis flushed':
        redis.flush()
        return nothing
      case 'key rotated':
      case 'key rotated, known late':
      case 'key revoked':
        return this.#rotate(host.fleet, fault)
      case 'client changed':
        return this.#changeClient(host.fleet)
      default:
        return nothing
    }
  }

  /** Now and then what is started is taken back at once, in the midst of its first calls. */
  #restart(number: number): void {
    this.hosts[number]?.close()
    this.startHost(number).burst()
    if (this.random.chance(0.4))
      this.timeline.after(this.random.between(0, 2 * IN_MIDST_MS), undefined, () => this.#restart(number))
  }

  #rotate(fleet: Fleet, { kind }: Fault): () => void {
    const former = fleet.secrets.kids[0] ?? ''
    const { register, publish } = nextKey(fleet, this.maskinporten)
    const forget = (): void => void this.maskinporten.keys.delete(former)
    publish()
    if (kind === 'key rotated, known late') {
      this.timeline.after(FORMER_KEY_MS, undefined, forget)
      return register
    }
    register()
    if (kind === 'key revoked') forget()
    else this.timeline.after(FORMER_KEY_MS, undefined, forget)
    return () => {}
  }

  #changeClient(fleet: Fleet): () => void {
    fleet.secrets.clientId = `${fleet.name}-client-${++fleet.secrets.version}`
    return () => {}
  }
}
