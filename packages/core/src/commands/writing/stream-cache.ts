/**
 * Folded streams, kept for the next command, within a bound: what is read again is only the tail.
 */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Aggregate, type Folded, foldNext, nothingFolded } from '../../domain/event/fold'
import type { Position } from '../../domain/event/position'
import type { EventToAppend } from '../../domain/event/recorded'
import { decodeSkip, NO_SKIPS, type Skips, SkipSet } from '../../domain/event/skip'
import { SKIPS_STREAM } from '../../domain/event/streams'
import type { EventStore, StoreError } from '../../store/event-store'

const PAGE = 1000

/** A kind of stream, and how much one of its folds weighs in the cache. */
export interface CachedAggregate<S, E> extends Aggregate<S, E> {
  readonly weigh: (state: S) => number
}

/** What was just appended, with the place of its last event. */
export interface Appended {
  readonly stream: string
  readonly events: readonly EventToAppend[]
  readonly revision: number
  readonly position: Position
  readonly storedAt: number
}

interface Entry {
  readonly kind: unknown
  readonly folded: unknown
  weight: number
}

/** Reads all skips that were decided. A skip that cannot be read stops everything: it may be any. */
const readSkips =
  (store: EventStore): TaskEither<StoreError, Skips> =>
  async () => {
    const skips = new SkipSet()
    for (let from = 0; ;) {
      const slice = await store.readStream(SKIPS_STREAM, from, PAGE)()
      if (isLeft(slice)) return slice
      for (const recorded of slice.right.events) {
        const result = decodeSkip(recorded)
        if (result.type === 'Optional') continue
        if (result.type !== 'Decoded') {
          const reason = `event ${recorded.revision} of stream ${SKIPS_STREAM} cannot be read: ${result.reason}`
          return left({ type: 'NotUsable', kind: 'Damaged', reason })
        }
        skips.add(result.decoded.event.data, recorded.position)
      }
      from += slice.right.events.length
      if (slice.right.end) return right(skips)
    }
  }

export class StreamCache {
  readonly #entries = new Map<string, Entry>()
  readonly #doubted = new Set<string>()
  #weight = 0

  constructor(
    readonly store: EventStore,
    private readonly most: number,
  ) {}

  /** The fold of a stream as it is known here, without asking the store; nothing where it is not kept. */
  cached<S, E>(aggregate: CachedAggregate<S, E>, stream: string): Folded<S> | undefined {
    const entry = this.#entries.get(stream)
    if (entry === undefined || entry.kind !== aggregate) return undefined
    this.#entries.delete(stream)
    this.#entries.set(stream, entry)
    // Kept under its aggregate, so it is a fold of that aggregate's state.
    return entry.folded as Folded<S>
  }

  /** As `cached`, where nothing was appended to the stream of which it is not known whether it was written. */
  proven<S, E>(aggregate: CachedAggregate<S, E>, stream: string): Folded<S> | undefined {
    return this.#doubted.has(stream) ? undefined : this.cached(aggregate, stream)
  }

  /** Something may have been written to a stream: what is kept is a true beginning, and its tail is read next time. */
  doubt(stream: string): void {
    this.#doubted.add(stream)
  }

  /**
   * The fold of a stream up to its end as it is now: the one kept here and the tail. What cannot be read is passed
   * over only where an operator decided so.
   */
  toTail<S, E>(aggregate: CachedAggregate<S, E>, stream: string): TaskEither<StoreError, Folded<S>> {
    return async () => {
      const folded = this.cached(aggregate, stream) ?? nothingFolded<S>()
      const read = await this.#readOn(aggregate, stream, folded, NO_SKIPS)
      if (isLeft(read) || folded.suspended === undefined) return read
      const skips = await readSkips(this.store)()
      if (isLeft(skips)) return skips
      return this.#readOn(aggregate, stream, folded, skips.right)
    }
  }

  async #readOn<S, E>(
    aggregate: CachedAggregate<S, E>,
    stream: string,
    folded: Folded<S>,
    skips: Skips,
  ): Promise<Either<StoreError, Folded<S>>> {
    for (let from = folded.revision + 1; ;) {
      const slice = await this.store.readStream(stream, from, PAGE)()
      if (isLeft(slice)) return slice
      // Forgotten only where it is judged anew in the same breath: others read the same fold.
      folded.suspended = undefined
      for (const recorded of slice.right.events) foldNext(aggregate, folded, recorded, skips)
      from += slice.right.events.length
      if (slice.right.end || folded.suspended !== undefined) break
    }
    this.#doubted.delete(stream)
    this.#keep(aggregate, stream, folded)
    return right(folded)
  }

  /** Takes into a fold what was just appended to its stream, without reading it. */
  append<S, E>(aggregate: CachedAggregate<S, E>, folded: Folded<S>, appended: Appended): void {
    const { stream, events, revision, position, storedAt } = appended
    const first = revision - events.length + 1
    events.forEach((event, i) => {
      foldNext(aggregate, folded, { ...event, stream, revision: first + i, position, storedAt }, NO_SKIPS)
    })
    this.#keep(aggregate, stream, folded)
  }

  /** Forgets a stream. */
  forget(stream: string): void {
    const entry = this.#entries.get(stream)
    if (entry === undefined) return
    this.#weight -= entry.weight
    this.#entries.delete(stream)
  }

  #keep<S, E>(aggregate: CachedAggregate<S, E>, stream: string, folded: Folded<S>): void {
    this.forget(stream)
    const weight = folded.state === undefined ? 1 : aggregate.weigh(folded.state)
    this.#entries.set(stream, { kind: aggregate, folded, weight })
    this.#weight += weight
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.most || oldest === stream) break
      this.forget(oldest)
    }
  }
}
