/** Pools, chargers and identities as they are listed, and by what lists are filtered. */
import type { AccessLevel } from '../domain/capabilities'
import type {
  ChargerId,
  HostId,
  IdentityId,
  Label,
  OrganizationId,
  PoolId,
  RateName,
} from '../domain/language/ids'
import type { RequestSettings } from '../domain/pool/events'
import type { MemberAccess, PartnerPermissions } from '../decision/access-change'

/** A pool as it is listed. */
export interface PoolListing {
  readonly id: PoolId
  readonly organization: OrganizationId
  readonly name: Label
  readonly level: AccessLevel
  readonly hidden: boolean
  readonly freeVend: boolean
  readonly memberRate: RateName
  readonly requests: RequestSettings
  readonly partners: PartnerPermissions
  /** How many: effective chargers, members of a current generation, requests that are pending and not expired. */
  readonly chargers: number
  readonly members: number
  readonly pendingRequests: number
  readonly archived: boolean
  readonly suspended: boolean
  /** What an administrator who looked at this gives as `ifRevision`. */
  readonly revision: number
}

/** An allocated charger as it is listed; its label is its id where it has none. */
export interface ChargerListing {
  readonly id: ChargerId
  readonly label: string
  readonly host: HostId
  readonly organization: OrganizationId
  /** `null`: it is in none. */
  readonly pool: PoolId | null
}

/** A registered identity as it is listed, with the pools that the actor may see. */
export interface IdentityListing {
  readonly id: IdentityId
  readonly organization?: OrganizationId
  readonly generation: number
  readonly blocked: boolean
  readonly pools: readonly PoolId[]
}

/** A membership of a current generation as it is listed. */
export interface MemberListing extends MemberAccess {
  readonly identity: IdentityId
}

/** Found anywhere in ids and labels, whatever the case. */
export interface TextFilter {
  readonly text?: string
}

export interface PoolFilter extends TextFilter {
  readonly pool?: PoolId
  readonly organization?: OrganizationId
  /** With a charger of this host. */
  readonly host?: HostId
  /** Archived ones too. */
  readonly archived?: boolean
}

export interface ChargerFilter extends TextFilter {
  readonly pool?: PoolId
  readonly organization?: OrganizationId
  readonly host?: HostId
  /** In no pool, and claimed by none that could still take it: they can be added. */
  readonly available?: boolean
  /** In a pool that is not hidden: what drivers see too. */
  readonly shownInApp?: boolean
}

export interface IdentityFilter extends TextFilter {
  /** Its members; with `available`, those that can be added to it. */
  readonly pool?: PoolId
  readonly organization?: OrganizationId
  readonly available?: boolean
}
