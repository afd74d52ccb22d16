/**
 * After an identity was deregistered, its memberships and requests of that generation and those before it are ended
 * in each pool. They count no more since then: this is tidying.
 */
import { type Either, isLeft, right } from 'fp-ts/Either'
import type { CommandError } from '../commands/writing/command-error'
import { handle, nothingToGather, type Writing } from '../commands/writing/handle'
import { poolStreams } from '../commands/writing/written-streams'
import { decided } from '../domain/decision'
import type { Cause } from '../domain/event/envelope'
import type { IdentityId, PoolId } from '../domain/language/ids'
import type { PoolEvent } from '../domain/pool/events'
import { tidyMembership } from '../domain/pool/members'
import type { PoolState } from '../domain/pool/state'
import { poolStream } from '../domain/event/streams'

/** Ends what one pool holds of a deregistered generation, and of those before it; answers how many events it took. */
export const tidyDeregistered = async (
  writing: Writing,
  pool: PoolId,
  identity: IdentityId,
  generation: number,
  cause: Cause,
): Promise<Either<CommandError, number>> => {
  const handled = await handle<PoolState, PoolEvent, undefined>(writing, {
    aggregate: poolStreams,
    stream: poolStream(pool),
    cause,
    gather: nothingToGather,
    decide: (state) => right(decided(state === undefined ? [] : tidyMembership(state, identity, generation))),
  })
  if (isLeft(handled)) return handled
  const { outcome } = handled.right
  return right(outcome.type === 'Decided' ? outcome.events.length : 0)
}
