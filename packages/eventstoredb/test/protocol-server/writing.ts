/** What the protocol server makes of an append or a deletion: the rules of a real one, as measured. */
import { randomUUID } from 'node:crypto'
import { type Log, type Proposed, SOFT_DELETED, TOMBSTONE } from './log'

export type Expected = 'any' | 'no stream' | 'stream exists' | number

export interface Append {
  readonly stream: string
  readonly expected: Expected
  readonly events: readonly Proposed[]
  /** After this instant it must not be written any more; milliseconds since 1970. */
  readonly deadline: number
}

export type Outcome =
  | { readonly type: 'written'; readonly revision: number; readonly position: number }
  | { readonly type: 'wrong version'; readonly actual: number }
  | { readonly type: 'deleted' | 'too large' | 'timeout' | 'unknown' }

export const MAXIMUM_APPEND = 1_048_576

const sizeOf = (events: readonly Proposed[]): number =>
  events.reduce((sum, { type, data, metadata }) => sum + type.length + data.length + metadata.length, 0)

/** Whether all of the ids stand after `expected`, in their order; more than stood there is none of it. */
const isRepeat = (log: Log, { stream, events }: Append, expected: number): boolean =>
  events.every(({ id }, index) => log.idAt(stream, expected + 1 + index) === id)

/** Judges an append and writes it; within a transaction. */
export const append = (log: Log, request: Append): Outcome => {
  const { stream, expected, events } = request
  if (stream === '') return { type: 'unknown' }
  if (Date.now() > request.deadline) return { type: 'timeout' }
  if (sizeOf(events) > MAXIMUM_APPEND) return { type: 'too large' }
  const { last, truncateBefore, tombstoned } = log.stateOf(stream)
  if (tombstoned) return { type: 'deleted' }
  if (events.length === 0) return { type: 'written', revision: last, position: log.positionAt(stream, last) }
  const softlyDeleted = last >= 0 && truncateBefore > last
  if (matches(expected, last, softlyDeleted)) {
    const position = log.write(stream, events)
    if (softlyDeleted) setMetadata(log, stream, { $tb: last + 1 })
    return { type: 'written', revision: last + events.length, position }
  }
  const from = expected === 'no stream' ? -1 : expected
  if (typeof from === 'number' && from < last && isRepeat(log, request, from)) {
    const revision = from + events.length
    return { type: 'written', revision, position: log.positionAt(stream, revision) }
  }
  return { type: 'wrong version', actual: last }
}

const matches = (expected: Expected, last: number, softlyDeleted: boolean): boolean => {
  switch (expected) {
    case 'any':
      return true
    case 'stream exists':
      return last >= 0 && !softlyDeleted
    case 'no stream':
      return last < 0 || softlyDeleted
    default:
      return expected === last
  }
}

const setMetadata = (log: Log, stream: string, metadata: Record<string, unknown>): number =>
  log.write(`$$${stream}`, [systemEvent('$metadata', metadata)])

const systemEvent = (type: string, data: Record<string, unknown>): Proposed => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data)),
  metadata: Buffer.from(''),
})

/** Hides the events of a stream, or ends it for ever. */
export const remove = (log: Log, stream: string, expected: Expected, how: 'soft' | 'hard'): Outcome => {
  const { last, tombstoned } = log.stateOf(stream)
  if (tombstoned) return { type: 'deleted' }
  if (!matches(expected, last, false)) return { type: 'wrong version', actual: last }
  const position =
    how === 'soft'
      ? setMetadata(log, stream, { $tb: SOFT_DELETED })
      : log.write(stream, [systemEvent(TOMBSTONE, {})])
  return { type: 'written', revision: last, position }
}
