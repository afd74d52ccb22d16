/**
 * From events to access changes: each event is folded by the domain's own aggregates, and what it changed of a pool,
 * a charger, a membership or an identity is said as a record. No configuration is read: every replay says the same.
 */
import { chargerAggregate } from '../domain/charger'
import { effectivePool } from '../domain/claim'
import { identityAggregate } from '../domain/identity'
import { type ChargerId, type IdentityId, type PoolId, STANDARD_RATE } from '../domain/language/ids'
import { partnersAggregate } from '../domain/partner'
import { isOfChargers, isOfMembers, isOfRequests, type PoolEvent } from '../domain/pool/events'
import { poolAggregate } from '../domain/pool/evolve'
import { claiming, offersRequests, type PoolSettings, type PoolState } from '../domain/pool/state'
import { comparePositions } from '../domain/event/position'
import type { RecordedEvent } from '../domain/event/recorded'
import type { AccessChange, IdentityAccess, PoolAccess } from '../decision/access-change'
import { NO_NEEDS } from '../decision/features'
import type { UnreadableSkip } from './failure-policy'
import { epochAggregate, type Parked, Parking, type Release } from './parking'
import { type ChargerRead, type IdentityRead, type PoolRead, StreamsRead } from './streams-read'

/** Who is told of what events change. */
export interface Listener {
  readonly changed: (change: AccessChange) => void
  /** The pending requests of a pool are others, or decided. */
  readonly requestsChanged: (pool: PoolId) => void
}

/** A pool of which nothing could be read: closed, and shown nowhere. */
const UNREADABLE = { level: 'Private', hidden: true, freeVend: false, requests: false, pins: false } as const

export class AccessProjection {
  readonly streams = new StreamsRead()
  readonly #parking = new Parking()

  constructor(readonly listener: Listener) {}

  /** The streams that wait, and why. */
  parked(): readonly Parked[] {
    return this.#parking.list()
  }

  /**
   * Takes the next event in the order of all. Answers a stream to be resumed before the event after it is taken, or
   * that nothing may go on.
   */
  take(recorded: RecordedEvent): Release | UnreadableSkip | undefined {
    const read = this.streams.of(recorded.stream)
    switch (read.kind) {
      case 'Pool':
        this.#takePool(read, recorded)
        return undefined
      case 'Charger':
        this.#parking.take(chargerAggregate, read.folded, recorded)
        this.#sayCharger(read)
        return undefined
      case 'Identity':
        this.#parking.take(identityAggregate, read.folded, recorded)
        this.#sayIdentity(read)
        return undefined
      case 'Partners':
        this.#parking.take(partnersAggregate, read.folded, recorded)
        return undefined
      case 'Epoch':
        this.#parking.take(epochAggregate, read.folded, recorded)
        return undefined
      case 'Skips':
        return this.#parking.takeSkip(recorded)
      case 'Nobody':
        return undefined
    }
  }

  /** From which revision on a released stream is to be read. */
  resumesAt({ stream }: Release): number {
    const read = this.streams.of(stream)
    return 'folded' in read ? read.folded.revision + 1 : 0
  }

  /** Takes the waiting events of a released stream, as far as they come before the skip; only then it is open. */
  resume({ stream, before }: Release, events: readonly RecordedEvent[]): void {
    const read = this.streams.of(stream)
    if (!('folded' in read)) return
    this.#parking.release(stream, read.folded)
    if ('resuming' in read) read.resuming = true
    for (const recorded of events) if (comparePositions(recorded.position, before) < 0) this.take(recorded)
    if (!('resuming' in read)) return
    read.resuming = false
    if (read.kind === 'Pool') this.#sayPool(read)
    if (read.kind === 'Charger') this.#sayCharger(read)
    if (read.kind === 'Identity') this.#sayIdentity(read)
  }

  #takePool(read: PoolRead, recorded: RecordedEvent): void {
    const { folded, pool } = read
    const pending = folded.state?.pendingOf.size ?? 0
    // The fold of an archived pool has forgotten whom it let go.
    const ended = recorded.type === 'PoolArchived' ? contentsOf(folded.state) : undefined
    const applied = this.#parking.take(poolAggregate, folded, recorded)
    if (applied === undefined) {
      this.#sayPool(read)
      return
    }
    const { event } = applied
    if (isOfMembers(event)) this.#sayMember(pool, event.data.identity, folded.state)
    else if (isOfChargers(event)) this.#sayChargerOf(event.data.charger)
    else this.#sayPool(read)
    for (const charger of ended?.chargers ?? []) this.#sayChargerOf(charger)
    for (const identity of ended?.members ?? []) this.#sayMember(pool, identity, folded.state)
    if (touchesRequests(event, pending, folded.state)) this.listener.requestsChanged(pool)
  }

  #sayPool(read: PoolRead): void {
    const { pool, folded } = read
    const settings = folded.state?.settings
    const suspended = folded.suspended !== undefined || read.resuming
    const { said } = read
    if (said !== undefined && said.settings === settings && said.suspended === suspended) return
    read.said = { settings, suspended }
    const before = said === undefined ? null : poolAccess(said.settings, said.suspended)
    const value = poolAccess(settings, suspended)
    if (!samePool(before, value)) this.listener.changed({ type: 'Pool', pool, value })
  }

  #sayMember(pool: PoolId, identity: IdentityId, state: PoolState | undefined): void {
    const value = state?.members.get(identity) ?? null
    this.listener.changed({ type: 'Member', pool, identity, value })
  }

  #sayChargerOf(charger: ChargerId): void {
    const read = this.streams.chargers.get(charger)
    if (read !== undefined) this.#sayCharger(read)
  }

  #sayCharger(read: ChargerRead): void {
    const { charger, folded, said } = read
    const { state } = folded
    const suspended = folded.suspended !== undefined || read.resuming
    const claim =
      state?.claim === undefined
        ? undefined
        : effectivePool(
            charger,
            { allocated: state.allocation !== undefined, claim: state.claim },
            this.#claiming,
          )
    if (said !== undefined && said.pool !== claim?.pool)
      this.listener.changed({ type: 'Charger', pool: said.pool, charger, value: null })
    if (claim === undefined) {
      read.said = undefined
      return
    }
    if (said?.pool === claim.pool && said.claim === claim.claim && said.suspended === suspended) return
    const value = { claim: claim.claim, suspended }
    read.said = { ...value, pool: claim.pool }
    this.listener.changed({ type: 'Charger', pool: claim.pool, charger, value })
  }

  readonly #claiming = (pool: PoolId): ReturnType<typeof claiming> | undefined => {
    const state = this.streams.pools.get(pool)?.folded.state
    return state === undefined ? undefined : claiming(state)
  }

  #sayIdentity(read: IdentityRead): void {
    const { identity, said } = read
    const value = identityAccess(read)
    if (value === null ? said === undefined : said !== undefined && sameIdentity(said, value)) return
    read.said = value ?? undefined
    this.listener.changed({ type: 'Identity', identity, value })
  }
}

interface Contents {
  readonly chargers: readonly ChargerId[]
  readonly members: readonly IdentityId[]
}

const contentsOf = (state: PoolState | undefined): Contents | undefined =>
  state && { chargers: [...state.chargers.keys()], members: [...state.members.keys()] }

const touchesRequests = (event: PoolEvent, before: number, state: PoolState | undefined): boolean =>
  isOfRequests(event) || before !== (state?.pendingOf.size ?? 0)

/** A pool's record; none of an archived one, which has nobody to deny. */
const poolAccess = (settings: PoolSettings | undefined, suspended: boolean): PoolAccess | null => {
  if (settings === undefined)
    return suspended
      ? { ...UNREADABLE, memberRate: STANDARD_RATE, partners: {}, suspended, needs: NO_NEEDS }
      : null
  if (settings.archived) return null
  const { level, hidden, freeVend, memberRate, partners } = settings
  return {
    level,
    hidden,
    freeVend,
    memberRate,
    requests: offersRequests(settings),
    pins: false,
    partners: Object.fromEntries(partners),
    suspended,
    needs: NO_NEEDS,
  }
}

const samePool = (a: PoolAccess | null, b: PoolAccess | null): boolean =>
  a === null || b === null
    ? a === b
    : a.level === b.level &&
      a.hidden === b.hidden &&
      a.freeVend === b.freeVend &&
      a.memberRate === b.memberRate &&
      a.requests === b.requests &&
      a.pins === b.pins &&
      a.suspended === b.suspended &&
      samePartners(a.partners, b.partners)

const samePartners = (a: PoolAccess['partners'], b: PoolAccess['partners']): boolean => {
  const partners = Object.keys(a)
  return (
    partners.length === Object.keys(b).length &&
    partners.every((partner) => {
      const other = Object.hasOwn(b, partner) ? b[partner] : undefined
      return other?.visible === a[partner]?.visible && other?.control === a[partner]?.control
    })
  )
}

/** An identity's record: where it is registered, or cannot be read. */
const identityAccess = ({ folded: { state, suspended }, resuming }: IdentityRead): IdentityAccess | null => {
  const closed = suspended !== undefined || resuming
  if (state?.registered !== true && !closed) return null
  const { generation = 0, blocked = false, tokenType } = state ?? {}
  return { generation, blocked, suspended: closed, ...(tokenType === undefined ? {} : { tokenType }) }
}

const sameIdentity = (a: IdentityAccess, b: IdentityAccess): boolean =>
  a.generation === b.generation &&
  a.blocked === b.blocked &&
  a.suspended === b.suspended &&
  a.tokenType === b.tokenType
