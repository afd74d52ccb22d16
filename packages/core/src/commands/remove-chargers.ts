/** Removing chargers from a pool: the pool's stream ends the entry or declines the claim, then the claim is released. */
import { type Either, isLeft, isRight, left, right } from 'fp-ts/Either'
import { type Claim, isDead } from '../domain/claim'
import { decided, type Item } from '../domain/decision'
import type { ChargerId, PoolId } from '../domain/language/ids'
import { declineClaim, removeEntry } from '../domain/pool/chargers'
import type { PoolCommandData } from '../domain/pool/commands'
import { admit } from '../domain/pool/decide'
import type { PoolEvent } from '../domain/pool/events'
import { claiming, type PoolState } from '../domain/pool/state'
import { poolStream } from '../domain/event/streams'
import { contextOf, presentChargers } from './add-chargers'
import { inParts, onceEach } from './bulk'
import type { Issued } from './by'
import { lastReadOf, latest, readCharger, releaseClaim } from './charger-claims'
import type { CommandError } from './writing/command-error'
import { concurrently } from './writing/concurrently'
import { type Done, doneOf } from './done'
import { handle, type Outcome, type Writing } from './writing/handle'
import { poolStreams } from './writing/written-streams'

const AT_ONCE = 16

type Claims = ReadonlyMap<ChargerId, Claim | undefined>

interface OpenClaim {
  readonly charger: ChargerId
  readonly claim: number
}

/** The present claim of each charger, as its own stream says. */
const readClaims = async (
  writing: Writing,
  chargers: readonly ChargerId[],
  { cause }: Issued,
): Promise<Either<CommandError, Claims>> => {
  const answers = await concurrently(AT_ONCE, chargers, async (charger) => ({
    charger,
    read: await readCharger(writing, charger, cause),
  }))
  const claims = new Map<ChargerId, Claim | undefined>()
  for (const { charger, read } of answers) {
    if (isLeft(read)) return read
    // The claim of a charger whose stream cannot be read to its end is not known; its entry in the pool ends all the same.
    claims.set(charger, read.right.suspended === undefined ? read.right.state?.claim : undefined)
  }
  return right(claims)
}

const endOf = (
  state: PoolState,
  pool: PoolId,
  charger: ChargerId,
  claim: Claim | undefined,
): readonly PoolEvent[] => {
  const removed = removeEntry(state, charger, 'Removed')
  const pending = claim?.pool === pool ? declineClaim(state, charger, claim.claim, 'Removed') : []
  return [...removed, ...pending]
}

/** The claims by which chargers are this pool's. */
const claimsOf = (pool: PoolId, claims: Claims): readonly OpenClaim[] =>
  [...claims].flatMap(([charger, claim]) => (claim?.pool === pool ? [{ charger, claim: claim.claim }] : []))

const isOver = (state: PoolState, charger: ChargerId, claim: Claim): boolean =>
  isDead(charger, claim, claiming(state))

const removePart = async (
  writing: Writing,
  pool: PoolId,
  chargers: readonly ChargerId[],
  issued: Issued,
): Promise<Either<CommandError, Done>> => {
  const distinct = [...new Set(chargers)]
  let over: readonly OpenClaim[] = []
  let ended: ReadonlySet<ChargerId> = new Set()
  const handled = await handle<PoolState, PoolEvent, Claims>(writing, {
    aggregate: poolStreams,
    stream: poolStream(pool),
    cause: issued.cause,
    gather: () => readClaims(writing, distinct, issued),
    decide: (state, facts): Outcome<PoolEvent> => {
      over = []
      ended = new Set()
      const admitted = admit(
        state,
        { type: 'RemoveChargers', data: { pool, chargers } },
        contextOf(issued, pool),
      )
      if (isLeft(admitted)) return left(admitted.left)
      const ours = claimsOf(pool, facts)
      if ('repeated' in admitted.right) {
        // Whoever was added again since the first time stays: only what the pool closed is released.
        over =
          state === undefined
            ? []
            : ours.filter(({ charger, claim }) => isOver(state, charger, { pool, claim }))
        return right({ ...admitted.right.repeated, items: presentChargers(state, chargers) })
      }
      const open = admitted.right.state
      over = ours
      const ends = distinct.map((charger) => ({
        charger,
        events: endOf(open, pool, charger, facts.get(charger)),
      }))
      ended = new Set(ends.filter(({ events }) => events.length > 0).map(({ charger }) => charger))
      return right(decided(ends.flatMap(({ events }) => events)))
    },
  })
  if (isLeft(handled)) return handled
  const done = doneOf(handled.right)
  // The claims are closed in the pool and so dead: where a release fails, the system finishes it.
  const released = await concurrently(AT_ONCE, over, ({ charger, claim }) =>
    releaseClaim(writing, charger, claim, issued.cause),
  )
  const items = onceEach(
    chargers.map((id): Item => ({ id, outcome: ended.has(id) ? 'Removed' : 'NotThere' })),
    'NotThere',
  )
  return right({
    ...done,
    items: done.items ?? items,
    events: [...done.events, ...released.flatMap((r) => (isRight(r) ? doneOf(r.right).events : []))],
    position: latest([done.position, ...distinct.map((charger) => lastReadOf(writing, charger))]),
  })
}

/** Removes chargers from a pool: they are free to be added to any. */
export const removeChargers = (
  writing: Writing,
  { pool, chargers }: PoolCommandData<'RemoveChargers'>,
  issued: Issued,
): Promise<Either<CommandError, Done>> =>
  inParts(
    issued,
    chargers,
    (id) => id,
    (part, of) => removePart(writing, pool, part, of),
  )
