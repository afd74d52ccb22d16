/**
 * Whether a session may start: only the charger's own pool decides, in the order of the product's chapter
 * "Decision", a function a step. Synchronous and total; allocates nothing but an answer that carries a window's end.
 */
import { capabilities } from '../domain/capabilities'
import { isCurrent } from '../domain/generation'
import { type ChargerId, type IdentityId, kindOf, type PartnerId } from '../domain/language/ids'
import type { AccessIndexView, IndexedMember, IndexedPool } from './access-index'
import { type Answer, type Denied, type Granted, grantedUntil, NOT_IN_POOL, STALE } from './answer'
import type { Credential } from './credential'
import { type Staleness, WHOLLY_FRESH } from './staleness'

/**
 * Decides on a new session at a charger.
 *
 * @param at the instant by which windows are judged, milliseconds since 1970
 * @param staleness which parts of the index may be out of date: those deny with `ReadModelStale`
 */
export const decide = (
  index: AccessIndexView,
  charger: ChargerId,
  credential: Credential,
  at: number,
  staleness: Staleness = WHOLLY_FRESH,
): Answer => {
  const entry = index.charger(charger)
  const pool = entry?.pool
  if (entry === undefined || pool === undefined) return staleness.any ? STALE : NOT_IN_POOL
  return (
    closedPool(pool, entry.access.suspended, staleness) ??
    openToAnyone(pool) ??
    byCredential(index, pool, credential, at, staleness)
  )
}

/** Step 1: fail closed. */
export const closedPool = (
  { pool, suspended, answers }: IndexedPool,
  chargerSuspended: boolean,
  staleness: Staleness,
): Denied | undefined => {
  if (staleness.ofPool(pool)) return answers.closed('ReadModelStale')
  if (chargerSuspended) return answers.closed('ChargerSuspended')
  return suspended ? answers.closed('PoolSuspended') : undefined
}

/** Step 2: free vend. */
export const openToAnyone = ({ access, answers }: IndexedPool): Granted | undefined =>
  access.freeVend ? answers.freeVend : undefined

/** Steps 3 to 6, in a pool that is open and whose free vend is off. */
const byCredential = (
  index: AccessIndexView,
  pool: IndexedPool,
  credential: Credential,
  at: number,
  staleness: Staleness,
): Answer => {
  switch (credential.type) {
    case 'None':
      return pool.answers.denied('CredentialRequired', 'Other')
    case 'Partner':
      return byPartner(pool, credential.partner)
    case 'Pin':
      return byPin(index, pool, credential.requester, at, staleness)
    case 'Identity':
      return byIdentity(index, pool, credential.identity, at, staleness)
  }
}

/** Step 4: a partner's user. */
export const byPartner = ({ partners, answers }: IndexedPool, partner: PartnerId): Answer =>
  partners.get(partner)?.control === true
    ? answers.partnerControl
    : answers.denied('PartnerNotPermitted', 'Partner')

/** Step 5: digits. Whoever is denied everywhere is denied before they are looked at; who needs none spends none. */
const byPin = (
  index: AccessIndexView,
  pool: IndexedPool,
  requester: IdentityId | undefined,
  at: number,
  staleness: Staleness,
): Answer => {
  if (requester !== undefined) {
    const own = byIdentity(index, pool, requester, at, staleness)
    if (own.decision === 'Granted' || own.reason === 'IdentityBlocked' || own.reason === 'IdentitySuspended')
      return own
  }
  if (pool.access.pins) return pool.answers.redeemPin
  return pool.answers.denied('PinNotAvailable', requester === undefined ? 'Other' : kindOf(requester))
}

/** Step 6: an identity. */
const byIdentity = (
  index: AccessIndexView,
  pool: IndexedPool,
  identity: IdentityId,
  at: number,
  staleness: Staleness,
): Granted | Denied => {
  const { answers } = pool
  const kind = kindOf(identity)
  const known = index.identity(identity)
  if (known === undefined) return answers.denied('UnknownIdentity', kind)
  if (known.access.blocked) return answers.denied('IdentityBlocked', kind)
  if (known.access.suspended) return answers.denied('IdentitySuspended', kind)
  if (staleness.ofIdentity(identity)) return answers.denied('ReadModelStale', kind)
  const member = index.member(pool.pool, identity)
  const counts = member !== undefined && isCurrent(member.access.generation, known)
  const granted = counts ? byMembership(pool, member, at) : undefined
  if (granted !== undefined) return granted
  if (capabilities[pool.access.level].starters === 'AnyRegistered') return answers.publicAccess
  return answers.denied(counts ? 'OutsideValidity' : 'NotAMember', kind)
}

/** What a membership that counts gives at an instant; nothing outside its window. */
export const byMembership = (pool: IndexedPool, member: IndexedMember, at: number): Granted | undefined => {
  if (!(at >= member.from && at < member.until)) return undefined
  const { request, until } = member.access
  const granted = request === undefined ? pool.answers.membership : pool.answers.approvedRequest
  return until === undefined ? granted : grantedUntil(granted, until)
}
