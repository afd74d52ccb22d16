/**
 * Finishing what a command on chargers left half done, when its process died: a claim that its pool has neither
 * confirmed nor closed, a claim that its pool will never confirm, an entry whose claim ended. For liveness only: what
 * counts is right without it, however often and by however many it is done at once.
 */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { confirmClaims } from '../commands/add-chargers'
import { readCharger, releaseClaim } from '../commands/charger-claims'
import type { CommandError } from '../commands/writing/command-error'
import { handle, type Outcome, type Writing } from '../commands/writing/handle'
import { chargerStreams, poolStreams } from '../commands/writing/written-streams'
import type { ChargerState } from '../domain/charger'
import { decided } from '../domain/decision'
import type { Cause } from '../domain/event/envelope'
import type { ChargerId, PoolId } from '../domain/language/ids'
import { removeEntry } from '../domain/pool/chargers'
import type { PoolEvent } from '../domain/pool/events'
import type { PoolState } from '../domain/pool/state'
import { chargerStream, poolStream } from '../domain/event/streams'

/** What came of finishing one thing. */
export type Finished = 'Confirmed' | 'Released' | 'Removed' | 'NothingToDo'

type Result<A> = Promise<Either<CommandError, A>>

const chargerToTail = async (
  writing: Writing,
  charger: ChargerId,
  cause: Cause,
): Result<ChargerState | undefined> => {
  const read = await readCharger(writing, charger, cause)
  if (isLeft(read)) return read
  const { state, suspended } = read.right
  return suspended === undefined
    ? right(state)
    : left({ type: 'Refused', refusal: chargerStreams.suspended(chargerStream(charger), suspended) })
}

/**
 * Finishes a charger's claim: the charger is read, then the pool. A pending one is confirmed in its pool; one that
 * the pool refuses, now or since long, is released.
 */
export const finishClaim = async (writing: Writing, charger: ChargerId, cause: Cause): Result<Finished> => {
  const read = await chargerToTail(writing, charger, cause)
  if (isLeft(read)) return read
  const claim = read.right?.claim
  if (claim === undefined) return right('NothingToDo')
  const claims = new Map([[charger, { type: 'Claimed' as const, claim: claim.claim, events: [] }]])
  const confirmed = await confirmClaims(writing, claim.pool, claims, { by: {}, cause })
  if (isLeft(confirmed)) return confirmed
  const outcome = confirmed.right.outcomes.get(charger)
  if (outcome !== undefined) return right(outcome.outcome === 'Added' ? 'Confirmed' : 'NothingToDo')
  const released = await releaseClaim(writing, charger, claim.claim, cause)
  return isLeft(released) ? released : right('Released')
}

/**
 * Ends a pool's entry whose claim is not the charger's current one. The pool is read, then the charger: a claim does
 * not come back, so one that is over after the entry was seen is over for good. The other way round, a claim that
 * was made and confirmed in between would be taken for one that is over.
 */
export const tidyEntry = async (
  writing: Writing,
  pool: PoolId,
  charger: ChargerId,
  cause: Cause,
): Result<Finished> => {
  const handled = await handle<PoolState, PoolEvent, ChargerState | undefined>(writing, {
    aggregate: poolStreams,
    stream: poolStream(pool),
    cause,
    gather: () => chargerToTail(writing, charger, cause),
    decide: (state, known): Outcome<PoolEvent> => {
      const entry = state?.chargers.get(charger)
      const stands = known?.claim?.pool === pool && known.claim.claim === entry
      if (state === undefined || entry === undefined || stands) return right(decided([]))
      const reason = known?.allocation === undefined ? 'Deallocated' : 'ClaimLost'
      return right(decided(removeEntry(state, charger, reason)))
    },
  })
  if (isLeft(handled)) return handled
  const { outcome } = handled.right
  return right(outcome.type === 'Decided' && outcome.events.length > 0 ? 'Removed' : 'NothingToDo')
}
