/** What there is to do by itself, as the read model shows it: half-done claims, ended entries, memberships and requests. */
import type { ChargerState } from '../domain/charger'
import { isDead, isPending } from '../domain/claim'
import { uuidV5 } from '../domain/event/envelope'
import type { ChargerId, IdentityId, PoolId } from '../domain/language/ids'
import { claiming, type PoolState } from '../domain/pool/state'
import type { Instant } from '../domain/language/window'
import type { StreamsRead } from '../projection/streams-read'
import type { Trigger } from './cause'

/** One thing to be done, and since which event it is. */
export type Due = { readonly trigger: Trigger } & (
  | { readonly type: 'FinishClaim'; readonly charger: ChargerId }
  | { readonly type: 'TidyEntry'; readonly pool: PoolId; readonly charger: ChargerId }
  | {
      readonly type: 'TidyDeregistered'
      readonly pool: PoolId
      readonly identity: IdentityId
      readonly generation: number
    }
  | { readonly type: 'CloseExpired'; readonly pool: PoolId }
)

/** The same thing has the same trigger, whoever sees it, and so the same events. */
const triggeredBy = (...what: readonly (string | number)[]): Trigger => {
  const id = uuidV5(what.join('/'))
  return { id, correlationId: id }
}

const claimDue = (
  charger: ChargerId,
  { claim }: ChargerState,
  pool: PoolState | undefined,
): Due | undefined => {
  if (claim === undefined || pool === undefined) return undefined
  const half = isPending(charger, claim, claiming(pool)) || isDead(charger, claim, claiming(pool))
  return half
    ? { type: 'FinishClaim', charger, trigger: triggeredBy('FinishClaim', charger, claim.claim) }
    : undefined
}

function* entriesDue(pool: PoolId, state: PoolState, streams: StreamsRead): Iterable<Due> {
  for (const [charger, claim] of state.chargers) {
    const folded = streams.chargers.get(charger)?.folded
    if (folded === undefined || folded.suspended !== undefined) continue
    const current = folded.state?.claim
    // A claim that is not known yet is later than what was read of its charger.
    if ((current?.pool === pool && current.claim === claim) || (folded.state?.lastClaim ?? 0) < claim)
      continue
    yield { type: 'TidyEntry', pool, charger, trigger: triggeredBy('TidyEntry', pool, charger, claim) }
  }
}

/** The generation of an identity that ended last: its memberships and requests of it count no more. */
const endedGeneration = (identity: IdentityId, streams: StreamsRead): number => {
  const folded = streams.identities.get(identity)?.folded
  if (folded?.state === undefined || folded.suspended !== undefined) return 0
  return folded.state.registered ? folded.state.generation - 1 : folded.state.generation
}

function* membersDue(pool: PoolId, state: PoolState, streams: StreamsRead): Iterable<Due> {
  const ended = new Map<IdentityId, number>()
  const look = (identity: IdentityId, generation: number): void => {
    const last = endedGeneration(identity, streams)
    if (generation <= last) ended.set(identity, last)
  }
  for (const [identity, member] of state.members) look(identity, member.generation)
  for (const [identity, request] of state.pendingOf)
    look(identity, state.requests.get(request)?.generation ?? Infinity)
  for (const [identity, generation] of ended) {
    const trigger = triggeredBy('TidyDeregistered', pool, identity, generation)
    yield { type: 'TidyDeregistered', pool, identity, generation, trigger }
  }
}

const expiredDue = (pool: PoolId, state: PoolState, now: Instant): Due | undefined => {
  for (const request of state.pendingOf.values()) {
    const expiresAt = state.requests.get(request)?.expiresAt
    // The request is in the trigger: the next one to close is another command.
    if (expiresAt !== undefined && expiresAt <= now)
      return { type: 'CloseExpired', pool, trigger: triggeredBy('CloseExpired', pool, request) }
  }
  return undefined
}

/** Everything that is to be done now. Streams that cannot be read to their end are left alone. */
export function* everythingDue(streams: StreamsRead, now: Instant): Iterable<Due> {
  for (const { charger, folded } of streams.chargers.values()) {
    if (folded.state?.claim === undefined || folded.suspended !== undefined) continue
    const pool = streams.pools.get(folded.state.claim.pool)?.folded
    const due = pool?.suspended === undefined ? claimDue(charger, folded.state, pool?.state) : undefined
    if (due !== undefined) yield due
  }
  for (const { pool, folded } of streams.pools.values()) {
    if (folded.state === undefined || folded.suspended !== undefined) continue
    yield* entriesDue(pool, folded.state, streams)
    yield* membersDue(pool, folded.state, streams)
    const expired = expiredDue(pool, folded.state, now)
    if (expired !== undefined) yield expired
  }
}
