/** The event store on EventStoreDB: the store of record. */
import { setMaxListeners } from 'node:events'
import {
  type AppendError,
  type AppendResult,
  type Epoch,
  EPOCH_STREAM,
  type EventStore,
  type EventToAppend,
  openEpoch,
  placeIn,
  type ReadAll,
  type Runtime,
  type StoreError,
  type Subscription,
  systemRuntime,
  type WrittenEvent,
  writeOut,
} from '@access-pools/core'
import { BACKWARDS, END } from '@eventstore/db-client'
import { type Either, left, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Outcome } from './answers'
import { loadCheckpoint, saveCheckpoint } from './checkpoints'
import { type Connection, connect } from './connection'
import type { Credentials } from './connection-string'
import { CLOSED, unavailable } from './failure'
import { gather } from './gather'
import { openHeads } from './head'
import { readAll, readBackward, type Reading, readStream } from './reading'
import { positionIn } from './recorded'
import { type Subscribed, subscribe } from './subscribing/subscription'

export interface EventStoreDbOptions {
  /** `esdb://host:port?tls=false`, `esdb+discover://…`: as the client takes it, with its options. */
  readonly url: string
  /** Instead of those that stand in `url`. Over a connection without TLS the client sends none. */
  readonly credentials?: Credentials
  readonly runtime?: Runtime
  /** Milliseconds until the outcome of an append is unknown; 5 seconds where it is not said. */
  readonly appendTimeout?: number
  /** Milliseconds without an event after which a read fails; 10 seconds where it is not said. */
  readonly readTimeout?: number
}

/**
 * Opens the store on a server or cluster, and begins its first epoch where it is new. All stores of a process on
 * the same connection string share one connection.
 */
export const openEventStoreDb =
  (options: EventStoreDbOptions): TaskEither<StoreError, EventStore> =>
  async () => {
    const { url, credentials, runtime = systemRuntime, appendTimeout = 5_000, readTimeout = 10_000 } = options
    const connection = connect(url, credentials, runtime)
    if (connection._tag === 'Left') return connection
    const closing = new AbortController()
    // Every call under way listens to it.
    setMaxListeners(0, closing.signal)
    const link: Link = {
      connection: connection.right,
      runtime,
      appendTimeout,
      closing,
      waiting: { runtime, patience: readTimeout, closing: closing.signal },
    }
    const epoch = await epochOf(link)
    if (epoch._tag === 'Left') {
      closing.abort()
      await connection.right.release()
      return epoch
    }
    return right(storeOn(link, epoch.right))
  }

interface Link {
  readonly connection: Connection
  readonly runtime: Runtime
  readonly appendTimeout: number
  readonly closing: AbortController
  readonly waiting: Reading['waiting']
}

const epochOf = (link: Link): Promise<Either<StoreError, Epoch>> =>
  openEpoch(
    {
      last: async () => {
        const options = {
          fromRevision: END,
          direction: BACKWARDS,
          maxCount: 1,
          requiresLeader: true,
        } as const
        const read = await gather(
          () => link.connection.client.readStream(EPOCH_STREAM, options),
          link.waiting,
        )
        if (read._tag === 'Left') return read
        const [event] = read.right
        return right(event && { revision: Number(event.revision), data: event.data })
      },
      append: (expected, events) => async () => {
        const written = writeOut(EPOCH_STREAM, events)
        return written._tag === 'Left' ? written : append(link, EPOCH_STREAM, expected, written.right)
      },
    },
    link.runtime,
  )()

type Answered = Extract<Outcome, { type: 'Written' | 'Conflict' }>

const append = async (
  { connection, appendTimeout, closing }: Link,
  stream: string,
  expected: number,
  events: readonly WrittenEvent[],
): Promise<Either<AppendError, Answered>> => {
  if (closing.signal.aborted) return left(CLOSED)
  const outcome = await connection.appends.append({
    stream,
    expected,
    events,
    timeout: appendTimeout,
    owner: closing,
  })
  switch (outcome.type) {
    case 'Written':
    case 'Conflict':
      return right(outcome)
    case 'Refused':
      return left(outcome.error)
    case 'Unsent':
      return left(closing.signal.aborted ? CLOSED : unavailable(outcome.reason))
    case 'Unknown':
      return left({ type: 'UnknownOutcome', reason: outcome.reason })
  }
}

const storeOn = (link: Link, epoch: Epoch): EventStore => {
  const { connection, runtime, closing, waiting } = link
  const reading: Reading = { client: connection.client, epoch, waiting }
  const heads = openHeads(reading)
  const subscriptions = new Set<Subscription>()
  const whileOpen =
    <A>(call: () => Promise<Either<StoreError, A>>): TaskEither<StoreError, A> =>
    () =>
      closing.signal.aborted ? Promise.resolve(left(CLOSED)) : call()

  return {
    epoch,
    append: (stream, expected, events) => () => appendEvents(link, reading, stream, expected, events),
    readStream: (stream, from, most) => whileOpen(() => readStream(reading, stream, from, most)),
    readBackward: (stream, most) => whileOpen(() => readBackward(reading, stream, most)),
    readAll: (query) => whileOpen(() => readAll(reading, query)),
    subscribe: (query) => whileOpen(() => begin(reading, subscriptions, query)),
    head: (filter, handled) => whileOpen(() => heads(filter, handled)),
    loadCheckpoint: (name) => whileOpen(() => loadCheckpoint(reading, name)),
    saveCheckpoint: (name, data, expected) => () =>
      saveCheckpoint((stream, at, events) => append(link, stream, at, events), runtime, name, data, expected),
    close: async () => {
      if (closing.signal.aborted) return
      closing.abort()
      connection.appends.abandon(closing)
      await Promise.all([...subscriptions].map((subscription) => subscription.cancel()))
      await connection.release()
    },
  }
}

const appendEvents = async (
  link: Link,
  reading: Reading,
  stream: string,
  expected: number,
  events: readonly EventToAppend[],
): Promise<Either<AppendError, AppendResult>> => {
  const written = writeOut(stream, events)
  if (link.closing.signal.aborted) return left(CLOSED)
  if (written._tag === 'Left') return written
  const answered = await append(link, stream, expected, written.right)
  if (answered._tag === 'Left') return answered
  if (answered.right.type === 'Conflict') return right(answered.right)
  const { revision, place } = answered.right
  if (place !== undefined)
    return right({ type: 'Written', revision, position: positionIn(reading.epoch, place) })
  // The protocol lets a server leave the place out: the event tells it.
  const read = await readStream(reading, stream, revision, 1)
  const position = read._tag === 'Right' ? read.right.events[0]?.position : undefined
  return position === undefined
    ? left({ type: 'UnknownOutcome', reason: 'the server did not tell the place of what it wrote' })
    : right({ type: 'Written', revision, position })
}

const begin = async (
  reading: Reading,
  subscriptions: Set<Subscription>,
  query: ReadAll,
): Promise<Either<StoreError, Subscription>> => {
  const foreign = placeIn(reading.epoch, query.after)
  if (foreign._tag === 'Left') return foreign
  const subscription: Subscribed = subscribe(reading, query, () => subscriptions.delete(subscription))
  subscriptions.add(subscription)
  return right(subscription)
}
