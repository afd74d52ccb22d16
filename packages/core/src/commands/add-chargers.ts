/** Adding chargers to a pool: all claims of a part, then one append in the pool that confirms them. */
import { type Either, isLeft, isRight, left, right } from 'fp-ts/Either'
import { decided, type Item, type ItemOutcome } from '../domain/decision'
import type { Cause } from '../domain/event/envelope'
import type { ChargerId, OrganizationId, PoolId } from '../domain/language/ids'
import { confirmClaim } from '../domain/pool/chargers'
import type { PoolCommandData } from '../domain/pool/commands'
import { NO_FACTS, type PoolContext } from '../domain/pool/context'
import { admit } from '../domain/pool/decide'
import type { PoolEvent } from '../domain/pool/events'
import type { PoolState } from '../domain/pool/state'
import type { Refusal } from '../domain/refusals'
import { poolStream } from '../domain/event/streams'
import { inParts, onceEach } from './bulk'
import type { Issued } from './by'
import { claimCharger, type ClaimOutcome, lastReadOf, latest, readPool, releaseClaim } from './charger-claims'
import type { CommandError } from './writing/command-error'
import { concurrently } from './writing/concurrently'
import { type Done, doneOf } from './done'
import { handle, type Handled, nothingToGather, type Outcome, type Writing } from './writing/handle'
import { poolStreams } from './writing/written-streams'

/** How many chargers of one command are claimed at a time. */
const AT_ONCE = 16

/** What a decision on a pool is taken in. */
export const contextOf = ({ by, cause }: Issued, pool: PoolId): PoolContext => ({
  pool,
  actor: cause.actor,
  now: cause.occurredAt,
  commandId: cause.commandId,
  commandHash: cause.commandHash,
  ...(by.ifRevision === undefined ? {} : { ifRevision: by.ifRevision }),
  facts: NO_FACTS,
})

/** Where the chargers of a repeated command stand now. */
export const presentChargers = (
  state: PoolState | undefined,
  chargers: readonly ChargerId[],
): readonly Item[] =>
  chargers.map((id) => ({ id, outcome: state?.chargers.has(id) === true ? 'AlreadyThere' : 'NotThere' }))

type Claims = ReadonlyMap<ChargerId, ClaimOutcome>
type Confirmed = ReadonlyMap<ChargerId, ItemOutcome>

/** What a pool's stream said of claims; nothing of those that it refused. */
export interface Confirmation {
  readonly handled: Handled<PoolEvent>
  readonly outcomes: Confirmed
}

/** What the pool says to each claim: confirmed now, confirmed before, or refused. */
const confirmAll = (
  state: PoolState,
  claims: Claims,
): { events: readonly PoolEvent[]; outcomes: Confirmed } => {
  const events: PoolEvent[] = []
  const outcomes = new Map<ChargerId, ItemOutcome>()
  for (const [charger, outcome] of claims) {
    if (outcome.type !== 'Claimed') continue
    const confirmed = confirmClaim(state, charger, outcome.claim)
    if (confirmed === undefined) continue
    events.push(...confirmed)
    outcomes.set(charger, { outcome: confirmed.length > 0 ? 'Added' : 'AlreadyThere' })
  }
  return { events, outcomes }
}

/** By what claims are confirmed: a command, or the system that finishes one. */
interface Confirming {
  readonly by: { readonly ifRevision?: number }
  readonly cause: Cause
}

/** Whether the pool changed since it was looked at, by others than this command. */
const staleFor = (state: PoolState, pool: PoolId, { by, cause }: Confirming): Refusal | undefined => {
  const { ifRevision: revision } = by
  const { changedAt } = state
  return revision === undefined || revision >= changedAt || state.commands.has(cause.commandId)
    ? undefined
    : { type: 'StaleRevision', pool, revision, changedAt }
}

/** Confirms claims in the pool; answers what it was told of each. A pool that was archived meanwhile confirms none. */
export const confirmClaims = async (
  writing: Writing,
  pool: PoolId,
  claims: Claims,
  confirming: Confirming,
): Promise<Either<CommandError, Confirmation>> => {
  const { cause } = confirming
  let outcomes: Confirmed = new Map()
  const handled = await handle<PoolState, PoolEvent, undefined>(writing, {
    aggregate: poolStreams,
    stream: poolStream(pool),
    cause,
    gather: nothingToGather,
    decide: (state): Outcome<PoolEvent> => {
      if (state === undefined) return left({ type: 'PoolNotFound', pool })
      const stale = staleFor(state, pool, confirming)
      if (stale !== undefined) return left(stale)
      const confirmed = confirmAll(state, claims)
      outcomes = confirmed.outcomes
      return right(decided(confirmed.events))
    },
  })
  return isLeft(handled) ? handled : right({ handled: handled.right, outcomes })
}

const LOST: ClaimOutcome = { type: 'Lost' }

const itemOf = (
  id: ChargerId,
  claim: ClaimOutcome,
  confirmed: ItemOutcome | undefined,
  refused: Refusal | undefined,
): Item => {
  if (claim.type === 'Refused') return { id, outcome: 'Refused', refusal: claim.refusal }
  if (claim.type === 'Lost') return { id, outcome: 'NotThere' }
  if (confirmed !== undefined) return { id, ...confirmed }
  return refused === undefined ? { id, outcome: 'NotThere' } : { id, outcome: 'Refused', refusal: refused }
}

interface Open {
  readonly charger: ChargerId
  readonly claim: number
}

/** The claims that the pool did not take: it was archived, or somebody took the charger out at the same time. */
const unconfirmed = (claims: Claims, outcomes: Confirmed): readonly Open[] =>
  [...claims].flatMap(([charger, outcome]) =>
    outcome.type === 'Claimed' && !outcomes.has(charger) ? [{ charger, claim: outcome.claim }] : [],
  )

/** The claims that this very command made. */
const madeNow = (claims: Claims): readonly Open[] =>
  [...claims].flatMap(([charger, outcome]) =>
    outcome.type === 'Claimed' && outcome.events.length > 0 ? [{ charger, claim: outcome.claim }] : [],
  )

const releaseAll = (writing: Writing, open: readonly Open[], { cause }: Issued) =>
  concurrently(AT_ONCE, open, ({ charger, claim }) => releaseClaim(writing, charger, claim, cause))

/** Claims each charger for the pool, so many at a time. */
const claimAll = async (
  writing: Writing,
  joining: { readonly pool: PoolId; readonly organization: OrganizationId },
  chargers: readonly ChargerId[],
  { cause }: Issued,
): Promise<Either<CommandError, Claims>> => {
  const answers = await concurrently(AT_ONCE, chargers, async (charger) => ({
    charger,
    outcome: await claimCharger(writing, joining, charger, cause),
  }))
  const claims = new Map<ChargerId, ClaimOutcome>()
  for (const { charger, outcome } of answers) {
    if (isLeft(outcome)) return outcome
    claims.set(charger, outcome.right)
  }
  return right(claims)
}

const claimEventsOf = (claims: Claims): readonly string[] =>
  [...claims.values()].flatMap((claim) => (claim.type === 'Claimed' ? claim.events : []))

/** What is answered where the pool could not be asked, after chargers were claimed: the system completes it. */
const pendingOf = (
  chargers: readonly ChargerId[],
  claims: Claims,
  at: Pick<Done, 'revision' | 'position'>,
): Done => ({
  ...at,
  value: {},
  warnings: [],
  events: claimEventsOf(claims),
  items: chargers.map((id): Item => {
    const outcome = claims.get(id) ?? LOST
    return outcome.type === 'Claimed' ? { id, outcome: 'Pending' } : itemOf(id, outcome, undefined, undefined)
  }),
})

/** The pool as it is read first, where the command is admitted; or how it is answered at once. */
const admitPart = async (
  writing: Writing,
  pool: PoolId,
  chargers: readonly ChargerId[],
  issued: Issued,
): Promise<
  Either<CommandError, { readonly state: PoolState; readonly at: Pick<Done, 'revision' | 'position'> } | Done>
> => {
  const read = await readPool(writing, pool, issued.cause)
  if (isLeft(read)) return read
  const { state, suspended, revision, position } = read.right
  const admitted = admit(state, { type: 'AddChargers', data: { pool, chargers } }, contextOf(issued, pool))
  const refused = isLeft(admitted) ? admitted.left : undefined
  if (suspended !== undefined && refused?.type !== 'NotPermitted')
    return left({ type: 'Refused', refusal: poolStreams.suspended(poolStream(pool), suspended) })
  if (isLeft(admitted)) return left({ type: 'Refused', refusal: admitted.left })
  if (!('repeated' in admitted.right))
    return right({ state: admitted.right.state, at: { revision, position } })
  const { first } = admitted.right.repeated
  const items = presentChargers(state, chargers)
  return right({
    value: {},
    items,
    events: [],
    warnings: [],
    revision: first.revision,
    position: first.position,
  })
}

const addPart = async (
  writing: Writing,
  pool: PoolId,
  chargers: readonly ChargerId[],
  issued: Issued,
): Promise<Either<CommandError, Done>> => {
  const admitted = await admitPart(writing, pool, chargers, issued)
  if (isLeft(admitted)) return admitted
  if (!('state' in admitted.right)) return right(admitted.right)
  const { state, at } = admitted.right
  const distinct = [...new Set(chargers)]
  const { organization } = state.settings
  const claimed = await claimAll(writing, { pool, organization }, distinct, issued)
  if (isLeft(claimed)) return claimed
  const claims = claimed.right
  const position = (): Done['position'] =>
    latest([at.position, ...distinct.map((charger) => lastReadOf(writing, charger))])
  const confirmed = await confirmClaims(writing, pool, claims, issued)
  if (isLeft(confirmed)) {
    if (confirmed.left.type !== 'Refused' && [...claims.values()].some(({ type }) => type === 'Claimed'))
      return right(pendingOf(chargers, claims, { revision: at.revision, position: position() }))
    await releaseAll(writing, madeNow(claims), issued)
    return confirmed
  }
  const { handled, outcomes } = confirmed.right
  const released = await releaseAll(writing, unconfirmed(claims, outcomes), issued)
  const now = released.length > 0 ? await readPool(writing, pool, issued.cause) : undefined
  const archived = now !== undefined && isRight(now) && now.right.state?.settings.archived === true
  const refusal: Refusal | undefined = archived ? { type: 'PoolArchived', pool } : undefined
  const done = doneOf(handled)
  const releases = released.flatMap((r) => (isRight(r) ? doneOf(r.right).events : []))
  return right({
    ...done,
    items: onceEach(
      chargers.map((id) => itemOf(id, claims.get(id) ?? LOST, outcomes.get(id), refusal)),
      'AlreadyThere',
    ),
    events: [...claimEventsOf(claims), ...done.events, ...releases],
    position: latest([position(), done.position]),
  })
}

/** Adds chargers to a pool. A charger that is in another pool is refused; one whose claim there is dead is taken over. */
export const addChargers = (
  writing: Writing,
  { pool, chargers }: PoolCommandData<'AddChargers'>,
  issued: Issued,
): Promise<Either<CommandError, Done>> =>
  inParts(
    issued,
    chargers,
    (id) => id,
    (part, of) => addPart(writing, pool, part, of),
  )
