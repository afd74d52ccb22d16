/**
 * Charger claims: how "a charger is in at most one pool" is a property of one stream. The charger's stream says
 * whose it is (a claim, numbered); the pool's stream confirms; a pool's entry counts only while its claim is the
 * charger's current one.
 */
import type { ChargerId, PoolId } from './language/ids'

/** Whom a charger belongs to, as its own stream says. */
export interface Claim {
  readonly pool: PoolId
  readonly claim: number
}

/** What is judged of a charger. */
export interface ClaimedCharger {
  readonly allocated: boolean
  readonly claim: Claim | undefined
}

/** What is judged of a pool. */
export interface ClaimingPool {
  readonly archived: boolean
  /** The claim by which each charger stands in the pool. */
  readonly chargers: ReadonlyMap<ChargerId, number>
  /** The highest claim of each charger that was removed or declined. */
  readonly closedClaims: ReadonlyMap<ChargerId, number>
}

/**
 * The pool that a charger is in: allocated, claimed by that pool, and confirmed by the pool with that very claim.
 * Projections, lists and the audit all ask this one function.
 */
export const effectivePool = (
  charger: ChargerId,
  state: ClaimedCharger | undefined,
  poolOf: (pool: PoolId) => ClaimingPool | undefined,
): Claim | undefined => {
  const claim = state?.claim
  if (state === undefined || !state.allocated || claim === undefined) return undefined
  return poolOf(claim.pool)?.chargers.get(charger) === claim.claim ? claim : undefined
}

/**
 * Whether a pool's stream may still confirm a claim: it is open, no such or later claim was closed there, and none
 * later stands there.
 */
export const mayConfirm = (charger: ChargerId, claim: number, pool: ClaimingPool): boolean =>
  !pool.archived &&
  claim > (pool.closedClaims.get(charger) ?? 0) &&
  claim >= (pool.chargers.get(charger) ?? 0)

/** Dead: its pool can never confirm it, so another pool may take the charger over. */
export const isDead = (charger: ChargerId, claim: Claim, pool: ClaimingPool): boolean =>
  !mayConfirm(charger, claim.claim, pool) && pool.chargers.get(charger) !== claim.claim

/** Pending: claimed, and neither confirmed nor closed by its pool. */
export const isPending = (charger: ChargerId, claim: Claim, pool: ClaimingPool): boolean =>
  pool.chargers.get(charger) !== claim.claim && mayConfirm(charger, claim.claim, pool)
