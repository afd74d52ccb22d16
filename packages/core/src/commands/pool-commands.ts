/** Commands that concern one pool's stream: facts are gathered, the domain decides, one append says it. */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { authorize } from '../domain/authorization'
import { effectivePool } from '../domain/claim'
import { uuidV5 } from '../domain/event/envelope'
import { type ChargerId, named, PoolId } from '../domain/language/ids'
import type { PoolCommandData } from '../domain/pool/commands'
import type { Facts } from '../domain/pool/context'
import { decidePool, type PoolStreamCommand } from '../domain/pool/decide'
import type { PoolEvent } from '../domain/pool/events'
import { claiming, type PoolState } from '../domain/pool/state'
import type { Refusal } from '../domain/refusals'
import { chargerStream, poolStream } from '../domain/event/streams'
import { contextOf } from './add-chargers'
import { inParts } from './bulk'
import type { Issued } from './by'
import { poolsOfClaims, readCharger, readPool } from './charger-claims'
import type { CommandError } from './writing/command-error'
import { type Done, doneOf } from './done'
import { gatherFacts } from './facts'
import { handle, type Outcome, type Writing } from './writing/handle'
import { chargerStreams, poolStreams } from './writing/written-streams'

type Answer = Promise<Either<CommandError, Done>>
type Rule = (state: PoolState | undefined) => Outcome<PoolEvent> | undefined

const carryOut = async (
  writing: Writing,
  pool: PoolId,
  command: PoolStreamCommand,
  issued: Issued,
  rule: Rule = () => undefined,
): Answer => {
  const handled = await handle<PoolState, PoolEvent, Facts>(writing, {
    aggregate: poolStreams,
    stream: poolStream(pool),
    cause: issued.cause,
    gather: (state) => gatherFacts(writing, command, state, issued.cause),
    decide: (state, facts) =>
      rule(state) ?? decidePool(state, command, { ...contextOf(issued, pool), facts }),
  })
  return isLeft(handled) ? handled : right(doneOf(handled.right))
}

/**
 * The pool that this very command wrote to before, wherever the charger is now: one of those that ever claimed it.
 * A command whose id was drawn just now was never here.
 */
const poolOfFirst = async (
  writing: Writing,
  charger: ChargerId,
  { by, cause }: Issued,
): Promise<Either<CommandError, PoolId | undefined>> => {
  if (by.commandId === undefined) return right(undefined)
  const pools = await poolsOfClaims(writing, charger, cause)
  if (isLeft(pools)) return pools
  for (const pool of pools.right) {
    const read = await readPool(writing, pool, cause)
    if (isLeft(read)) return read
    if (read.right.state?.commands.has(cause.commandId) === true) return right(pool)
  }
  return right(undefined)
}

/** Finds the pool that the charger is in; the request is the pool's. */
const requestAccess = async (
  writing: Writing,
  data: PoolCommandData<'RequestAccess'>,
  issued: Issued,
): Answer => {
  const { charger, identity } = data
  const authorized = authorize('RequestAccess', issued.cause.actor, { identity })
  if (isLeft(authorized)) return left({ type: 'Refused', refusal: authorized.left })
  const read = await readCharger(writing, charger, issued.cause)
  if (isLeft(read)) return read
  const { state, suspended } = read.right
  if (suspended !== undefined)
    return left({ type: 'Refused', refusal: chargerStreams.suspended(chargerStream(charger), suspended) })
  const notInPool: Refusal = { type: 'ChargerNotInPool', charger }
  const claim = state?.claim
  const first = await poolOfFirst(writing, charger, issued)
  if (isLeft(first)) return first
  if (first.right !== undefined)
    return carryOut(writing, first.right, { type: 'RequestAccess', data }, issued)
  if (claim === undefined) return left({ type: 'Refused', refusal: notInPool })
  // The pool's confirmation is looked at again where the request is decided.
  const pool = await readPool(writing, claim.pool, issued.cause)
  if (isLeft(pool)) return pool
  return carryOut(writing, claim.pool, { type: 'RequestAccess', data }, issued, (present) => {
    const inPool = effectivePool(charger, { allocated: true, claim }, () =>
      present === undefined ? undefined : claiming(present),
    )
    return inPool === undefined ? left(notInPool) : undefined
  })
}

/** The id of a pool that was created without one. */
const poolIdFor = (commandId: string): PoolId => named(PoolId, uuidV5(`${commandId}/pool`))

/** Carries out a pool's command, a bulk one in parts. */
export const poolCommand = (writing: Writing, command: PoolStreamCommand, issued: Issued): Answer => {
  switch (command.type) {
    case 'CreatePool': {
      const pool = command.data.pool ?? poolIdFor(issued.cause.commandId)
      return carryOut(writing, pool, command, issued)
    }
    case 'RequestAccess':
      return requestAccess(writing, command.data, issued)
    case 'AddIdentities': {
      const { data } = command
      const add = (identities: typeof data.identities, part: Issued): Answer =>
        carryOut(writing, data.pool, { type: 'AddIdentities', data: { ...data, identities } }, part)
      return inParts(issued, data.identities, ({ identity }) => identity, add)
    }
    case 'RemoveIdentities': {
      const { data } = command
      const remove = (identities: typeof data.identities, part: Issued): Answer =>
        carryOut(writing, data.pool, { type: 'RemoveIdentities', data: { ...data, identities } }, part)
      return inParts(issued, data.identities, (id) => id, remove)
    }
    default:
      return carryOut(writing, command.data.pool, command, issued)
  }
}
