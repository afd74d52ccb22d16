/** The event store in memory: for tests, and for trying things out. It keeps every promise but to remember. */
import { type Either, left, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Epoch, isEpoch, type Position } from '../domain/event/position'
import type { RecordedEvent } from '../domain/event/recorded'
import { randomId, type Runtime, systemRuntime } from '../domain/runtime'
import { EPOCH_STREAM, type StreamFilter, takes } from '../domain/event/streams'
import { readBody, writeCheckpoint, type WrittenEvent, writeOut } from './append-limits'
import { epochBegan, placeIn } from './epoch'
import {
  type AllSlice,
  type AppendError,
  type AppendResult,
  type CheckpointSaved,
  type EventStore,
  NO_STREAM,
  type ReadAll,
  type StoreError,
} from './event-store'
import { type PulledSubscription, pullSubscription } from './pulled-subscription'
import { judgeAppend } from './verdict'

export interface MemoryStore extends EventStore {
  /** Appends bodies as they stand, so that a test can damage one. */
  readonly appendRaw: (
    stream: string,
    expected: number,
    events: readonly WrittenEvent[],
  ) => TaskEither<AppendError, AppendResult>
  /** What another process, or the next one, would open: the same events, closed on its own. */
  readonly reopen: () => MemoryStore
}

export interface MemoryStoreOptions {
  readonly runtime?: Runtime
  readonly epoch?: Epoch
}

/** An event as it was written: the bodies are parsed for each reader, so that none can change another's. */
interface Kept extends WrittenEvent {
  readonly stream: string
  readonly revision: number
  readonly place: number
  readonly storedAt: number
}

interface Log {
  readonly epoch: Epoch
  readonly runtime: Runtime
  readonly all: Kept[]
  readonly streams: Map<string, Kept[]>
  readonly checkpoints: Map<string, { readonly revision: number; readonly data: string }>
  readonly subscriptions: Set<PulledSubscription>
}

/** A new, empty store. */
export const memoryStore = ({ runtime = systemRuntime, epoch }: MemoryStoreOptions = {}): MemoryStore => {
  const id = epoch ?? randomId(runtime)
  if (!isEpoch(id)) throw new Error(`${JSON.stringify(id)} is no epoch`)
  const log: Log = {
    epoch: id,
    runtime,
    all: [],
    streams: new Map(),
    checkpoints: new Map(),
    subscriptions: new Set(),
  }
  const began = writeOut(EPOCH_STREAM, [epochBegan(runtime, id)])
  if (began._tag === 'Right') append(log, EPOCH_STREAM, NO_STREAM, began.right)
  return openLog(log)
}

const openLog = (log: Log): MemoryStore => {
  let open = true
  const own = new Set<PulledSubscription>()
  const whileOpen =
    <E, A>(call: () => Either<E, A>): TaskEither<E | StoreError, A> =>
    () =>
      Promise.resolve(open ? call() : left({ type: 'Closed' }))

  return {
    epoch: log.epoch,
    append: (stream, expected, events) =>
      whileOpen((): Either<AppendError, AppendResult> => {
        const written = writeOut(stream, events)
        return written._tag === 'Left' ? written : right(append(log, stream, expected, written.right))
      }),
    appendRaw: (stream, expected, events) => whileOpen(() => right(append(log, stream, expected, events))),
    readStream: (stream, from, most) =>
      whileOpen(() => {
        const kept = log.streams.get(stream) ?? []
        const first = Math.max(from, 0)
        const events = kept.slice(first, first + most).map((event) => recorded(log, event))
        return right({ events, end: first + most >= kept.length })
      }),
    readBackward: (stream, most) =>
      whileOpen(() => {
        const kept = log.streams.get(stream) ?? []
        const first = Math.max(kept.length - most, 0)
        const events = kept.slice(first).map((event) => recorded(log, event))
        return right({ events: events.reverse(), end: first === 0 })
      }),
    readAll: (query) => whileOpen(() => readAll(log, query)),
    subscribe: (query) =>
      whileOpen(() => {
        const from = placeIn(log.epoch, query.after)
        return from._tag === 'Left' ? from : right(subscribe(log, own, query))
      }),
    head: (filter, handled) => whileOpen(() => head(log, filter, handled)),
    loadCheckpoint: (name) =>
      whileOpen(() => {
        const kept = log.checkpoints.get(name)
        return right(kept && { data: readBody(kept.data), revision: kept.revision })
      }),
    saveCheckpoint: (name, data, expected) => whileOpen(() => saveCheckpoint(log, name, data, expected)),
    close: async () => {
      open = false
      for (const subscription of [...own]) await subscription.cancel()
    },
    reopen: () => openLog(log),
  }
}

const at = (log: Log, place: number): Position => ({ epoch: log.epoch, commit: place, prepare: place })

const recorded = (
  log: Log,
  { stream, revision, place, storedAt, id, type, data, metadata }: Kept,
): RecordedEvent => ({
  stream,
  revision,
  position: at(log, place),
  storedAt,
  id,
  type,
  data: readBody(data),
  metadata: readBody(metadata),
})

const append = (
  log: Log,
  stream: string,
  expected: number,
  events: readonly WrittenEvent[],
): AppendResult => {
  const kept = log.streams.get(stream) ?? []
  const verdict = judgeAppend(kept.length - 1, expected, events, (revision) => kept[revision]?.id)
  if (verdict.type === 'Conflict') return verdict
  if (verdict.type === 'Write') {
    const storedAt = Math.floor(log.runtime.now())
    for (const event of events) {
      const next = { ...event, stream, revision: kept.length, place: log.all.length + 1, storedAt }
      kept.push(next)
      log.all.push(next)
    }
    log.streams.set(stream, kept)
    for (const subscription of log.subscriptions) subscription.wake()
  }
  const revision = expected + events.length
  return { type: 'Written', revision, position: at(log, kept[revision]?.place ?? 0) }
}

const readAll = (log: Log, { after, filter, most }: ReadAll): Either<StoreError, AllSlice> => {
  const from = placeIn(log.epoch, after)
  if (from._tag === 'Left') return from
  const events: RecordedEvent[] = []
  let place = from.right
  while (place < log.all.length && events.length < most) {
    const kept = log.all[place]
    if (kept !== undefined && takes(filter, kept.stream)) events.push(recorded(log, kept))
    place += 1
  }
  return right({
    events,
    position: place === from.right ? after : at(log, place),
    end: place >= log.all.length,
  })
}

const subscribe = (log: Log, own: Set<PulledSubscription>, query: ReadAll): PulledSubscription => {
  const subscription = pullSubscription({
    after: query.after,
    read: (after) => Promise.resolve(readAll(log, { ...query, after })),
    ended: () => {
      log.subscriptions.delete(subscription)
      own.delete(subscription)
    },
  })
  log.subscriptions.add(subscription)
  own.add(subscription)
  return subscription
}

const head = (
  log: Log,
  filter: StreamFilter,
  handled?: Position,
): Either<StoreError, Position | undefined> => {
  const from = placeIn(log.epoch, handled)
  if (from._tag === 'Left') return from
  for (let place = log.all.length; place > from.right; place -= 1) {
    const kept = log.all[place - 1]
    if (kept !== undefined && takes(filter, kept.stream)) return right(at(log, place))
  }
  return right(handled)
}

const saveCheckpoint = (
  log: Log,
  name: string,
  data: Readonly<Record<string, unknown>>,
  expected: number,
): Either<StoreError, CheckpointSaved> => {
  const text = writeCheckpoint(name, data)
  if (text._tag === 'Left') return text
  const actual = log.checkpoints.get(name)?.revision ?? NO_STREAM
  if (actual !== expected) return right({ type: 'Conflict', actual })
  log.checkpoints.set(name, { revision: expected + 1, data: text.right })
  return right({ type: 'Saved', revision: expected + 1 })
}
