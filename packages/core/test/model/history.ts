/** What the streams said after each event: what a state's whole past is judged by. */
import type { Decoded } from '../../src/domain/event/decoding'
import { type Aggregate, foldNext, type Folded, nothingFolded } from '../../src/domain/event/fold'
import { chargerAggregate, type ChargerEvent, type ChargerState } from '../../src/domain/charger'
import type { ClaimedCharger, ClaimingPool } from '../../src/domain/claim'
import { effectivePool } from '../../src/domain/claim'
import { identityAggregate, type IdentityEvent, type IdentityState } from '../../src/domain/identity'
import type { PoolEvent } from '../../src/domain/pool/events'
import { poolAggregate } from '../../src/domain/pool/evolve'
import { claiming, type PoolState } from '../../src/domain/pool/state'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { NO_SKIPS } from '../../src/domain/event/skip'
import { CHARGER, USER } from './programs'

/** How things stood after an event. */
export interface Moment {
  /** The event by which it came about. */
  readonly event: (ChargerEvent | PoolEvent | IdentityEvent) & {
    readonly by: string
    readonly actor: string
    readonly stream: string
  }
  readonly charger: ClaimedCharger
  readonly pools: ReadonlyMap<string, ClaimingPool>
  /** The pool that the charger is in, and the claim by which it is. */
  readonly effective: { readonly pool: string; readonly claim: number } | undefined
  readonly user: { readonly registered: boolean; readonly generation: number }
  /** The generation that each pool's membership of the user was given to. */
  readonly members: ReadonlyMap<string, number>
}

export interface History {
  readonly moments: readonly Moment[]
  /** Events that cannot have come about. */
  readonly broken: readonly string[]
}

interface Folds {
  readonly pools: Map<string, Folded<PoolState>>
  readonly charger: Folded<ChargerState>
  readonly user: Folded<IdentityState>
}

const copyOf = (state: PoolState): ClaimingPool => {
  const { archived, chargers, closedClaims } = claiming(state)
  return { archived, chargers: new Map(chargers), closedClaims: new Map(closedClaims) }
}

const momentOf = ({ pools, charger, user }: Folds, event: Moment['event']): Moment => {
  const claims = new Map<string, ClaimingPool>()
  const members = new Map<string, number>()
  for (const [pool, { state }] of pools) {
    if (state === undefined) continue
    claims.set(pool, copyOf(state))
    const member = state.members.get(USER)
    if (member !== undefined) members.set(pool, member.generation)
  }
  const claimed: ClaimedCharger = {
    allocated: charger.state?.allocation !== undefined,
    claim: charger.state?.claim,
  }
  return {
    event,
    charger: claimed,
    pools: claims,
    effective: effectivePool(CHARGER, claimed, (pool) => claims.get(pool)),
    user: { registered: user.state?.registered ?? false, generation: user.state?.generation ?? 0 },
    members,
  }
}

const take = <S, E extends Moment['event'] | PoolEvent | ChargerEvent | IdentityEvent>(
  aggregate: Aggregate<S, E>,
  folded: Folded<S>,
  recorded: RecordedEvent,
): Decoded<E> | string =>
  foldNext(aggregate, folded, recorded, NO_SKIPS) ??
  `${recorded.type} at ${recorded.stream}@${recorded.revision}: ${folded.suspended?.reason ?? 'not applied'}`

/** Folds all events one by one. */
export const historyOf = (log: readonly RecordedEvent[]): History => {
  const folds: Folds = { pools: new Map(), charger: nothingFolded(), user: nothingFolded() }
  const moments: Moment[] = []
  const broken: string[] = []
  for (const recorded of log) {
    const [category = '', ...rest] = recorded.stream.split('-')
    const pool = rest.join('-')
    const taken =
      category === 'charger'
        ? take(chargerAggregate, folds.charger, recorded)
        : category === 'identity'
          ? take(identityAggregate, folds.user, recorded)
          : take(poolAggregate, poolIn(folds, pool), recorded)
    if (typeof taken === 'string') broken.push(taken)
    else {
      const { actor, $causationId } = taken.metadata
      const event = { ...taken.event, by: $causationId, actor: actor.type, stream: recorded.stream }
      moments.push(momentOf(folds, event))
    }
  }
  return { moments, broken }
}

const poolIn = ({ pools }: Folds, pool: string): Folded<PoolState> => {
  const known = pools.get(pool)
  if (known !== undefined) return known
  const folded = nothingFolded<PoolState>()
  pools.set(pool, folded)
  return folded
}
