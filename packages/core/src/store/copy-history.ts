/**
 * Copies the whole history of one store to another: the same events, under the same ids, at the same revisions and in
 * the same order. The other store keeps its own epoch and its own times. A copy that was interrupted goes on where it
 * stopped when it is repeated.
 */
import { isLeft, left, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Position } from '../domain/event/position'
import type { EventToAppend, RecordedEvent } from '../domain/event/recorded'
import { EPOCH_STREAM, OUR_STREAMS } from '../domain/event/streams'
import { MOST_BYTES, MOST_EVENTS } from './append-limits'
import type { AppendError, EventStore } from './event-store'

/** Why a copy stopped. */
export type CopyError =
  | { readonly type: 'Source' | 'Target'; readonly error: AppendError }
  /** The target holds something else at this place: it is not a copy of this source, or both went on since. */
  | { readonly type: 'Differs'; readonly stream: string; readonly revision: number; readonly actual: number }

export interface Copied {
  readonly events: number
  readonly streams: number
}

const PAGE = 1000
const UNKNOWN_REPEATS = 5

const isObject = (body: unknown): body is Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null && !Array.isArray(body)

/**
 * The event as it stands. Where a body is no JSON object it cannot be decoded; the copy keeps what it was, under a
 * metadata that cannot be decoded either, so that no damaged event comes to mean something by being copied.
 */
const copyOf = ({ id, type, data, metadata }: RecordedEvent): EventToAppend =>
  isObject(data) && isObject(metadata)
    ? { id, type, data, metadata }
    : { id, type, data: isObject(data) ? data : { undecodable: data }, metadata: { undecodable: metadata } }

const sizeOf = (event: EventToAppend): number =>
  Buffer.byteLength(JSON.stringify(event.data)) +
  Buffer.byteLength(JSON.stringify(event.metadata)) +
  event.type.length

/** Events that follow each other in one stream, as many as one append may hold. */
interface Run {
  readonly stream: string
  /** What the target's stream must stand at. */
  readonly expected: number
  readonly events: EventToAppend[]
  bytes: number
}

/** Cuts a page into runs, without changing its order. */
const runsOf = (page: readonly RecordedEvent[]): readonly Run[] => {
  const runs: Run[] = []
  for (const recorded of page) {
    const { stream, revision } = recorded
    if (stream === EPOCH_STREAM) continue
    const event = copyOf(recorded)
    const bytes = sizeOf(event)
    const last = runs.at(-1)
    if (last?.stream === stream && last.events.length < MOST_EVENTS && last.bytes + bytes <= MOST_BYTES) {
      last.events.push(event)
      last.bytes += bytes
    } else runs.push({ stream, expected: revision - 1, events: [event], bytes })
  }
  return runs
}

const write =
  (to: EventStore, run: Run): TaskEither<CopyError, void> =>
  async () => {
    const { stream, expected, events } = run
    for (let repeat = 0; ; repeat += 1) {
      const appended = await to.append(stream, expected, events)()
      if (isLeft(appended)) {
        if (appended.left.type === 'UnknownOutcome' && repeat < UNKNOWN_REPEATS) continue
        return left({ type: 'Target', error: appended.left })
      }
      if (appended.right.type === 'Written') return right(undefined)
      const { actual } = appended.right
      const there = actual - expected
      if (there <= 0 || there >= events.length)
        return left({ type: 'Differs', stream, revision: expected + 1, actual })
      // A part of the run was copied before the source went on: it is looked at as it was appended, then the rest follows.
      const before = await write(to, { ...run, events: events.slice(0, there) })()
      return isLeft(before) ? before : write(to, { ...run, expected: actual, events: events.slice(there) })()
    }
  }

/** Copies everything of ours; `told` hears after each page how many events were copied so far. */
export const copyHistory =
  (
    from: EventStore,
    to: EventStore,
    told: (copied: Copied) => void = () => undefined,
  ): TaskEither<CopyError, Copied> =>
  async () => {
    const streams = new Set<string>()
    let events = 0
    let after: Position | undefined
    for (;;) {
      const page = await from.readAll({ after, filter: OUR_STREAMS, most: PAGE })()
      if (isLeft(page)) return left({ type: 'Source', error: page.left })
      for (const run of runsOf(page.right.events)) {
        const written = await write(to, run)()
        if (isLeft(written)) return written
        streams.add(run.stream)
        events += run.events.length
      }
      told({ events, streams: streams.size })
      after = page.right.position
      if (page.right.end) return right({ events, streams: streams.size })
    }
  }
