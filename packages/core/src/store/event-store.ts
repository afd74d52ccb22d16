/**
 * The port to the event store. Written so that a SQLite file, EventStoreDB and a store in memory keep the
 * same promises; `testing/store-contract` is the suite that says so.
 */
import type { Task } from 'fp-ts/Task'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Epoch, Position } from '../domain/event/position'
import type { EventToAppend, RecordedEvent } from '../domain/event/recorded'
import type { StreamFilter } from '../domain/event/streams'

/** The revision of a stream that has no event: what an append expects that begins one. */
export const NO_STREAM = -1

/** What a store may answer instead. `reason` is a sentence for people. */
export type StoreError =
  /** It does not answer, or cannot now. Nothing was written. Trying again may help. */
  | { readonly type: 'Unavailable'; readonly reason: string }
  /** It was closed, or the subscription was cancelled, by us. */
  | { readonly type: 'Closed' }
  /** A position of another life of this store, or of another store. */
  | { readonly type: 'WrongEpoch'; readonly expected: Epoch; readonly actual: string }
  /** More than one append may hold. */
  | { readonly type: 'TooLarge'; readonly events: number; readonly bytes: number }
  /** A stream, type or checkpoint name that no store may hold; or a body that is not JSON. */
  | { readonly type: 'InvalidAppend'; readonly reason: string }
  /** What was named is no store of ours, is damaged, may not be written, or is of a newer version. */
  | { readonly type: 'NotUsable'; readonly kind: NotUsableKind; readonly reason: string }

export type NotUsableKind = 'NotAStore' | 'Missing' | 'ReadOnly' | 'NewerVersion' | 'Damaged' | 'NotPermitted'

/** The append may have been written or not: repeat it with the same ids at the same revision to know. */
export interface UnknownOutcome {
  readonly type: 'UnknownOutcome'
  readonly reason: string
}

export type AppendError = StoreError | UnknownOutcome

export type AppendResult =
  /** Revision and position of the last event of this append. */
  | { readonly type: 'Written'; readonly revision: number; readonly position: Position }
  /** Nothing was written; the stream stands at `actual` (`NO_STREAM` where it has no event). */
  | { readonly type: 'Conflict'; readonly actual: number }

/** A part of a stream. */
export interface StreamSlice {
  readonly events: readonly RecordedEvent[]
  /** There was nothing more in this direction when it was read. */
  readonly end: boolean
}

/** A part of all events. */
export interface AllSlice {
  readonly events: readonly RecordedEvent[]
  /** Read on from here. Past events that the filter left out too; the one asked from where nothing was read. */
  readonly position: Position | undefined
  readonly end: boolean
}

/** What a subscription hands over: everything that the filter takes up to `position` has been handed over with it. */
export interface Delivery {
  /** May be empty: only the position moved, past events of others. */
  readonly events: readonly RecordedEvent[]
  readonly position: Position
}

/**
 * A subscription is pulled: the next delivery is gathered while the last is handled, a bounded one, and nothing
 * is lost between history and what comes live.
 */
export interface Subscription {
  /** Waits for the next delivery. After an error there is no other: subscribe again from what was handled. */
  readonly next: TaskEither<StoreError, Delivery>
  /** Ends it, also while `next` waits (which answers `Closed`). Ending twice is nothing. */
  readonly cancel: Task<void>
}

/** A small named document, for leases and for places to read on from. */
export interface Checkpoint {
  readonly data: unknown
  /** What to save the next one at. */
  readonly revision: number
}

export type CheckpointSaved =
  | { readonly type: 'Saved'; readonly revision: number }
  | { readonly type: 'Conflict'; readonly actual: number }

/** From after a place (or from the beginning) on. */
export interface ReadAll {
  readonly after?: Position | undefined
  readonly filter: StreamFilter
  /** At most so many events. */
  readonly most: number
}

export interface EventStore {
  /** The life of the store that positions belong to. */
  readonly epoch: Epoch
  /**
   * Appends all events or none, where the stream stands at `expected`. The same ids again at the same revision, or
   * a leading part of them, are answered as the first time, also after later events; more than the first time is a
   * conflict.
   */
  readonly append: (
    stream: string,
    expected: number,
    events: readonly EventToAppend[],
  ) => TaskEither<AppendError, AppendResult>
  /** Reads forward from a revision. A missing stream is empty. */
  readonly readStream: (stream: string, from: number, most: number) => TaskEither<StoreError, StreamSlice>
  /** Reads backward from the end, newest first. */
  readonly readBackward: (stream: string, most: number) => TaskEither<StoreError, StreamSlice>
  /** Reads all events of the streams that the filter takes, in their one order. */
  readonly readAll: (query: ReadAll) => TaskEither<StoreError, AllSlice>
  /** Everything after a place (or from the beginning), then what comes. `most` bounds a delivery. */
  readonly subscribe: (query: ReadAll) => TaskEither<StoreError, Subscription>
  /**
   * The last position of an event that the filter takes, asked of the store anew over a call of its own; `handled`,
   * where that is as late or later; nothing where there is none. It has no deadline of its own: the caller sets one.
   */
  readonly head: (filter: StreamFilter, handled?: Position) => TaskEither<StoreError, Position | undefined>
  readonly loadCheckpoint: (name: string) => TaskEither<StoreError, Checkpoint | undefined>
  /** Saves where the checkpoint stands at the revision loaded (`NO_STREAM` where there was none). */
  readonly saveCheckpoint: (
    name: string,
    data: Readonly<Record<string, unknown>>,
    expected: number,
  ) => TaskEither<AppendError, CheckpointSaved>
  /** Ends subscriptions and calls under way; whatever is asked afterwards answers `Closed`. */
  readonly close: Task<void>
}

/** An error of the store as a sentence. */
export const describeStoreError = (error: AppendError): string => {
  switch (error.type) {
    case 'Unavailable':
      return `the store does not answer: ${error.reason}`
    case 'Closed':
      return 'the store was closed'
    case 'WrongEpoch':
      return `the position is of epoch ${error.actual}, the store is in epoch ${error.expected}: it was restored, or it is another one`
    case 'TooLarge':
      return `one append of ${error.events} events and ${error.bytes} bytes is more than a store takes`
    case 'InvalidAppend':
    case 'NotUsable':
      return error.reason
    case 'UnknownOutcome':
      return `it is not known whether the append was written (${error.reason}): repeat the command with the same id`
  }
}
