/** What a decision answers: granted, denied, or referred to the service; and a pool's answers, made once. */
import { FREE_RATE, type PoolId, type RateName, STANDARD_RATE } from '../domain/language/ids'
import type { Instant } from '../domain/language/window'
import type { PoolAccess } from './access-change'
import type { CredentialKind } from './credential'

/** What a grant rests on. */
export type Basis = 'FreeVend' | 'PartnerControl' | 'ApprovedRequest' | 'Membership' | 'PublicAccess'

/** Why a session may not start, in the order in which it is found out. */
export type DenialReason =
  | 'NotInPool'
  | 'ReadModelStale'
  | 'ChargerSuspended'
  | 'PoolSuspended'
  | 'CredentialRequired'
  | 'PartnerNotPermitted'
  | 'PinNotAvailable'
  | 'UnknownIdentity'
  | 'IdentityBlocked'
  | 'IdentitySuspended'
  | 'OutsideValidity'
  | 'NotAMember'

/** Another way in that a pool offers: to request access, or to type a PIN. */
export type WayIn = 'request' | 'pin'

/** A new session may start. `rate` is a name, prices are the billing system's; `until`: the membership ends then. */
export interface Granted {
  readonly decision: 'Granted'
  readonly basis: Basis
  readonly pool: PoolId
  readonly rate: RateName
  readonly until?: Instant
}

/** It may not. `next`: what the pool offers to this kind of credential, whatever this driver has used already. */
export interface Denied {
  readonly decision: 'Denied'
  readonly reason: DenialReason
  readonly next: readonly WayIn[]
  /** The pool that denies; none where the charger is in none. */
  readonly pool?: PoolId
}

/** Digits are judged at the service: redeem them there. */
export interface Refer {
  readonly decision: 'Refer'
  readonly to: 'RedeemPin'
  readonly pool: PoolId
}

/** What `decide` answers. */
export type Answer = Granted | Denied | Refer

const NOTHING: readonly WayIn[] = []
const REQUEST: readonly WayIn[] = ['request']
const PIN: readonly WayIn[] = ['pin']
const REQUEST_OR_PIN: readonly WayIn[] = ['request', 'pin']

/** Answers where no pool decides. */
export const NOT_IN_POOL: Denied = { decision: 'Denied', reason: 'NotInPool', next: NOTHING }
export const STALE: Denied = { decision: 'Denied', reason: 'ReadModelStale', next: NOTHING }

/**
 * The answers of a pool as it is set up now, made at the first need and then given again: a decision allocates
 * nothing but an answer that carries the end of a window.
 */
export class PoolAnswers {
  readonly freeVend: Granted
  readonly partnerControl: Granted
  readonly publicAccess: Granted
  readonly membership: Granted
  readonly approvedRequest: Granted
  readonly redeemPin: Refer
  readonly #next: Readonly<Record<CredentialKind, readonly WayIn[]>>
  readonly #denied: Readonly<Record<CredentialKind, Map<DenialReason, Denied>>> = {
    MobileUser: new Map(),
    Rfid: new Map(),
    Other: new Map(),
    Partner: new Map(),
  }
  readonly #closed = new Map<DenialReason, Denied>()

  constructor(
    readonly pool: PoolId,
    access: Pick<PoolAccess, 'memberRate' | 'requests' | 'pins'>,
  ) {
    const granted = (basis: Basis, rate: RateName): Granted => ({ decision: 'Granted', basis, pool, rate })
    this.freeVend = granted('FreeVend', FREE_RATE)
    this.partnerControl = granted('PartnerControl', STANDARD_RATE)
    this.publicAccess = granted('PublicAccess', STANDARD_RATE)
    this.membership = granted('Membership', access.memberRate)
    this.approvedRequest = granted('ApprovedRequest', access.memberRate)
    this.redeemPin = { decision: 'Refer', to: 'RedeemPin', pool }
    const pin = access.pins ? PIN : NOTHING
    const withRequest = access.pins ? REQUEST_OR_PIN : REQUEST
    this.#next = {
      MobileUser: access.requests ? withRequest : pin,
      Rfid: pin,
      Other: pin,
      Partner: NOTHING,
    }
  }

  /** Denied by an open pool, with what it offers instead. */
  denied(reason: DenialReason, to: CredentialKind): Denied {
    return this.#remembered(this.#denied[to], reason, this.#next[to])
  }

  /** Denied because something cannot be known: nothing is offered. */
  closed(reason: 'ReadModelStale' | 'ChargerSuspended' | 'PoolSuspended'): Denied {
    return this.#remembered(this.#closed, reason, NOTHING)
  }

  #remembered(known: Map<DenialReason, Denied>, reason: DenialReason, next: readonly WayIn[]): Denied {
    const denied = known.get(reason) ?? { decision: 'Denied', reason, next, pool: this.pool }
    known.set(reason, denied)
    return denied
  }
}

/** A grant that ends: the one answer that is made anew. */
export const grantedUntil = ({ decision, basis, pool, rate }: Granted, until: Instant): Granted => ({
  decision,
  basis,
  pool,
  rate,
  until,
})
