/**
 * Load, decide, append: the one way in which a stream is written.
 *
 * A decision that writes may be taken on the cached fold of its stream, since the expected revision proves it. One
 * that writes nothing is answered only after the tail was read and it was decided again: else a stale cache swallows
 * a revocation.
 */
import { type Either, isLeft, isRight, left, right } from 'fp-ts/Either'
import type { Decision, Repeated } from '../../domain/decision'
import { type Cause, envelop } from '../../domain/event/envelope'
import type { Folded, Suspension } from '../../domain/event/fold'
import type { Position } from '../../domain/event/position'
import type { EventToAppend } from '../../domain/event/recorded'
import type { Refusal } from '../../domain/refusals'
import type { Runtime } from '../../domain/runtime'
import type { AppendError, AppendResult, EventStore } from '../../store/event-store'
import { type CommandError, fromStore } from './command-error'
import type { CachedAggregate, StreamCache } from './stream-cache'
import type { PoolQueue } from './pool-queue'

/** What the flows of commands are run in. */
export interface Writing {
  readonly store: EventStore
  readonly runtime: Runtime
  readonly cache: StreamCache
  readonly queue: PoolQueue
}

/** One kind of stream, as commands write it. */
export interface Written<
  S,
  E extends { readonly type: string; readonly data: object },
> extends CachedAggregate<S, E> {
  readonly subjectOf: (event: E) => string
  readonly versionOf: (type: string) => number
  /** The refusal where an event of the stream cannot be read. */
  readonly suspended: (stream: string, suspension: Suspension) => Refusal
}

export type Outcome<E> = Either<Refusal, Decision<E> | Repeated>

/** A command on one stream. */
export interface Handling<S, E extends { readonly type: string; readonly data: object }, F = undefined> {
  readonly aggregate: Written<S, E>
  readonly stream: string
  readonly cause: Cause
  /** Reads what other streams say, each to its tail. */
  readonly gather: (state: S | undefined) => Promise<Either<CommandError, F>>
  /** Decides, in one go, on the state and on what was gathered for it. Called again after a conflict or a tail. */
  readonly decide: (state: S | undefined, facts: F) => Outcome<E>
}

/** Where a decision needs no other stream. */
export const nothingToGather = (): Promise<Either<CommandError, undefined>> =>
  Promise.resolve(right(undefined))

/** What was done, where it stands, and what was answered. */
export interface Handled<E> {
  readonly outcome: Decision<E> | Repeated
  readonly revision: number
  /** Of the last event written; of the last one read where nothing was written. */
  readonly position: Position | undefined
}

const ATTEMPTS = 12
const UNKNOWN_REPEATS = 5

/**
 * Appends; where the outcome is unknown, asks again with the same ids at the same revision. Once it is unknown, an
 * error says nothing of what was written before it.
 */
const appendSurely = async (
  { store, runtime }: Writing,
  stream: string,
  expected: number,
  events: readonly EventToAppend[],
): Promise<Either<AppendError, AppendResult>> => {
  let unknown: Either<AppendError, never> | undefined
  for (let repeat = 0; ; repeat += 1) {
    const appended = await store.append(stream, expected, events)()
    if (isRight(appended)) return appended
    if (appended.left.type === 'UnknownOutcome') unknown = appended
    if (unknown === undefined || repeat === UNKNOWN_REPEATS) return unknown ?? appended
    await runtime.sleep(20 * 2 ** repeat * (0.5 + runtime.random()))
  }
}

const refused = (refusal: Refusal): Either<CommandError, never> => left({ type: 'Refused', refusal })

const writes = <E>(outcome: Outcome<E>): outcome is { readonly _tag: 'Right'; readonly right: Decision<E> } =>
  isRight(outcome) && outcome.right.type === 'Decided' && outcome.right.events.length > 0

/** What is answered where nothing is written. */
const unwritten = <S, E>(
  outcome: Outcome<E>,
  { revision, position }: Folded<S>,
): Either<CommandError, Handled<E>> => {
  if (isLeft(outcome)) return refused(outcome.left)
  return outcome.right.type === 'Repeated'
    ? right({
        outcome: outcome.right,
        revision: outcome.right.first.revision,
        position: outcome.right.first.position,
      })
    : right({ outcome: outcome.right, revision, position })
}

type Loaded<S> = Either<CommandError, { readonly folded: Folded<S>; readonly toTail: boolean }>

const load = async <S, E extends { readonly type: string; readonly data: object }, F>(
  { cache }: Writing,
  { aggregate, stream, cause }: Handling<S, E, F>,
  mayBeCached: boolean,
): Promise<Loaded<S>> => {
  const cached = mayBeCached ? cache.proven(aggregate, stream) : undefined
  if (cached !== undefined && cached.suspended === undefined) return right({ folded: cached, toTail: false })
  const read = await cache.toTail(aggregate, stream)()
  return isLeft(read)
    ? left(fromStore(read.left, cause.commandId))
    : right({ folded: read.right, toTail: true })
}

const handleQueued = async <S, E extends { readonly type: string; readonly data: object }, F>(
  writing: Writing,
  handling: Handling<S, E, F>,
): Promise<Either<CommandError, Handled<E>>> => {
  const { aggregate, stream, cause } = handling
  let mayBeCached = true
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const loaded = await load(writing, handling, mayBeCached)
    if (isLeft(loaded)) return loaded
    const { folded, toTail } = loaded.right
    const expected = folded.revision
    const facts = await handling.gather(folded.state)
    if (isLeft(facts)) return facts
    // Others read this stream too: what was gathered for one state does not serve another.
    if (folded.revision !== expected) continue
    const outcome = handling.decide(folded.state, facts.right)
    mayBeCached = false
    const { suspended } = folded
    if (suspended !== undefined) {
      // Who may not ask is told that, and nothing of the stream.
      const forbidden = isLeft(outcome) && outcome.left.type === 'NotPermitted'
      return refused(forbidden ? outcome.left : aggregate.suspended(stream, suspended))
    }
    if (!writes(outcome)) {
      if (toTail) return unwritten(outcome, folded)
      continue
    }
    const events = outcome.right.events.map((event) =>
      envelop(cause, stream, aggregate.subjectOf(event), aggregate.versionOf(event.type), {
        type: event.type,
        data: { ...event.data },
      }),
    )
    const appended = await appendSurely(writing, stream, expected, events)
    if (isLeft(appended)) {
      writing.cache.doubt(stream)
      return left(fromStore(appended.left, cause.commandId))
    }
    if (appended.right.type === 'Written') {
      const { revision, position } = appended.right
      const storedAt = writing.runtime.now()
      writing.cache.append(aggregate, folded, { stream, events, revision, position, storedAt })
      return right({ outcome: outcome.right, revision, position })
    }
    if (attempt > 0) await writing.runtime.sleep(5 * 2 ** Math.min(attempt, 5) * writing.runtime.random())
  }
  return left({ type: 'Conflict', stream })
}

/** Handles a command on one stream, after those that were queued for the stream before. */
export const handle = <S, E extends { readonly type: string; readonly data: object }, F>(
  writing: Writing,
  handling: Handling<S, E, F>,
): Promise<Either<CommandError, Handled<E>>> =>
  writing.queue.run(handling.stream, () => handleQueued(writing, handling))
