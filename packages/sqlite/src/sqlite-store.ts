/** The event store in one SQLite file: the embedded default. */
import {
  type AllSlice,
  type AppendError,
  type AppendResult,
  type CheckpointSaved,
  type Epoch,
  EPOCH_STREAM,
  type EventStore,
  type EventToAppend,
  openEpoch,
  placeIn,
  type Position,
  type PulledSubscription,
  pullSubscription,
  type ReadAll,
  type Runtime,
  type StoreError,
  systemRuntime,
  writeCheckpoint,
  writeOut,
} from '@access-pools/core'
import { type Either, left, map, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Backup, backUp } from './backup'
import { type Changes, openChanges } from './changes'
import { openSession, type Session } from './session'
import type { Appended } from './writing'

export interface SqliteStoreOptions {
  /** The file; made where there is none, in a folder that exists. */
  readonly file: string
  readonly runtime?: Runtime
  /** How long to wait for other processes that write, in milliseconds; 10 seconds where it is not said. */
  readonly patience?: number
}

export interface SqliteStore extends EventStore {
  readonly file: string
  /**
   * Copies what stands in the store now to a file that does not exist yet, while everybody goes on writing. The file
   * is a store of its own, whole or absent. `NotUsable` of kind `NotPermitted` where something has that name.
   */
  readonly backup: (file: string) => TaskEither<StoreError, Backup>
}

/**
 * Opens the store in a file, or makes it there. Several processes may open it at once, to read and to write. A file
 * that is no store, may not be written, or is of a newer version answers `NotUsable`, and nothing is changed.
 */
export const openSqliteStore =
  ({
    file,
    runtime = systemRuntime,
    patience = 10_000,
  }: SqliteStoreOptions): TaskEither<StoreError, SqliteStore> =>
  async () => {
    const subscriptions = new Set<PulledSubscription>()
    const wakeAll = (): void => {
      for (const subscription of subscriptions) subscription.wake()
    }
    const session = await openSession({ file, runtime, patience, committed: wakeAll })
    if (session._tag === 'Left') return session
    const epoch = await epochOf(session.right, runtime)
    if (epoch._tag === 'Left') {
      await session.right.close()
      return epoch
    }
    session.right.belongsTo(epoch.right)
    const changes = openChanges({
      runtime,
      version: () => (session.right.replaced() === undefined ? session.right.version() : undefined),
      wanted: () => subscriptions.size > 0,
      changed: wakeAll,
    })
    const backups = new Set<Promise<unknown>>()
    return right(
      storeOn({
        file,
        runtime,
        session: session.right,
        epoch: epoch.right,
        subscriptions,
        backups,
        changes,
      }),
    )
  }

interface Opened {
  readonly file: string
  readonly runtime: Runtime
  readonly session: Session
  readonly epoch: Epoch
  readonly subscriptions: Set<PulledSubscription>
  /** Under way. */
  readonly backups: Set<Promise<unknown>>
  readonly changes: Changes
}

const epochOf = (session: Session, runtime: Runtime): Promise<Either<StoreError, Epoch>> =>
  openEpoch(
    {
      last: () => session.read((reading) => reading.last(EPOCH_STREAM)),
      append: (expected, events) => () =>
        append(session, EPOCH_STREAM, expected, events, (appended) => appended),
    },
    runtime,
  )()

/** One promise an append: with many at once, each more would be felt. */
const append = <A>(
  { commits, writing }: Session,
  stream: string,
  expected: number,
  events: readonly EventToAppend[],
  answer: (appended: Appended) => A,
): Promise<Either<AppendError, A>> => {
  const written = writeOut(stream, events)
  if (written._tag === 'Left') return Promise.resolve(written)
  return commits.submit(events.length, (now) => answer(writing.append(stream, expected, written.right, now)))
}

const saveCheckpoint = async (
  { commits, writing }: Session,
  name: string,
  data: Readonly<Record<string, unknown>>,
  expected: number,
): Promise<Either<AppendError, CheckpointSaved>> => {
  const text = writeCheckpoint(name, data)
  return text._tag === 'Left'
    ? text
    : commits.submit(1, () => writing.saveCheckpoint(name, text.right, expected))
}

const storeOn = (opened: Opened): SqliteStore => {
  const { file, session, epoch, subscriptions, changes } = opened
  const at = (place: number): Position => ({ epoch, commit: place, prepare: place })
  const answerTo = (appended: Appended): AppendResult =>
    appended.type === 'Conflict'
      ? appended
      : { type: 'Written', revision: appended.revision, position: at(appended.place) }

  return {
    file,
    epoch,
    append: (stream, expected, events) => () => append(session, stream, expected, events, answerTo),
    readStream: (stream, from, most) => () =>
      session.read((reading) => reading.stream(epoch, stream, from, most)),
    readBackward: (stream, most) => () => session.read((reading) => reading.backward(epoch, stream, most)),
    readAll: (query) => () => readAll(opened, query),
    subscribe: (query) => () => subscribe(opened, query),
    head: (filter, handled) => async () => {
      const from = placeIn(epoch, handled)
      if (from._tag === 'Left') return from
      const replaced = session.replaced()
      if (replaced !== undefined) return left(replaced)
      const head = await session.read((reading) => reading.head(filter))
      return map((place: number | undefined) =>
        place === undefined || place <= from.right ? handled : at(place),
      )(head)
    },
    loadCheckpoint: (name) => () => session.read((reading) => reading.checkpoint(name)),
    saveCheckpoint: (name, data, expected) => () => saveCheckpoint(session, name, data, expected),
    backup: (to) => () => backUpFrom(opened, to),
    close: async () => {
      await Promise.all(opened.backups)
      for (const subscription of [...subscriptions]) await subscription.cancel()
      await changes.close()
      await session.close()
    },
  }
}

const readAll = async (
  { session, epoch }: Opened,
  { after, filter, most }: ReadAll,
): Promise<Either<StoreError, AllSlice>> => {
  const from = placeIn(epoch, after)
  if (from._tag === 'Left') return from
  const slice = await session.read((reading) => reading.all(epoch, from.right, filter, most))
  // A file without a name stands still: silence would look like nothing new.
  const gone = slice._tag === 'Right' && slice.right.events.length === 0 ? session.replaced() : undefined
  return gone === undefined ? slice : left(gone)
}

const subscribe = async (opened: Opened, query: ReadAll): Promise<Either<StoreError, PulledSubscription>> => {
  const from = placeIn(opened.epoch, query.after)
  if (from._tag === 'Left') return from
  const closed = opened.session.closed()
  if (closed !== undefined) return left(closed)
  const { subscriptions, changes } = opened
  const subscription = pullSubscription({
    after: query.after,
    read: (after) => readAll(opened, { ...query, after }),
    ended: () => subscriptions.delete(subscription),
  })
  subscriptions.add(subscription)
  changes.watch()
  return right(subscription)
}

const backUpFrom = async (opened: Opened, to: string): Promise<Either<StoreError, Backup>> => {
  const { file, runtime, epoch, session, backups } = opened
  const ended = async (): Promise<StoreError | undefined> => {
    const answered = await session.read(() => undefined)
    return answered._tag === 'Left' ? answered.left : session.replaced()
  }
  const refused = session.closed() ?? (await ended())
  if (refused !== undefined) return left(refused)
  const underWay = backUp({ file, epoch, runtime, ended }, to)
  backups.add(underWay)
  try {
    return await underWay
  } finally {
    backups.delete(underWay)
  }
}
