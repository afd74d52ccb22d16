/** Bounded reads: a stream in both directions, and all events past those of others. */
import { BACKWARDS, END, FORWARDS, START } from '@eventstore/db-client'
import {
  type AllSlice,
  comparePositions,
  type Epoch,
  placeIn,
  type Position,
  type ReadAll,
  type RecordedEvent,
  type StoreError,
  type StreamSlice,
  takes,
} from '@access-pools/core'
import { type Either, left, map, right } from 'fp-ts/Either'
import type { Client } from './connection'
import { gather, type ReadEvent, type Waiting } from './gather'
import { recordedOf } from './recorded'

/** Whatever decides is read at the leader: a follower may be behind what was answered before. */
const requiresLeader = true

export const clientPosition = ({ commit, prepare }: Position): { commit: bigint; prepare: bigint } => ({
  commit: BigInt(commit),
  prepare: BigInt(prepare),
})

/** One event more is asked for than is wanted, to know whether the end was reached. */
const slice = (epoch: Epoch, read: readonly ReadEvent[], most: number): StreamSlice => ({
  events: read.slice(0, most).map((event) => recordedOf(epoch, event)),
  end: read.length <= most,
})

export interface Reading {
  readonly client: Client
  readonly epoch: Epoch
  readonly waiting: Waiting
}

export const readStream = async (
  { client, epoch, waiting }: Reading,
  stream: string,
  from: number,
  most: number,
): Promise<Either<StoreError, StreamSlice>> => {
  const fromRevision = BigInt(Math.max(from, 0))
  const options = { fromRevision, maxCount: most + 1, direction: FORWARDS, requiresLeader } as const
  const read = await gather(() => client.readStream(stream, options, BUFFERED), waiting)
  return map((events: ReadEvent[]) => slice(epoch, events, most))(read)
}

export const readBackward = async (
  { client, epoch, waiting }: Reading,
  stream: string,
  most: number,
): Promise<Either<StoreError, StreamSlice>> => {
  const options = { fromRevision: END, maxCount: most + 1, direction: BACKWARDS, requiresLeader } as const
  const read = await gather(() => client.readStream(stream, options, BUFFERED), waiting)
  return map((events: ReadEvent[]) => slice(epoch, events, most))(read)
}

/** Fewer turns of the client's pipeline than its own 16. */
const BUFFERED = { highWaterMark: 256 }

const PAGE = 1_000

/**
 * Reads on until enough of ours were found or the end is reached. The client filters no read on the server, so that
 * the events of others travel too; subscriptions are filtered there.
 */
export const readAll = async (
  reading: Reading,
  { after, filter, most }: ReadAll,
): Promise<Either<StoreError, AllSlice>> => {
  const foreign = placeIn(reading.epoch, after)
  if (foreign._tag === 'Left') return foreign
  const events: RecordedEvent[] = []
  let position = after
  let page = Math.min(most, PAGE)
  for (;;) {
    const read = await pageAfter(reading, position, page)
    if (read._tag === 'Left') return read
    for (const event of read.right.events) {
      if (events.length === most) return right({ events, position, end: false })
      position = event.position
      if (takes(filter, event.stream)) events.push(event)
    }
    if (read.right.end || events.length === most) return right({ events, position, end: read.right.end })
    page = PAGE
  }
}

/** Events after a place. A read begins at its place, a subscription after it. */
const pageAfter = async (
  { client, epoch, waiting }: Reading,
  after: Position | undefined,
  most: number,
): Promise<Either<StoreError, StreamSlice>> => {
  const maxCount = most + 2
  const fromPosition = after === undefined ? START : clientPosition(after)
  const read = await gather(
    () => client.readAll({ fromPosition, maxCount, direction: FORWARDS }, BUFFERED),
    waiting,
  )
  if (read._tag === 'Left') return read
  const all = read.right.map((event) => recordedOf(epoch, event))
  const events = all.filter(({ position }) => after === undefined || comparePositions(position, after) > 0)
  return right({ events: events.slice(0, most), end: all.length < maxCount && events.length <= most })
}

/** Events before a place, or from the end, the last one first, asked of the leader. */
export const pageBefore = async (
  { client, epoch, waiting }: Reading,
  before: Position | undefined,
  most: number,
): Promise<Either<StoreError, StreamSlice>> => {
  const maxCount = most + 1
  const fromPosition = before === undefined ? END : clientPosition(before)
  const read = await gather(
    () => client.readAll({ fromPosition, maxCount, direction: BACKWARDS, requiresLeader }, BUFFERED),
    waiting,
  )
  if (read._tag === 'Left') return left(read.left)
  const all = read.right.map((event) => recordedOf(epoch, event))
  // Whether a read backwards begins at its place or before it is not relied upon.
  const events = all.filter(({ position }) => before === undefined || comparePositions(position, before) < 0)
  return right({ events, end: all.length < maxCount })
}
