/**
 * Named checkpoints: a stream each, of which the server keeps the last event only. Their names begin with a category
 * that no filter of ours takes.
 */
import {
  type AppendError,
  type Checkpoint,
  type CheckpointSaved,
  nameFault,
  NO_STREAM,
  randomId,
  type Runtime,
  type StoreError,
  writeCheckpoint,
  type WrittenEvent,
} from '@access-pools/core'
import { type Either, left, right } from 'fp-ts/Either'
import type { Outcome } from './answers'
import { readBackward, type Reading } from './reading'

export type AppendTo = (
  stream: string,
  expected: number,
  events: readonly WrittenEvent[],
) => Promise<Either<AppendError, Extract<Outcome, { type: 'Written' | 'Conflict' }>>>

const streamOf = (name: string): string => `accessPoolsCheckpoint-${name}`

const eventOf = (runtime: Runtime, type: string, data: string): WrittenEvent => {
  const id = randomId(runtime)
  const parts = [
    id.slice(0, 8),
    id.slice(8, 12),
    `4${id.slice(13, 16)}`,
    `8${id.slice(17, 20)}`,
    id.slice(20),
  ]
  return { id: parts.join('-'), type, data, metadata: '{}' }
}

export const loadCheckpoint = async (
  reading: Reading,
  name: string,
): Promise<Either<StoreError, Checkpoint | undefined>> => {
  // A name that no checkpoint can have is one that nobody saved.
  if (nameFault(name) !== undefined) return right(undefined)
  const slice = await readBackward(reading, streamOf(name), 1)
  if (slice._tag === 'Left') return slice
  const [last] = slice.right.events
  return right(last && { data: last.data, revision: last.revision })
}

export const saveCheckpoint = async (
  append: AppendTo,
  runtime: Runtime,
  name: string,
  data: Readonly<Record<string, unknown>>,
  expected: number,
): Promise<Either<AppendError, CheckpointSaved>> => {
  const text = writeCheckpoint(name, data)
  if (text._tag === 'Left') return left(text.left)
  const stream = streamOf(name)
  if (expected === NO_STREAM) {
    // Before the first event, so that none is ever without. Another's conflict says that it is set already.
    const limited = await append(`$$${stream}`, NO_STREAM, [eventOf(runtime, '$metadata', '{"$maxCount":1}')])
    if (limited._tag === 'Left') return limited
  }
  const saved = await append(stream, expected, [eventOf(runtime, 'CheckpointSaved', text.right)])
  if (saved._tag === 'Left') return saved
  return right(
    saved.right.type === 'Conflict'
      ? { type: 'Conflict', actual: saved.right.actual }
      : { type: 'Saved', revision: saved.right.revision },
  )
}
