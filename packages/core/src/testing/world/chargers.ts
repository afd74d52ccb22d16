/**
 * Chargers going in and out of pools in a small world: the steps of the claim flow, one after the other, through the
 * functions that the real flow takes. What comes of a flow that stops half way is told by `claimOnly`.
 */
import { isLeft } from 'fp-ts/Either'
import { claimFor, mayJoin, release } from '../../domain/charger'
import { isDead } from '../../domain/claim'
import { recall } from '../../domain/event/command-memory'
import type { Command } from '../../domain/commands'
import type { Item } from '../../domain/decision'
import type { CommandCause } from '../../domain/event/envelope'
import type { ChargerId, PoolId } from '../../domain/language/ids'
import { confirmClaim, declineClaim, removeEntry } from '../../domain/pool/chargers'
import { admit } from '../../domain/pool/decide'
import { tidyMembership } from '../../domain/pool/members'
import { claiming, type PoolState } from '../../domain/pool/state'
import type { RecordedEvent } from '../../domain/event/recorded'
import type { Refusal } from '../../domain/refusals'
import { contextOf, poolOf } from './pools'
import { type Answer, done, type Issue, refused, SYSTEM, unreadable, type WorldState } from './state'

type Flow<N extends Command['type']> = Extract<Command, { readonly type: N }>
type Claimed =
  | { readonly claim: number; readonly events: readonly RecordedEvent[] }
  | { readonly refusal: Refusal }
  /** This command claimed it before, and lost it since. */
  | { readonly lost: true }

const isDeadIn = (world: WorldState, charger: ChargerId): boolean => {
  const claim = world.charger(charger).state?.claim
  const holder = claim === undefined ? undefined : world.pools.get(claim.pool)?.state
  return claim !== undefined && holder !== undefined && isDead(charger, claim, claiming(holder))
}

const claim = (
  world: WorldState,
  pool: PoolId,
  { settings }: PoolState,
  charger: ChargerId,
  cause: CommandCause,
): Claimed => {
  const stream = world.charger(charger)
  const suspended = unreadable(stream)
  if (suspended !== undefined) return { refusal: suspended }
  const recalled =
    stream.state === undefined ? undefined : recall(stream.state.commands, cause.commandId, cause.commandHash)
  if (recalled?.type === 'Reused') return { refusal: { type: 'CommandIdReused', commandId: cause.commandId } }
  const standing = stream.state?.claim
  if (recalled?.type === 'Repeated')
    return standing?.pool === pool ? { claim: standing.claim, events: [] } : { lost: true }
  const joining = mayJoin(charger, stream.state, settings.organization)
  if (isLeft(joining)) return { refusal: joining.left }
  if (standing !== undefined && !isDeadIn(world, charger))
    return standing.pool === pool
      ? { claim: standing.claim, events: [] }
      : { refusal: { type: 'ChargerInAnotherPool', charger, pool: standing.pool } }
  const events = stream.write(claimFor(joining.right, pool), cause)
  return { claim: joining.right.lastClaim, events }
}

const confirm = (
  world: WorldState,
  pool: PoolId,
  charger: ChargerId,
  claimed: number,
  cause: CommandCause,
): { readonly confirmed: boolean; readonly events: readonly RecordedEvent[] } => {
  const stream = world.pool(pool)
  const events = stream.state === undefined ? undefined : confirmClaim(stream.state, charger, claimed)
  const of = world.charger(charger)
  return events === undefined
    ? { confirmed: false, events: of.write(release(of.state, claimed), cause) }
    : { confirmed: true, events: stream.write(events, cause) }
}

const isOf = (world: WorldState, pool: PoolId, charger: ChargerId): boolean =>
  world.pools.get(pool)?.state?.chargers.has(charger) === true

const present = (world: WorldState, pool: PoolId, chargers: readonly ChargerId[]): readonly Item[] =>
  chargers.map((id) => ({ id, outcome: isOf(world, pool, id) ? 'AlreadyThere' : 'NotThere' }))

/** Adds chargers: each is claimed, then confirmed; a claim that the pool refuses is released. */
export const addChargers = (world: WorldState, command: Flow<'AddChargers'>, issue: Issue): Answer => {
  const { pool, chargers } = command.data
  const suspended = unreadable(world.pool(pool))
  if (suspended !== undefined) return refused(suspended)
  const admitted = admit(world.pools.get(pool)?.state, command, contextOf(world, pool, issue))
  if (isLeft(admitted)) return refused(admitted.left)
  if ('repeated' in admitted.right) return done([], { repeated: true, items: present(world, pool, chargers) })
  const { state } = admitted.right
  const events: RecordedEvent[] = []
  const items = chargers.map((id): Item => {
    const claimed = claim(world, pool, state, id, issue.cause)
    if ('refusal' in claimed) return { id, outcome: 'Refused', refusal: claimed.refusal }
    if ('lost' in claimed) return { id, outcome: 'NotThere' }
    const confirmed = confirm(world, pool, id, claimed.claim, issue.cause)
    events.push(...claimed.events, ...confirmed.events)
    if (!confirmed.confirmed) return { id, outcome: 'NotThere' }
    return { id, outcome: confirmed.events.length > 0 ? 'Added' : 'AlreadyThere' }
  })
  return done(events, { items })
}

/** Removes chargers: the pool ends the entry or declines the claim, then the claim is released. */
export const removeChargers = (world: WorldState, command: Flow<'RemoveChargers'>, issue: Issue): Answer => {
  const { pool, chargers } = command.data
  const stream = world.pool(pool)
  const suspended = unreadable(stream)
  if (suspended !== undefined) return refused(suspended)
  const admitted = admit(stream.state, command, contextOf(world, pool, issue))
  if (isLeft(admitted)) return refused(admitted.left)
  if ('repeated' in admitted.right) return done([], { repeated: true, items: present(world, pool, chargers) })
  const { state } = admitted.right
  const events: RecordedEvent[] = []
  const ended = new Set<ChargerId>()
  for (const id of new Set(chargers)) {
    const of = world.charger(id)
    const claimed = of.state?.claim?.pool === pool ? of.state.claim.claim : undefined
    const ends = stream.write(
      [
        ...removeEntry(state, id, 'Removed'),
        ...(claimed === undefined ? [] : declineClaim(state, id, claimed, 'Removed')),
      ],
      issue.cause,
    )
    if (ends.length > 0) ended.add(id)
    events.push(...ends)
    if (claimed !== undefined) events.push(...of.write(release(of.state, claimed), issue.cause))
  }
  return done(events, {
    items: chargers.map((id) => ({ id, outcome: ended.has(id) ? 'Removed' : 'NotThere' })),
  })
}

/** An adder that dies after it claimed: the pool has not said a word yet. */
export const claimOnly = (world: WorldState, pool: PoolId, charger: ChargerId): void => {
  const state = world.pools.get(pool)?.state
  if (state === undefined || state.settings.archived) return
  claim(world, pool, state, charger, world.cause(SYSTEM, ['claim', pool, charger]))
}

/** The system finishes what stopped half way with a charger: a pending claim is confirmed, a dead one released. */
export const finishClaim = (world: WorldState, charger: ChargerId): void => {
  const standing = world.chargers.get(charger)?.state?.claim
  if (standing === undefined || world.pools.get(standing.pool)?.state === undefined) return
  confirm(world, standing.pool, charger, standing.claim, world.cause(SYSTEM, ['finish', charger]))
}

/** The system tidies a pool: entries whose claim is not the charger's current one, and memberships that count no more. */
export const tidyPool = (world: WorldState, pool: PoolId): void => {
  const stream = world.pools.get(pool)
  const state = stream?.state
  if (stream === undefined || state === undefined) return
  for (const charger of [...state.chargers.keys()]) {
    if (poolOf(world, charger) === pool) continue
    const allocated = world.charger(charger).state?.allocation !== undefined
    const reason = allocated ? 'ClaimLost' : 'Deallocated'
    stream.write(removeEntry(state, charger, reason), world.cause(SYSTEM, ['entry', pool, charger]))
  }
  for (const [identity, { state: registration }] of [...world.identities]) {
    if (registration === undefined) continue
    const ended = registration.registered ? registration.generation - 1 : registration.generation
    if (ended < 1) continue
    const events = tidyMembership(state, identity, ended)
    stream.write(events, world.cause(SYSTEM, ['membership', pool, identity]))
  }
}
