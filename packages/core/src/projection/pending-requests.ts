/** The requests that wait for an administrator: counted, listed, and told of when they change. */
import type { Actor } from '../domain/language/actor'
import { maySee } from '../domain/authorization'
import type { ChargerId, IdentityId, OrganizationId, PoolId, RequestId } from '../domain/language/ids'
import type { PoolRequest, PoolState } from '../domain/pool/state'
import type { RequestStatus } from '../domain/refusals'
import type { Instant } from '../domain/language/window'
import type { StreamsRead } from './streams-read'

/** A request as it is listed. */
export interface RequestListing {
  readonly id: RequestId
  readonly pool: PoolId
  readonly identity: IdentityId
  /** Where it was made first. */
  readonly charger: ChargerId
  /** `Expired`: pending, but past its instant; the system closes it for history. */
  readonly status: RequestStatus | 'Expired'
  readonly requestedAt: Instant
  readonly expiresAt: Instant
}

export interface RequestFilter {
  readonly pool?: PoolId
  readonly organization?: OrganizationId
  /** Decided and expired ones too. */
  readonly all?: boolean
}

/** How many requests of a pool are pending now. */
export interface PendingChange {
  readonly pool: PoolId
  readonly organization: OrganizationId
  readonly pending: number
}

const statusAt = ({ status, expiresAt }: PoolRequest, now: Instant): RequestListing['status'] =>
  status === 'Pending' && expiresAt <= now ? 'Expired' : status

/** The pending requests of a pool at an instant. */
export const pendingIn = (state: PoolState, now: Instant): number => {
  let pending = 0
  for (const id of state.pendingOf.values()) {
    const request = state.requests.get(id)
    if (request !== undefined && statusAt(request, now) === 'Pending') pending += 1
  }
  return pending
}

export class PendingRequests {
  readonly #listeners = new Set<(change: PendingChange) => void>()

  constructor(
    readonly streams: Pick<StreamsRead, 'pools'>,
    readonly now: () => Instant,
  ) {}

  /** The requests that an actor may see, oldest first: a driver its own, an administrator its organization's. */
  list(actor: Actor, { pool: only, organization: of, all = false }: RequestFilter = {}): RequestListing[] {
    const now = this.now()
    const listed: RequestListing[] = []
    for (const { pool, folded } of this.streams.pools.values()) {
      const { state } = folded
      if (state === undefined || (only !== undefined && only !== pool)) continue
      const { organization } = state.settings
      if (of !== undefined && of !== organization) continue
      for (const made of requestsOf(state, all)) {
        const { request: id, identity, chargers, requestedAt, expiresAt } = made
        const status = statusAt(made, now)
        const [charger] = chargers
        if (charger === undefined || (!all && status !== 'Pending')) continue
        if (maySee(actor, { organization, identity }))
          listed.push({ id, pool, identity, charger, status, requestedAt, expiresAt })
      }
    }
    return listed.sort(byAge)
  }

  /** How many pending requests an actor may see. */
  count(actor: Actor, filter: Omit<RequestFilter, 'all'> = {}): number {
    return this.list(actor, filter).length
  }

  /** Calls with each change of a pool's pending requests that events bring about; answers how to end it. */
  onChange(listener: (change: PendingChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells of a pool whose requests have changed. */
  changed(pool: PoolId): void {
    const state = this.streams.pools.get(pool)?.folded.state
    if (state === undefined || this.#listeners.size === 0) return
    const { organization } = state.settings
    const change = { pool, organization, pending: pendingIn(state, this.now()) }
    for (const listener of this.#listeners) listener(change)
  }
}

const requestsOf = function* (state: PoolState, all: boolean): Iterable<PoolRequest> {
  if (all) yield* state.requests.values()
  else
    for (const id of state.pendingOf.values()) {
      const request = state.requests.get(id)
      if (request !== undefined) yield request
    }
}

const byAge = (a: RequestListing, b: RequestListing): number =>
  a.requestedAt === b.requestedAt ? (a.id < b.id ? -1 : 1) : a.requestedAt < b.requestedAt ? -1 : 1
