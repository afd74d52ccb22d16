/**
 * The lists that people work with: pools, chargers, identities. They read the folded streams and the access index;
 * an administrator sees its own organization's, whoever is in the app what the app shows.
 */
import type { Actor } from '../domain/language/actor'
import { maySee } from '../domain/authorization'
import { isDead } from '../domain/claim'
import { type ChargerId, type HostId, type IdentityId, kindOf, type PoolId } from '../domain/language/ids'
import { claiming } from '../domain/pool/state'
import type { Instant } from '../domain/language/window'
import type { AccessIndexView } from '../decision/access-index'
import type {
  ChargerFilter,
  ChargerListing,
  IdentityFilter,
  IdentityListing,
  MemberListing,
  PoolFilter,
  PoolListing,
  TextFilter,
} from './listings'
import { pendingIn } from './pending-requests'
import type { ChargerRead, IdentityRead, PoolRead, StreamsRead } from './streams-read'

export type {
  ChargerFilter,
  ChargerListing,
  IdentityFilter,
  IdentityListing,
  MemberListing,
  PoolFilter,
  PoolListing,
} from './listings'

export class Directory {
  constructor(
    readonly streams: StreamsRead,
    readonly index: AccessIndexView,
    readonly now: () => Instant,
  ) {}

  pools(actor: Actor, filter: PoolFilter = {}): PoolListing[] {
    const listed: PoolListing[] = []
    const wanted = textFilter(filter.text)
    for (const read of this.#poolsAsked(filter.pool)) {
      const settings = read.folded.state?.settings
      if (settings === undefined || !maySee(actor, settings)) continue
      if (settings.archived && filter.archived !== true) continue
      if (filter.organization !== undefined && filter.organization !== settings.organization) continue
      if (filter.host !== undefined && !this.#hasHost(read.pool, filter.host)) continue
      const listing = wanted(read.pool, settings.name) ? this.#poolListing(read) : undefined
      if (listing !== undefined) listed.push(listing)
    }
    return listed.sort(byId)
  }

  chargers(actor: Actor, filter: ChargerFilter = {}): ChargerListing[] {
    const listed: ChargerListing[] = []
    const wanted = textFilter(filter.text)
    for (const read of this.#chargersAsked(filter.pool)) {
      const allocation = read.folded.state?.allocation
      if (allocation === undefined || !this.#showsCharger(actor, read, filter)) continue
      const { host, organization, label, hostLabel } = allocation
      if (filter.organization !== undefined && filter.organization !== organization) continue
      if (filter.host !== undefined && filter.host !== host) continue
      if (!wanted(read.charger, label, host, hostLabel)) continue
      const pool = this.index.poolOf(read.charger) ?? null
      listed.push({ id: read.charger, label: label ?? read.charger, host, organization, pool })
    }
    return listed.sort(byId)
  }

  identities(actor: Actor, filter: IdentityFilter = {}): IdentityListing[] {
    const listed: IdentityListing[] = []
    const wanted = textFilter(filter.text)
    for (const read of this.streams.identities.values()) {
      const { identity, folded } = read
      const { state } = folded
      if (state?.registered !== true || !wanted(identity)) continue
      if (!maySeeIdentity(actor, read) || !this.#fits(read, filter)) continue
      const { organization, generation, blocked } = state
      const pools = [...this.index.poolsOf(identity)].filter((pool) =>
        this.#maySeePool(actor, pool, identity),
      )
      listed.push({
        id: identity,
        ...(organization === undefined ? {} : { organization }),
        generation,
        blocked,
        pools: pools.sort(),
      })
    }
    return listed.sort(byId)
  }

  /** The members of a pool, with their windows, ended or not. */
  members(actor: Actor, pool: PoolId, filter: TextFilter = {}): MemberListing[] {
    const settings = this.streams.pools.get(pool)?.folded.state?.settings
    if (settings === undefined || !maySee(actor, settings)) return []
    const listed: MemberListing[] = []
    const wanted = textFilter(filter.text)
    for (const identity of this.index.membersOf(pool)) {
      const member = this.index.member(pool, identity)
      if (member !== undefined && wanted(identity)) listed.push({ identity, ...member.access })
    }
    return listed.sort((a, b) => (a.identity < b.identity ? -1 : 1))
  }

  #poolListing({ pool, folded }: PoolRead): PoolListing | undefined {
    const { state, suspended, revision } = folded
    if (state === undefined) return undefined
    const { organization, name, level, hidden, freeVend, memberRate, requests, archived } = state.settings
    return {
      id: pool,
      organization,
      name,
      level,
      hidden,
      freeVend,
      memberRate,
      requests,
      partners: Object.fromEntries(state.settings.partners),
      chargers: count(this.index.chargersOf(pool)),
      members: count(this.index.membersOf(pool)),
      pendingRequests: pendingIn(state, this.now()),
      archived,
      suspended: suspended !== undefined,
      revision,
    }
  }

  #poolsAsked(pool: PoolId | undefined): Iterable<PoolRead> {
    const read = pool === undefined ? undefined : this.streams.pools.get(pool)
    return pool === undefined ? this.streams.pools.values() : read === undefined ? [] : [read]
  }

  *#chargersAsked(pool: PoolId | undefined): Iterable<ChargerRead> {
    if (pool === undefined) yield* this.streams.chargers.values()
    else
      for (const charger of this.index.chargersOf(pool)) {
        const read = this.streams.chargers.get(charger)
        if (read !== undefined) yield read
      }
  }

  #hasHost(pool: PoolId, host: HostId): boolean {
    for (const charger of this.index.chargersOf(pool))
      if (this.streams.chargers.get(charger)?.folded.state?.allocation?.host === host) return true
    return false
  }

  #showsCharger(actor: Actor, read: ChargerRead, { available, shownInApp }: ChargerFilter): boolean {
    const organization = read.folded.state?.allocation?.organization
    if (available === true && !this.#isAvailable(read)) return false
    if (shownInApp !== true) return maySee(actor, { organization })
    return this.#isShown(read.charger) && (actor.type === 'Driver' || maySee(actor, { organization }))
  }

  #isShown(charger: ChargerId): boolean {
    return this.index.charger(charger)?.pool?.access.hidden === false
  }

  #isAvailable({ charger, folded: { state, suspended } }: ChargerRead): boolean {
    if (suspended !== undefined) return false
    if (state?.claim === undefined) return true
    const pool = this.streams.pools.get(state.claim.pool)?.folded.state
    return pool !== undefined && isDead(charger, state.claim, claiming(pool))
  }

  #fits(read: IdentityRead, { pool, organization, available }: IdentityFilter): boolean {
    const { identity, folded } = read
    if (organization !== undefined && folded.state?.organization !== organization) return false
    if (pool === undefined) return true
    const members = new Set(this.index.poolsOf(identity))
    return available === true ? !members.has(pool) && this.#mayJoin(read, pool) : members.has(pool)
  }

  #mayJoin({ folded }: IdentityRead, pool: PoolId): boolean {
    const settings = this.streams.pools.get(pool)?.folded.state?.settings
    if (settings === undefined || settings.archived || folded.suspended !== undefined) return false
    const own = folded.state?.organization
    return own === undefined || own === settings.organization
  }

  #maySeePool(actor: Actor, pool: PoolId, identity: IdentityId): boolean {
    return maySee(actor, {
      organization: this.streams.pools.get(pool)?.folded.state?.settings.organization,
      identity,
    })
  }
}

/** Administrators give access to mobile users of any kind, and to cards of their own organization or of none. */
const maySeeIdentity = (actor: Actor, { identity, folded }: IdentityRead): boolean => {
  const organization = folded.state?.organization
  if (maySee(actor, { organization, identity })) return true
  return actor.type === 'Administrator' && (organization === undefined || kindOf(identity) === 'MobileUser')
}

const comparable = (text: string): string => text.normalize('NFC').toLowerCase()

const textFilter = (text: string | undefined): ((...in_: readonly (string | undefined)[]) => boolean) => {
  if (text === undefined || text === '') return () => true
  const wanted = comparable(text)
  return (...texts) => texts.some((one) => one !== undefined && comparable(one).includes(wanted))
}

const count = (things: Iterable<unknown>): number => {
  let counted = 0
  for (const _ of things) counted += 1
  return counted
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1)
