/** What a pool remembers, and the questions that commands ask of it. */
import { type AccessLevel, capabilities } from '../capabilities'
import type { CommandMemory } from '../event/command-memory'
import type {
  ChargerId,
  IdentityId,
  Label,
  OrganizationId,
  PartnerId,
  RateName,
  RequestId,
} from '../language/ids'
import type { RequestStatus } from '../refusals'
import type { Instant, Window } from '../language/window'
import type { RequestSettings } from './events'

/** What one partner may do with a pool's chargers. */
export interface PartnerAccess {
  readonly visible: boolean
  readonly control: boolean
}

/** What an administrator sets. Never changed in place: a decision of several parts folds them one by one. */
export interface PoolSettings {
  readonly organization: OrganizationId
  readonly name: Label
  readonly level: AccessLevel
  readonly hidden: boolean
  readonly freeVend: boolean
  readonly memberRate: RateName
  readonly requests: RequestSettings
  readonly partners: ReadonlyMap<PartnerId, PartnerAccess>
  readonly archived: boolean
}

/** A membership: of one generation of an identity, within a window, where known by the request it came by. */
export interface Membership extends Window {
  readonly generation: number
  readonly request?: RequestId
}

export interface PoolRequest {
  readonly request: RequestId
  readonly identity: IdentityId
  readonly generation: number
  /** Where it was made, and where it was made again. */
  readonly chargers: readonly ChargerId[]
  readonly requestedAt: Instant
  readonly expiresAt: Instant
  readonly status: RequestStatus
}

/** Until when a denial keeps an identity's next request out. */
export interface Denial {
  readonly generation: number
  readonly retryAfter: Instant
}

export interface PoolState {
  settings: PoolSettings
  /** The claim by which each charger stands in the pool. */
  readonly chargers: Map<ChargerId, number>
  /** The highest claim of each charger that was removed or declined. */
  readonly closedClaims: Map<ChargerId, number>
  readonly members: Map<IdentityId, Membership>
  readonly requests: Map<RequestId, PoolRequest>
  readonly pendingOf: Map<IdentityId, RequestId>
  readonly denials: Map<IdentityId, Denial>
  /** The revision at which settings, chargers or members last changed: what `ifRevision` is held against. */
  changedAt: number
  readonly commands: CommandMemory
}

export const STANDARD_REQUESTS: RequestSettings = {
  enabled: false,
  notify: [],
  expiresAfterDays: 30,
  waitAfterDenialHours: 24,
}

/** Whether drivers may request access: the level allows it, it is switched on, and somebody is told. */
export const offersRequests = ({ level, requests, archived }: PoolSettings): boolean =>
  !archived && capabilities[level].requests && requests.enabled && requests.notify.length > 0

/** The pending request of an identity, whether or not it has expired. */
export const pendingRequest = (state: PoolState, identity: IdentityId): PoolRequest | undefined => {
  const request = state.pendingOf.get(identity)
  return request === undefined ? undefined : state.requests.get(request)
}

/** What the rules of claims ask of a pool. */
export const claiming = (
  state: PoolState,
): { archived: boolean; chargers: PoolState['chargers']; closedClaims: PoolState['closedClaims'] } => ({
  archived: state.settings.archived,
  chargers: state.chargers,
  closedClaims: state.closedClaims,
})
