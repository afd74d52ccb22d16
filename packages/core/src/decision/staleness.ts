/** Which parts of what a decision reads may be out of date: one part at the service, a partition each at a gateway. */
import type { IdentityId, PoolId } from '../domain/language/ids'

/** Asked by `decide` of the parts that it reads. */
export interface Staleness {
  /** Any part at all: a charger that stands nowhere might stand there. */
  readonly any: boolean
  readonly ofPool: (pool: PoolId) => boolean
  readonly ofIdentity: (identity: IdentityId) => boolean
}

/** A reader of one part is stale as a whole, or fresh as a whole. */
const wholly = (stale: boolean): Staleness => ({
  any: stale,
  ofPool: () => stale,
  ofIdentity: () => stale,
})

export const WHOLLY_FRESH: Staleness = wholly(false)
export const WHOLLY_STALE: Staleness = wholly(true)
