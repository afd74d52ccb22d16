/**
 * Charger claims: the steps by which a charger changes hands, each an append to one stream at an expected revision.
 * The charger's stream is the authority, the pool's stream confirms; commands and reactions take the same steps.
 * The order of reading matters: see the decision on charger claims in the documentation.
 */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { claimFor, type ChargerEvent, type ChargerState, mayJoin, release } from '../domain/charger'
import { type Claim, isDead } from '../domain/claim'
import { recall } from '../domain/event/command-memory'
import { decided } from '../domain/decision'
import type { Cause, CommandCause } from '../domain/event/envelope'
import type { Folded } from '../domain/event/fold'
import type { ChargerId, OrganizationId, PoolId } from '../domain/language/ids'
import { type PoolState, claiming } from '../domain/pool/state'
import { laterOf, type Position } from '../domain/event/position'
import type { Refusal } from '../domain/refusals'
import { chargerStream, poolStream } from '../domain/event/streams'
import { type CommandError, fromStore } from './writing/command-error'
import { handle, type Handled, nothingToGather, type Writing } from './writing/handle'
import { chargerStreams, poolStreams } from './writing/written-streams'

/** What came of claiming one charger for a pool. */
export type ClaimOutcome =
  /** The charger is the pool's by this claim, which the pool may have confirmed or not. */
  | { readonly type: 'Claimed'; readonly claim: number; readonly events: readonly string[] }
  | { readonly type: 'Refused'; readonly refusal: Refusal }
  /** This very command claimed it before, and lost it since: it is not claimed anew. */
  | { readonly type: 'Lost' }

type Result<A> = Promise<Either<CommandError, A>>

const PAGE = 500

/** A charger's stream, read to its tail. */
export const readCharger = async (
  { cache }: Writing,
  charger: ChargerId,
  { commandId }: Cause,
): Result<Folded<ChargerState>> => {
  const read = await cache.toTail(chargerStreams, chargerStream(charger))()
  return isLeft(read) ? left(fromStore(read.left, commandId)) : read
}

/** A pool's stream, read to its tail. */
export const readPool = async (
  { cache }: Writing,
  pool: PoolId,
  { commandId }: Cause,
): Result<Folded<PoolState>> => {
  const read = await cache.toTail(poolStreams, poolStream(pool))()
  return isLeft(read) ? left(fromStore(read.left, commandId)) : read
}

/** The pools that ever claimed a charger, the latest first. */
export const poolsOfClaims = async (
  { store }: Writing,
  charger: ChargerId,
  { commandId }: Cause,
): Result<readonly PoolId[]> => {
  const pools: PoolId[] = []
  for (let from = 0; ;) {
    const slice = await store.readStream(chargerStream(charger), from, PAGE)()
    if (isLeft(slice)) return left(fromStore(slice.left, commandId))
    for (const recorded of slice.right.events) {
      const result = chargerStreams.decode(recorded)
      if (result.type !== 'Decoded' || result.decoded.event.type !== 'ChargerClaimed') continue
      pools.unshift(result.decoded.event.data.pool)
    }
    from += slice.right.events.length
    if (slice.right.end) return right([...new Set(pools)])
  }
}

/** What stands in the way of claiming a charger, and whether a claim that stands is dead. */
interface Judged {
  /** The claim in the way, of a pool that can never confirm it. */
  readonly dead: Claim | undefined
  /** The claim that stands, of a pool that may confirm it or has. */
  readonly standing: Claim | undefined
}

const judge = async (
  writing: Writing,
  charger: ChargerId,
  claim: Claim | undefined,
  cause: Cause,
): Result<Judged> => {
  if (claim === undefined) return right({ dead: undefined, standing: undefined })
  const holder = await readPool(writing, claim.pool, cause)
  if (isLeft(holder)) return holder
  const { state, suspended } = holder.right
  const dead = suspended === undefined && state !== undefined && isDead(charger, claim, claiming(state))
  return right(dead ? { dead: claim, standing: undefined } : { dead: undefined, standing: claim })
}

/**
 * Claims a charger for a pool: where it is free, or where the claim in the way is dead; where the pool holds it
 * already, answers that claim.
 */
export const claimCharger = async (
  writing: Writing,
  { pool, organization }: { readonly pool: PoolId; readonly organization: OrganizationId },
  charger: ChargerId,
  cause: CommandCause,
): Result<ClaimOutcome> => {
  let judged: Judged = { dead: undefined, standing: undefined }
  const handled = await handle<ChargerState, ChargerEvent, Judged>(writing, {
    aggregate: chargerStreams,
    stream: chargerStream(charger),
    cause,
    gather: (state) => judge(writing, charger, state?.claim, cause),
    decide: (state, facts) => {
      judged = facts
      const recalled =
        state === undefined ? undefined : recall(state.commands, cause.commandId, cause.commandHash)
      if (recalled?.type === 'Reused') return left({ type: 'CommandIdReused', commandId: cause.commandId })
      if (recalled?.type === 'Repeated') return right(decided([]))
      const joining = mayJoin(charger, state, organization)
      if (isLeft(joining)) return joining
      if (facts.standing === undefined) return right(decided(claimFor(joining.right, pool)))
      return facts.standing.pool === pool
        ? right(decided([]))
        : left({ type: 'ChargerInAnotherPool', charger, pool: facts.standing.pool })
    },
  })
  if (isLeft(handled))
    return handled.left.type === 'Refused'
      ? right({ type: 'Refused', refusal: handled.left.refusal })
      : handled
  const { outcome } = handled.right
  const events = outcome.type === 'Decided' ? outcome.events : []
  const claimed = events.find((event) => event.type === 'ChargerClaimed')
  const claim = claimed?.data.claim ?? (judged.standing?.pool === pool ? judged.standing.claim : undefined)
  return right(
    claim === undefined
      ? { type: 'Lost' }
      : { type: 'Claimed', claim, events: events.map(({ type }) => type) },
  )
}

/** Ends a claim, where it is still the charger's current one. */
export const releaseClaim = (
  writing: Writing,
  charger: ChargerId,
  claim: number,
  cause: Cause,
): Result<Handled<ChargerEvent>> =>
  handle(writing, {
    aggregate: chargerStreams,
    stream: chargerStream(charger),
    cause,
    gather: nothingToGather,
    decide: (state) => right(decided(release(state, claim))),
  })

/** How far a charger's stream is known here: what was read or written last. */
export const lastReadOf = ({ cache }: Writing, charger: ChargerId): Position | undefined =>
  cache.cached(chargerStreams, chargerStream(charger))?.position

/** The later of the places of several answers. */
export const latest = (positions: readonly (Position | undefined)[]): Position | undefined =>
  positions.reduce<Position | undefined>(laterOf, undefined)
