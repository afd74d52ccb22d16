/** Decisions on members: adding, removing, and changing windows, each identity judged by its current generation. */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { decided, type Item } from '../decision'
import { isCurrent } from '../generation'
import type { IdentityState } from '../identity'
import type { IdentityId } from '../language/ids'
import type { Refusal } from '../refusals'
import type { Warning } from '../warning'
import { hasEnded, type Instant, isValidWindow, sameWindow, type Window, windowOf } from '../language/window'
import type { NewMember, PoolCommandData } from './commands'
import type { Facts, PoolContext, PoolOutcome } from './context'
import type { MembersEvent, PoolEvent } from './events'
import { type Membership, pendingRequest, type PoolState } from './state'

/** The membership of an identity where it is of the identity's current generation, ended or not. */
export const currentMembership = (
  state: PoolState,
  identity: IdentityId,
  registration: IdentityState | undefined,
): Membership | undefined => {
  const member = state.members.get(identity)
  return member !== undefined && isCurrent(member.generation, registration) ? member : undefined
}

const invalidWindow = (identity: IdentityId, { from, until }: Window): Either<Refusal, never> => {
  if (from === undefined || until === undefined) throw new Error('an open window is valid')
  return left({ type: 'InvalidWindow', identity, from, until })
}

/** The identity as it is registered, where it may be given anything by a pool of this organization. */
export const registeredFor = (
  identity: IdentityId,
  organization: PoolState['settings']['organization'],
  facts: Facts,
): Either<Refusal, IdentityState> => {
  const revision = facts.suspendedIdentities.get(identity)
  if (revision !== undefined) return left({ type: 'IdentitySuspended', identity, revision })
  const state = facts.identities.get(identity)
  if (state?.registered !== true) return left({ type: 'IdentityNotRegistered', identity })
  return state.organization === undefined || state.organization === organization
    ? right(state)
    : left({ type: 'IdentityOfOtherOrganization', identity, organization: state.organization })
}

const keepsItsMembership = (
  member: Membership,
  added: NewMember,
  generation: number,
  now: Instant,
): boolean =>
  member.generation > generation ||
  (member.generation === generation && (!hasEnded(member, now) || sameWindow(member, added)))

/** The events by which one identity becomes a member; none where it is one already. */
const addOne = (
  state: PoolState,
  added: NewMember,
  { now, facts }: PoolContext,
): Either<Refusal, readonly PoolEvent[]> => {
  const { identity } = added
  const registration = registeredFor(identity, state.settings.organization, facts)
  if (isLeft(registration)) return registration
  if (!isValidWindow(added)) return invalidWindow(identity, added)
  const { generation } = registration.right
  const member = state.members.get(identity)
  if (member !== undefined && keepsItsMembership(member, added, generation, now)) return right([])
  const pending = pendingRequest(state, identity)
  const approves = pending !== undefined && pending.generation === generation && pending.expiresAt > now
  const request = approves ? { request: pending.request } : {}
  const joined: MembersEvent = {
    type: 'IdentityAdded',
    data: { identity, generation, ...windowOf(added), ...request },
  }
  return right(
    approves ? [{ type: 'RequestApproved', data: { request: pending.request, identity } }, joined] : [joined],
  )
}

const itemOf = (
  id: IdentityId,
  outcome: Either<Refusal, readonly PoolEvent[]>,
  changed: 'Added' | 'Removed',
): Item => {
  if (isLeft(outcome)) return { id, outcome: 'Refused', refusal: outcome.left }
  if (outcome.right.length > 0) return { id, outcome: changed }
  return { id, outcome: changed === 'Added' ? 'AlreadyThere' : 'NotThere' }
}

/** Adding an identity directly approves its request: of a blocked one, with a warning as any approval. */
const approvedWhileBlocked = (events: readonly PoolEvent[], { identities }: Facts): readonly Warning[] =>
  events.flatMap((event) =>
    event.type === 'RequestApproved' && identities.get(event.data.identity)?.blocked === true
      ? [{ type: 'ApprovedWhileBlocked', request: event.data.request, identity: event.data.identity }]
      : [],
  )

/** Adds each identity, or says why not. The same identity twice is there already the second time. */
export const addIdentities = (
  state: PoolState,
  { identities }: PoolCommandData<'AddIdentities'>,
  context: PoolContext,
): PoolOutcome => {
  const events: PoolEvent[] = []
  const seen = new Set<IdentityId>()
  const items = identities.map((added) => {
    const outcome = seen.has(added.identity) ? right([]) : addOne(state, added, context)
    if (!isLeft(outcome)) {
      seen.add(added.identity)
      events.push(...outcome.right)
    }
    return itemOf(added.identity, outcome, 'Added')
  })
  return right(decided(events, { items, warnings: approvedWhileBlocked(events, context.facts) }))
}

/** Removes each identity, whatever its generation: all that the pool gave it ends at once. */
export const removeIdentities = (
  state: PoolState,
  { identities }: PoolCommandData<'RemoveIdentities'>,
): PoolOutcome => {
  const events: PoolEvent[] = []
  const seen = new Set<IdentityId>()
  const items = identities.map((identity) => {
    const member = seen.has(identity) ? undefined : state.members.get(identity)
    seen.add(identity)
    if (member === undefined) return itemOf(identity, right([]), 'Removed')
    const removed: MembersEvent = {
      type: 'IdentityRemoved',
      data: { identity, generation: member.generation },
    }
    events.push(removed)
    return itemOf(identity, right([removed]), 'Removed')
  })
  return right(decided(events, { items }))
}

/** Where each identity of a repeated command stands now. */
export const presentMembers = (state: PoolState, identities: readonly IdentityId[]): readonly Item[] =>
  identities.map((id) => ({ id, outcome: state.members.has(id) ? 'AlreadyThere' : 'NotThere' }))

const changedEnd = (given: Instant | null | undefined, present: Instant | undefined): Instant | undefined =>
  given === undefined ? present : (given ?? undefined)

/** Changes the window of a membership of the current generation, ended or not. */
export const changeMembership = (
  state: PoolState,
  { pool, identity, from, until }: PoolCommandData<'ChangeMembership'>,
  { facts }: PoolContext,
): PoolOutcome => {
  const revision = facts.suspendedIdentities.get(identity)
  if (revision !== undefined) return left({ type: 'IdentitySuspended', identity, revision })
  const member = currentMembership(state, identity, facts.identities.get(identity))
  if (member === undefined) return left({ type: 'NotAMember', pool, identity })
  const changedFrom = changedEnd(from, member.from)
  const changedUntil = changedEnd(until, member.until)
  const window: Window = {
    ...(changedFrom === undefined ? {} : { from: changedFrom }),
    ...(changedUntil === undefined ? {} : { until: changedUntil }),
  }
  if (!isValidWindow(window)) return invalidWindow(identity, window)
  if (sameWindow(window, member)) return right(decided([]))
  const { generation } = member
  return right(decided<PoolEvent>([{ type: 'MembershipChanged', data: { identity, generation, ...window } }]))
}

/** Ends the memberships of a deregistered generation and of those before it: tidying, since they count no more. */
export const tidyMembership = (
  state: PoolState,
  identity: IdentityId,
  generation: number,
): readonly PoolEvent[] => {
  const events: PoolEvent[] = []
  const member = state.members.get(identity)
  if (state.settings.archived) return events
  if (member !== undefined && member.generation <= generation)
    events.push({ type: 'IdentityRemoved', data: { identity, generation } })
  const pending = pendingRequest(state, identity)
  if (pending !== undefined && pending.generation <= generation)
    events.push({ type: 'RequestClosed', data: { request: pending.request, reason: 'IdentityDeregistered' } })
  return events
}
