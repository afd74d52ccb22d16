/**
 * The subscription runner: reads on from what was handled, for ever. One `handle` a delivery, and none while it runs:
 * the store gathers the next one meanwhile, and no more (back-pressure). After any failure of the store it subscribes
 * again from the last handled position, with back-off and jitter, so that no event is lost or handled twice.
 */
import { type Either, left, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { comparePositions, laterOf, type Position } from '../domain/event/position'
import type { RecordedEvent } from '../domain/event/recorded'
import type { Runtime } from '../domain/runtime'
import type { StreamFilter } from '../domain/event/streams'
import type { Delivery, EventStore, StoreError, Subscription } from '../store/event-store'
import { answerOf, orAborted, within } from './deadline'
import { type BackOff, backOff, classify, type ReadingFailure, STANDARD_BACK_OFF } from './failure-policy'

export interface RunnerOptions {
  readonly store: Pick<EventStore, 'subscribe'>
  readonly runtime: Runtime
  readonly filter: StreamFilter
  /** Events a delivery at most. */
  readonly most: number
  /** Up to where everything is handled: kept by the handler, with the state it belongs to. */
  readonly handled: () => Position | undefined
  /** Handles a delivery whole, or says why nothing may go on. It ends early where the signal aborts. */
  readonly handle: (delivery: Delivery, signal: AbortSignal) => Promise<Either<ReadingFailure, void>>
  readonly backOff?: BackOff
  /** Milliseconds that the first subscription may take. */
  readonly startWithin?: number
}

/** What a runner is doing. */
export type RunnerState =
  | { readonly type: 'Reading' }
  /** The store failed; it is tried again. */
  | { readonly type: 'BackingOff'; readonly attempt: number; readonly failure: ReadingFailure }
  | { readonly type: 'Stopped'; readonly failure?: ReadingFailure }

export interface Runner {
  readonly state: () => RunnerState
  /** Gives the present subscription up, where it waits: it may be one that will never deliver. */
  readonly resubscribe: () => void
  /** Resolves when it has stopped, by `stop` or by a failure that stops. */
  readonly stopped: Promise<ReadingFailure | undefined>
  /** Ends it cleanly: no handling is under way afterwards. */
  readonly stop: () => Promise<void>
}

const STANDARD_START = 10_000

/** Subscribes, and runs. A store that does not answer the first subscription is told; later ones are tried for ever. */
export const startRunner =
  (options: RunnerOptions): TaskEither<StoreError, Runner> =>
  async () => {
    const { runtime, startWithin = STANDARD_START } = options
    const stopping = new AbortController()
    const first = await within(
      runtime,
      startWithin,
      stopping.signal,
      cancelledIfLate(options, stopping.signal),
    )
    if (first === undefined) stopping.abort()
    if (first === undefined)
      return left({ type: 'Unavailable', reason: `no subscription within ${startWithin} ms` })
    return first._tag === 'Left' ? first : right(new Running(options, stopping, first.right))
  }

const subscribe = ({ store, filter, most, handled }: RunnerOptions): ReturnType<typeof store.subscribe> =>
  store.subscribe({ after: handled(), filter, most })

/** A subscription that comes when nobody waits for it any more is given back. */
const cancelledIfLate =
  (options: RunnerOptions, signal: AbortSignal): TaskEither<StoreError, Subscription> =>
  async () => {
    const opened = await answerOf(subscribe(options))
    if (signal.aborted && opened._tag === 'Right') await opened.right.cancel()
    return opened
  }

class Running implements Runner {
  readonly stopped: Promise<ReadingFailure | undefined>
  #state: RunnerState = { type: 'Reading' }
  #attempt = 0
  /** Aborts where the present subscription is given up. */
  #present = new AbortController()

  constructor(
    readonly options: RunnerOptions,
    readonly stopping: AbortController,
    first: Subscription,
  ) {
    stopping.signal.addEventListener('abort', () => this.#present.abort(), { once: true })
    this.stopped = this.#run(first).then((failure) => {
      this.#state = failure === undefined ? { type: 'Stopped' } : { type: 'Stopped', failure }
      stopping.abort()
      return failure
    })
  }

  readonly state = (): RunnerState => this.#state

  readonly resubscribe = (): void => this.#present.abort()

  readonly stop = async (): Promise<void> => {
    this.stopping.abort()
    await this.stopped
  }

  async #run(first: Subscription): Promise<ReadingFailure | undefined> {
    const { signal } = this.stopping
    let subscription: Subscription | undefined = first
    while (!signal.aborted) {
      const failure = subscription === undefined ? undefined : await this.#drain(subscription)
      // A subscription that hangs may hang in this too: nobody waits for it.
      if (subscription !== undefined) void subscription.cancel()
      if (signal.aborted) return undefined
      if (failure !== undefined && classify(failure) === 'stop') return failure
      if (failure !== undefined) await this.#pause(failure)
      const opened = await this.#open()
      if (opened === undefined) return undefined
      if (opened._tag === 'Left' && classify(opened.left) === 'stop') return opened.left
      if (opened._tag === 'Left') await this.#pause(opened.left)
      else this.#state = { type: 'Reading' }
      subscription = opened._tag === 'Left' ? undefined : opened.right
    }
    if (subscription !== undefined) void subscription.cancel()
    return undefined
  }

  async #open(): Promise<Either<ReadingFailure, Subscription> | undefined> {
    this.#present = new AbortController()
    const { signal } = this.#present
    if (this.stopping.signal.aborted) return undefined
    const { runtime, startWithin = STANDARD_START } = this.options
    const opened = await within(runtime, startWithin, signal, cancelledIfLate(this.options, signal))
    if (this.stopping.signal.aborted) return undefined
    if (opened === undefined) {
      this.#present.abort()
      return unanswered
    }
    return opened._tag === 'Left' ? left({ type: 'Store', error: opened.left }) : opened
  }

  /** Handles what a subscription delivers until it fails, is given up, or must not go on. */
  async #drain(subscription: Subscription): Promise<ReadingFailure | undefined> {
    const { handled, handle } = this.options
    const { signal } = this.#present
    for (;;) {
      const delivery = await orAborted(signal, answerOf(subscription.next))
      if (delivery === undefined) return undefined
      if (delivery._tag === 'Left') return dropped(delivery.left)
      const result = await handle(onlyNew(delivery.right, handled()), this.stopping.signal)
      if (result._tag === 'Left') return result.left
      this.#attempt = 0
      if (this.stopping.signal.aborted) return undefined
    }
  }

  async #pause(failure: ReadingFailure): Promise<void> {
    const { runtime, backOff: waits = STANDARD_BACK_OFF } = this.options
    const attempt = this.#attempt
    this.#attempt += 1
    this.#state = { type: 'BackingOff', attempt, failure }
    await runtime.sleep(backOff(attempt, runtime, waits), this.stopping.signal)
  }
}

const unanswered = left<ReadingFailure>({
  type: 'Store',
  error: { type: 'Unavailable', reason: 'the subscription was given up' },
})

/** A subscription that ends is one to be made again; where the store itself was closed, making it says so. */
const dropped = (error: StoreError): ReadingFailure => ({
  type: 'Store',
  error: error.type === 'Closed' ? { type: 'Unavailable', reason: 'the subscription ended' } : error,
})

/** Without what was handled before: a store may deliver the last events again after a drop. Never goes back. */
const onlyNew = (delivery: Delivery, handled: Position | undefined): Delivery => {
  const [first] = delivery.events
  if (handled === undefined) return delivery
  const position = laterOf(handled, delivery.position) ?? delivery.position
  if (first === undefined || comparePositions(first.position, handled) > 0)
    return position === delivery.position ? delivery : { ...delivery, position }
  const isNew = (event: RecordedEvent): boolean => comparePositions(event.position, handled) > 0
  return { events: delivery.events.filter(isNew), position }
}
