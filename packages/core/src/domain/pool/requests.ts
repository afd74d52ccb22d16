/** Decisions on access requests: from a charger, for the whole pool, decided once. */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { decided } from '../decision'
import { uuidV5 } from '../event/envelope'
import { type IdentityId, kindOf, named, RequestId } from '../language/ids'
import type { Refusal } from '../refusals'
import { hasEnded, type Instant, instantOf, millisecondsOf } from '../language/window'
import type { PoolCommandData } from './commands'
import type { PoolContext, PoolOutcome } from './context'
import type { PoolEvent } from './events'
import { currentMembership, registeredFor } from './members'
import { offersRequests, pendingRequest, type PoolRequest, type PoolState } from './state'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MOST_CLOSED_AT_ONCE = 150

const later = (instant: Instant, milliseconds: number): Instant =>
  instantOf(millisecondsOf(instant) + milliseconds)

/** The id of a request that was made without one. */
export const requestIdFor = (commandId: string): RequestId => named(RequestId, uuidV5(`${commandId}/request`))

/** Whether this driver may request access now; answers its generation. */
const mayRequest = (
  state: PoolState,
  identity: IdentityId,
  context: PoolContext,
): Either<Refusal, number> => {
  const { pool, now, facts } = context
  if (kindOf(identity) !== 'MobileUser') return left({ type: 'NotAMobileUser', identity })
  const registration = registeredFor(identity, state.settings.organization, facts)
  if (isLeft(registration)) return registration
  if (registration.right.blocked) return left({ type: 'IdentityBlocked', identity })
  if (!offersRequests(state.settings)) return left({ type: 'RequestsNotOffered', pool })
  const member = currentMembership(state, identity, registration.right)
  if (member !== undefined && !hasEnded(member, now)) return left({ type: 'AlreadyAMember', pool, identity })
  return right(registration.right.generation)
}

const noted = ({ request, chargers }: PoolRequest, charger: PoolRequest['chargers'][number]): PoolOutcome =>
  right(
    decided<PoolEvent>(
      chargers.includes(charger) ? [] : [{ type: 'RequestChargerNoted', data: { request, charger } }],
      {
        value: { request },
      },
    ),
  )

export const requestAccess = (
  state: PoolState,
  { identity, charger, request: given }: PoolCommandData<'RequestAccess'>,
  context: PoolContext,
): PoolOutcome => {
  const { now, pool, commandId } = context
  const generation = mayRequest(state, identity, context)
  if (isLeft(generation)) return generation
  const pending = pendingRequest(state, identity)
  const outdated =
    pending !== undefined && (pending.expiresAt <= now || pending.generation !== generation.right)
  if (pending !== undefined && !outdated) return noted(pending, charger)
  const denial = state.denials.get(identity)
  if (denial?.generation === generation.right && denial.retryAfter > now)
    return left({ type: 'RequestTooSoon', pool, retryAfter: denial.retryAfter })
  const request = given ?? requestIdFor(commandId)
  if (state.requests.has(request)) return left({ type: 'RequestExists', request })
  const events: PoolEvent[] = []
  if (pending !== undefined) {
    const reason = pending.expiresAt <= now ? 'Expired' : 'IdentityDeregistered'
    events.push({ type: 'RequestClosed', data: { request: pending.request, reason } })
  }
  const expiresAt = later(now, state.settings.requests.expiresAfterDays * DAY)
  events.push({
    type: 'AccessRequested',
    data: { request, identity, generation: generation.right, charger, expiresAt },
  })
  return right(decided(events, { value: { request } }))
}

/** The request, where it is pending; nothing where it is as asked already. */
const undecided = (
  state: PoolState,
  request: RequestId,
  asked: PoolRequest['status'],
): Either<Refusal, PoolRequest | undefined> => {
  const known = state.requests.get(request)
  if (known === undefined) return left({ type: 'RequestNotFound', request })
  if (known.status === asked) return right(undefined)
  return known.status === 'Pending'
    ? right(known)
    : left({ type: 'RequestDecided', request, as: known.status })
}

export const withdrawRequest = (
  state: PoolState,
  { request }: PoolCommandData<'WithdrawRequest'>,
): PoolOutcome => {
  const known = undecided(state, request, 'Withdrawn')
  if (isLeft(known)) return known
  return right(
    decided<PoolEvent>(known.right === undefined ? [] : [{ type: 'RequestWithdrawn', data: { request } }]),
  )
}

export const approveRequest = (
  state: PoolState,
  { request }: PoolCommandData<'ApproveRequest'>,
  { now, facts }: PoolContext,
): PoolOutcome => {
  const known = undecided(state, request, 'Approved')
  if (isLeft(known)) return known
  if (known.right === undefined) return right(decided([]))
  const { identity, generation, expiresAt } = known.right
  const revision = facts.suspendedIdentities.get(identity)
  if (revision !== undefined) return left({ type: 'IdentitySuspended', identity, revision })
  const registration = facts.identities.get(identity)
  if (registration?.registered !== true || registration.generation !== generation)
    return left({ type: 'RequestStale', request, identity })
  if (expiresAt <= now) return left({ type: 'RequestExpired', request, expiresAt })
  const member = currentMembership(state, identity, registration)
  const events: PoolEvent[] = [{ type: 'RequestApproved', data: { request, identity } }]
  if (member === undefined || hasEnded(member, now))
    events.push({ type: 'IdentityAdded', data: { identity, generation, request } })
  return right(
    decided(events, {
      warnings: registration.blocked ? [{ type: 'ApprovedWhileBlocked', request, identity }] : [],
    }),
  )
}

export const denyRequest = (
  state: PoolState,
  { request }: PoolCommandData<'DenyRequest'>,
  { now }: PoolContext,
): PoolOutcome => {
  const known = undecided(state, request, 'Denied')
  if (isLeft(known)) return known
  if (known.right === undefined) return right(decided([]))
  const { identity, expiresAt } = known.right
  if (expiresAt <= now) return left({ type: 'RequestExpired', request, expiresAt })
  const retryAfter = later(now, state.settings.requests.waitAfterDenialHours * HOUR)
  return right(decided<PoolEvent>([{ type: 'RequestDenied', data: { request, identity, retryAfter } }]))
}

/** Closes requests that expired, for history's sake: they count no more since they did. */
export const closeExpiredRequests = (state: PoolState, { now }: PoolContext): PoolOutcome => {
  const events: PoolEvent[] = []
  for (const request of state.pendingOf.values()) {
    const pending = state.requests.get(request)
    if (pending === undefined || pending.expiresAt > now) continue
    events.push({ type: 'RequestClosed', data: { request, reason: 'Expired' } })
    if (events.length === MOST_CLOSED_AT_ONCE) break
  }
  return right(decided(events))
}
