/** Adding chargers to a pool: all claims of a part, then one append in the pool that confirms them. */
import { type Either, isLeft, isRight, left, right } from 'fp-ts/Either'
import { decided, type Item, type ItemOutcome } from '../domain/decision'
import type { Cause } from '../domain/envelope'
import type { ChargerId, PoolId } from '../domain/ids'
import { confirmClaim } from '../domain/pool/chargers'
import type { PoolCommandData } from '../domain/pool/commands'
import { NO_FACTS, type PoolContext } from '../domain/pool/context'
import { admit } from '../domain/pool/decide'
import type { PoolEvent } from '../domain/pool/events'
import type { PoolState } from '../domain/pool/state'
import type { Refusal } from '../domain/refusals'
import { poolStream } from '../domain/streams'
import { inParts } from './bulk'
import type { Issued } from './by'
import { claimCharger, type ClaimOutcome, lastReadOf, latest, readPool, releaseClaim } from './charger-claims'
import type { CommandError } from './command-error'
import { concurrently } from './concurrently'
import { type Done, doneOf } from './done'
import { handle, type Handled, nothingToGather, type Outcome, type Writing } from './handle'
import { poolStreams } from './written-streams'

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

/** Confirms claims in the pool; answers what it was told of each. A pool that was archived meanwhile confirms none. */
export const confirmClaims = async (
  writing: Writing,
  pool: PoolId,
  claims: Claims,
  cause: Cause,
): Promise<Either<CommandError, Confirmation>> => {
  let outcomes: Confirmed = new Map()
  const handled = await handle<PoolState, PoolEvent, undefined>(writing, {
    aggregate: poolStreams,
    stream: poolStream(pool),
    cause,
    gather: nothingToGather,
    decide: (state): Outcome<PoolEvent> => {
      if (state === undefined) return left({ type: 'PoolNotFound', pool })
      const confirmed = confirmAll(state, claims)
      outcomes = confirmed.outcomes
      return right(decided(confirmed.events))
    },
  })
  return isLeft(handled) ? handled : right({ handled: handled.right, outcomes })
}

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

/** Releases what the pool refused: it was archived, or somebody took the charger out at the same time. */
const releaseRefused = async (writing: Writing, claims: Claims, outcomes: Confirmed, { cause }: Issued) => {
  const refused = [...claims].flatMap(([charger, outcome]) =>
    outcome.type === 'Claimed' && !outcomes.has(charger) ? [{ charger, claim: outcome.claim }] : [],
  )
  return concurrently(AT_ONCE, refused, ({ charger, claim }) => releaseClaim(writing, charger, claim, cause))
}

const addPart = async (
  writing: Writing,
  pool: PoolId,
  chargers: readonly ChargerId[],
  issued: Issued,
): Promise<Either<CommandError, Done>> => {
  const { cause } = issued
  const read = await readPool(writing, pool, cause)
  if (isLeft(read)) return read
  const { state, suspended } = read.right
  if (suspended !== undefined)
    return left({ type: 'Refused', refusal: poolStreams.suspended(poolStream(pool), suspended) })
  const admitted = admit(state, { type: 'AddChargers', data: { pool, chargers } }, contextOf(issued, pool))
  if (isLeft(admitted)) return left({ type: 'Refused', refusal: admitted.left })
  if ('repeated' in admitted.right) {
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
  const { organization } = admitted.right.state.settings
  const distinct = [...new Set(chargers)]
  const answers = await concurrently(AT_ONCE, distinct, async (charger) => ({
    charger,
    outcome: await claimCharger(writing, { pool, organization }, charger, cause),
  }))
  const claims = new Map<ChargerId, ClaimOutcome>()
  for (const { charger, outcome } of answers) {
    if (isLeft(outcome)) return outcome
    claims.set(charger, outcome.right)
  }
  const revision = read.right.revision
  const claimed = [...claims.values()].flatMap((claim) => (claim.type === 'Claimed' ? [claim] : []))
  const claimEvents = claimed.flatMap(({ events }) => events)
  const position = latest([read.right.position, ...distinct.map((charger) => lastReadOf(writing, charger))])
  const outcomeOf = (charger: ChargerId): ClaimOutcome => claims.get(charger) ?? { type: 'Lost' }
  const confirmed = await confirmClaims(writing, pool, claims, cause)
  if (isLeft(confirmed)) {
    if (claimed.length === 0) return confirmed
    const items = chargers.map((id): Item => {
      const outcome = outcomeOf(id)
      return outcome.type === 'Claimed'
        ? { id, outcome: 'Pending' }
        : itemOf(id, outcome, undefined, undefined)
    })
    return right({ value: {}, items, events: claimEvents, warnings: [], revision, position })
  }
  const { handled, outcomes } = confirmed.right
  const released = await releaseRefused(writing, claims, outcomes, issued)
  const archived = released.length > 0 ? await readPool(writing, pool, cause) : read
  const refusal: Refusal | undefined =
    isRight(archived) && archived.right.state?.settings.archived === true
      ? { type: 'PoolArchived', pool }
      : undefined
  const done = doneOf(handled)
  return right({
    ...done,
    items: chargers.map((id) => itemOf(id, outcomeOf(id), outcomes.get(id), refusal)),
    events: [
      ...claimEvents,
      ...done.events,
      ...released.flatMap((r) => (isRight(r) ? doneOf(r.right).events : [])),
    ],
    position: latest([position, done.position, ...distinct.map((charger) => lastReadOf(writing, charger))]),
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
