/**
 * The service's own read model: follows the store, folds events into the access index, decides, and answers the lists.
 * For a short process too: start it, wait for `whenCaughtUp`, ask, stop.
 */
import { type Either, isLeft, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { ChargerId, IdentityId } from '../domain/language/ids'
import type { Position } from '../domain/event/position'
import { type Runtime, systemRuntime } from '../domain/runtime'
import { OUR_STREAMS } from '../domain/event/streams'
import { type Instant, instantOf } from '../domain/language/window'
import type { AccessChange } from '../decision/access-change'
import type { AccessIndex, AccessIndexView, AppliedChange } from '../decision/access-index'
import type { Answer } from '../decision/answer'
import type { Credential } from '../decision/credential'
import { decide } from '../decision/decide'
import { emptyAccessIndex } from '../decision/map-index'
import { type Staleness, WHOLLY_FRESH, WHOLLY_STALE } from '../decision/staleness'
import {
  type WhereMayCharge,
  whereMayCharge,
  type WhoMayCharge,
  whoMayCharge,
} from '../decision/who-may-charge'
import type { EventStore, StoreError } from '../store/event-store'
import { DeliveryFold } from './delivery-fold'
import { Directory } from './directory'
import type { BackOff } from './failure-policy'
import { type HeadAsker, HeadLag, startAsking } from './lag'
import type { Parked } from './parking'
import { PendingRequests } from './pending-requests'
import { type Runner, type RunnerState, startRunner } from './runner'
import { AccessProjection } from './to-access-changes'
import { type NotProcessed, type Patience, Waiting } from './waiting'

export interface ReadModelOptions {
  readonly store: EventStore
  readonly runtime?: Runtime
  /** Milliseconds of lag past which decisions answer `ReadModelStale`; 10,000 unless given. */
  readonly maxStaleness?: number
  /** Events a batch at most. */
  readonly batch?: number
  /** Waits between attempts to subscribe again. */
  readonly backOff?: BackOff
  /** Milliseconds between askings for the store's head, and how long one may take. */
  readonly headEvery?: number
  readonly headWithin?: number
  /** Milliseconds without a delivery, while the store has something new, after which the subscription is made anew. */
  readonly silence?: number
  /** Told of what a listener threw: the fold goes on. */
  readonly listenerFailed?: (thrown: unknown) => void
}

/** An access change that took effect, with the state before it; `initial`: part of the history read at the start. */
export type ToldChange = AppliedChange & { readonly initial: boolean }

export interface ReadModel {
  /**
   * Whether a session may start now, or what windows say at another instant (milliseconds since 1970), on what is
   * known now. Synchronous and total; `ReadModelStale` where the lag is past `maxStaleness`.
   */
  readonly decide: (charger: ChargerId, credential: Credential, at?: number) => Answer
  readonly whoMayCharge: (charger: ChargerId, at?: number) => WhoMayCharge
  readonly whereMayCharge: (identity: IdentityId, at?: number) => readonly WhereMayCharge[]
  /** Fresh after write: resolves once a command's position is handled. */
  readonly whenProcessed: (position: Position, patience?: Patience) => Promise<Either<NotProcessed, void>>
  /** Resolves once all that the store holds at this call is handled. */
  readonly whenCaughtUp: (patience?: Patience) => Promise<Either<NotProcessed, void>>
  /** Milliseconds for which it is proven to be no further behind; infinite before the first proof. */
  readonly lag: () => number
  /** Up to where everything is handled. */
  readonly position: () => Position | undefined
  /** The latest time at which the store took an event that is handled, milliseconds since 1970. */
  readonly storedAt: () => number
  readonly directory: Directory
  readonly requests: PendingRequests
  /** The index that decides: for lists beyond those here. */
  readonly index: AccessIndexView
  /** Calls with each access change; answers how to end it. */
  readonly onChange: (listener: (change: ToldChange) => void) => () => void
  /** Streams that wait behind an event that cannot be read. */
  readonly parked: () => readonly Parked[]
  readonly state: () => RunnerState
  readonly stop: () => Promise<void>
}

const STANDARD = { maxStaleness: 10_000, batch: 1_000, headEvery: 1_000, headWithin: 5_000, silence: 10_000 }

/** Starts to follow a store. A store that cannot be followed at all is told; what fails later is tried for ever. */
export const startReadModel =
  (options: ReadModelOptions): TaskEither<StoreError, ReadModel> =>
  async () => {
    const following = new Following(options)
    const started = await following.start()
    return isLeft(started) ? started : right(readModelOf(following, started.right))
  }

/** What follows the store: the fold, its runner, and the proof of its freshness. */
class Following {
  readonly index: AccessIndex = emptyAccessIndex()
  readonly lag = new HeadLag()
  readonly stopping = new AbortController()
  readonly runtime: Runtime
  readonly listeners = new Set<(change: ToldChange) => void>()
  readonly projection: AccessProjection
  readonly fold: DeliveryFold
  readonly requests: PendingRequests
  readonly waiting: Waiting
  #asker: HeadAsker = { ask: async () => undefined }
  #deliveredAt: number

  constructor(readonly options: ReadModelOptions) {
    this.runtime = options.runtime ?? systemRuntime
    this.#deliveredAt = this.runtime.monotonic()
    this.projection = new AccessProjection({
      changed: (change) => this.#changed(change),
      requestsChanged: (pool) => this.#guarded(() => this.requests.changed(pool)),
    })
    this.requests = new PendingRequests(this.projection.streams, this.now)
    this.fold = new DeliveryFold(this.projection, options.store, this.runtime, () => this.#moved())
    this.waiting = new Waiting({
      epoch: options.store.epoch,
      runtime: this.runtime,
      handled: this.handled,
      begun: () => this.lag.begun,
      proven: () => this.lag.proven.number,
      ask: () => this.#asker.ask(),
    })
  }

  readonly now = (): Instant => instantOf(this.runtime.now())

  readonly handled = (): Position | undefined => this.fold.checkpoint.position

  /** As one part: the store is followed as a whole. */
  staleness(): Staleness {
    const { maxStaleness = STANDARD.maxStaleness } = this.options
    return this.lag.lag(this.runtime.monotonic()) > maxStaleness ? WHOLLY_STALE : WHOLLY_FRESH
  }

  async start(): Promise<Either<StoreError, Runner>> {
    const { store, batch = STANDARD.batch } = this.options
    const started = await startRunner({
      store,
      runtime: this.runtime,
      filter: OUR_STREAMS,
      most: batch,
      handled: this.handled,
      handle: this.fold.handle,
      ...(this.options.backOff === undefined ? {} : { backOff: this.options.backOff }),
    })()
    if (isLeft(started)) return started
    this.#ask(started.right)
    void started.right.stopped.then(() => this.#end())
    return started
  }

  #ask(runner: Runner): void {
    const { store, headEvery = STANDARD.headEvery, headWithin = STANDARD.headWithin } = this.options
    this.#asker = startAsking({
      store,
      runtime: this.runtime,
      filter: OUR_STREAMS,
      handled: this.handled,
      lag: this.lag,
      every: headEvery,
      deadline: headWithin,
      answered: () => this.#answered(runner),
      signal: this.stopping.signal,
    })
  }

  #answered(runner: Runner): void {
    this.waiting.moved()
    const { silence = STANDARD.silence } = this.options
    const now = this.runtime.monotonic()
    if (!this.lag.behind) this.#deliveredAt = now
    if (now - this.#deliveredAt < silence) return
    this.#deliveredAt = now
    runner.resubscribe()
  }

  #moved(): void {
    this.#deliveredAt = this.runtime.monotonic()
    const handled = this.handled()
    if (handled !== undefined) this.lag.moved(handled)
    this.waiting.moved()
  }

  #changed(change: AccessChange): void {
    if (this.listeners.size === 0) {
      this.index.apply(change)
      return
    }
    const initial = this.lag.proven.number === 0
    this.index.apply(change, (applied) => {
      const told: ToldChange = { ...applied, initial }
      for (const listener of this.listeners) this.#guarded(() => listener(told))
    })
  }

  /** A listener of the importer's must not leave the fold half done. */
  #guarded(call: () => void): void {
    try {
      call()
    } catch (thrown) {
      this.options.listenerFailed?.(thrown)
    }
  }

  #end(): void {
    this.stopping.abort()
    this.waiting.end()
  }
}

const readModelOf = (following: Following, runner: Runner): ReadModel => {
  const { index, runtime, fold, lag, waiting, projection, requests, listeners } = following
  return {
    decide: (charger, credential, at = runtime.now()) =>
      decide(index, charger, credential, at, following.staleness()),
    whoMayCharge: (charger, at = runtime.now()) => whoMayCharge(index, charger, at, following.staleness()),
    whereMayCharge: (identity, at = runtime.now()) =>
      whereMayCharge(index, identity, at, following.staleness()),
    whenProcessed: (position, patience) => waiting.whenProcessed(position, patience),
    whenCaughtUp: (patience) => waiting.whenCaughtUp(patience),
    lag: () => lag.lag(runtime.monotonic()),
    position: following.handled,
    storedAt: () => fold.checkpoint.storedAt,
    directory: new Directory(projection.streams, index, following.now),
    requests,
    index,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    parked: () => projection.parked(),
    state: runner.state,
    stop: runner.stop,
  }
}
