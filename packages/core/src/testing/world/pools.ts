/** Commands on one pool's stream, carried out in a small world. */
import { isLeft } from 'fp-ts/Either'
import { authorize } from '../../domain/authorization'
import { effectivePool } from '../../domain/claim'
import { uuidV5 } from '../../domain/event/envelope'
import { type ChargerId, named, PoolId } from '../../domain/language/ids'
import type { PoolContext } from '../../domain/pool/context'
import { decidePool, type PoolStreamCommand } from '../../domain/pool/decide'
import { claiming } from '../../domain/pool/state'
import { type Answer, done, type Issue, refused, unreadable, type WorldState } from './state'

/** The pool that a charger is in, by its own stream and the pool's. */
export const poolOf = (world: WorldState, charger: ChargerId): PoolId | undefined => {
  const state = world.chargers.get(charger)?.state
  const judged =
    state === undefined ? undefined : { allocated: state.allocation !== undefined, claim: state.claim }
  return effectivePool(charger, judged, (pool) => {
    const claimed = world.pools.get(pool)?.state
    return claimed === undefined ? undefined : claiming(claimed)
  })?.pool
}

/** The pool that a command concerns; a request concerns the pool of its charger, a pool to be made may get its id. */
const concerned = (
  world: WorldState,
  { type, data }: PoolStreamCommand,
  commandId: string,
): PoolId | undefined => {
  if (type === 'RequestAccess') return poolOf(world, data.charger)
  return data.pool ?? named(PoolId, uuidV5(`${commandId}/pool`))
}

/** What a pool's decision is taken in. */
export const contextOf = (
  world: WorldState,
  pool: PoolId,
  { actor, cause, ifRevision }: Issue,
): PoolContext => ({
  pool,
  actor,
  now: cause.occurredAt,
  commandId: cause.commandId,
  commandHash: cause.commandHash,
  ...(ifRevision === undefined ? {} : { ifRevision }),
  facts: world.facts,
})

export const issueToPool = (world: WorldState, command: PoolStreamCommand, issue: Issue): Answer => {
  const pool = concerned(world, command, issue.cause.commandId)
  if (pool === undefined) {
    if (command.type !== 'RequestAccess') throw new Error('only a charger may be in no pool')
    const { identity, charger } = command.data
    const authorized = authorize(command.type, issue.actor, { identity })
    return refused(isLeft(authorized) ? authorized.left : { type: 'ChargerNotInPool', charger })
  }
  const stream = world.pool(pool)
  const suspended = unreadable(stream)
  if (suspended !== undefined) return refused(suspended)
  const outcome = decidePool(stream.state, command, contextOf(world, pool, issue))
  if (isLeft(outcome)) return refused(outcome.left)
  const { items, value } = outcome.right
  const told = { ...(items === undefined ? {} : { items }), ...(value === undefined ? {} : { value }) }
  if (outcome.right.type === 'Repeated') return done([], { ...told, repeated: true })
  const { events, warnings } = outcome.right
  return done(stream.write(events, issue.cause), { ...told, warnings })
}
