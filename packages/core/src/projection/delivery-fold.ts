/**
 * Takes deliveries into the projection: one synchronous decode and fold a batch. It waits only where a skip releases a
 * stream, whose waiting events are read from the store then; and to let others run where history is long.
 */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import type { RecordedEvent } from '../domain/event/recorded'
import type { Runtime } from '../domain/runtime'
import { comparePositions } from '../domain/event/position'
import type { Delivery, EventStore } from '../store/event-store'
import { BEGINNING, type Checkpoint } from './checkpoint'
import { answerOf, orAborted } from './deadline'
import { backOff, classify, type ReadingFailure } from './failure-policy'
import type { Release } from './parking'
import type { AccessProjection } from './to-access-changes'

/** Events of a stream read at once. */
const PAGE = 500

/** Milliseconds of folding after which others may run. */
const TURN = 25

export class DeliveryFold {
  #checkpoint: Checkpoint = BEGINNING
  #turnBegan = Number.NEGATIVE_INFINITY

  constructor(
    readonly projection: AccessProjection,
    readonly store: Pick<EventStore, 'readStream'>,
    readonly runtime: Runtime,
    /** A delivery is in the state, whole. */
    readonly moved: () => void,
  ) {}

  /** How far the state has come. */
  get checkpoint(): Checkpoint {
    return this.#checkpoint
  }

  /** Takes a delivery whole; a part of it only where it must stop, or the signal aborts. */
  readonly handle = async (
    { events, position }: Delivery,
    signal: AbortSignal,
  ): Promise<Either<ReadingFailure, void>> => {
    let storedAt = this.#checkpoint.storedAt
    for (const event of events) {
      const outcome = this.projection.take(event)
      if (event.storedAt > storedAt) storedAt = event.storedAt
      if (outcome === undefined) continue
      if (outcome.type === 'UnreadableSkip') return left(outcome)
      const resumed = await this.#resume(outcome, signal)
      if (isLeft(resumed)) return resumed
      if (signal.aborted) return right(undefined)
    }
    this.#checkpoint = { position, storedAt }
    this.moved()
    await this.#letOthersRun(signal)
    return right(undefined)
  }

  /** Reads the waiting events of a stream, and takes them in one go: nobody sees it half resumed. */
  async #resume(release: Release, signal: AbortSignal): Promise<Either<ReadingFailure, void>> {
    const waiting: RecordedEvent[] = []
    let from = this.projection.resumesAt(release)
    let attempt = 0
    while (!signal.aborted) {
      const call = answerOf(this.store.readStream(release.stream, from, PAGE))
      const slice = await orAborted(signal, call)
      if (slice === undefined) break
      if (isLeft(slice)) {
        const failure: ReadingFailure = { type: 'Store', error: slice.left }
        if (classify(failure) === 'stop') return left(failure)
        await this.runtime.sleep(backOff(attempt, this.runtime), signal)
        attempt += 1
        continue
      }
      const { events, end } = slice.right
      waiting.push(...events)
      const last = events.at(-1)
      if (end || last === undefined || comparePositions(last.position, release.before) >= 0) {
        this.projection.resume(release, waiting)
        break
      }
      from = last.revision + 1
    }
    return right(undefined)
  }

  /** A store that answers at once would otherwise keep timers and sockets waiting until its whole history is read. */
  async #letOthersRun(signal: AbortSignal): Promise<void> {
    const now = this.runtime.monotonic()
    if (now - this.#turnBegan < TURN) return
    await this.runtime.sleep(0, signal)
    this.#turnBegan = this.runtime.monotonic()
  }
}
