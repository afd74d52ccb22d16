/** The epoch of a store: what the last event of its stream `epoch` says; a store without one begins its first. */
import { type Either, left, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { uuidV5 } from '../domain/event/envelope'
import { type Epoch, isEpoch, type Position } from '../domain/event/position'
import type { EventToAppend, RecordedEvent } from '../domain/event/recorded'
import { randomId, type Runtime } from '../domain/runtime'
import { EPOCH_STREAM } from '../domain/event/streams'
import { instantOf } from '../domain/language/window'
import { type AppendError, NO_STREAM, type StoreError } from './event-store'

/** What a store must be able to do before its epoch is known. */
export interface EpochStream {
  /** The last event of the stream, where there is one. */
  readonly last: TaskEither<StoreError, Pick<RecordedEvent, 'revision' | 'data'> | undefined>
  readonly append: (expected: number, events: readonly EventToAppend[]) => TaskEither<AppendError, unknown>
}

/** The event that begins an epoch. */
export const epochBegan = (runtime: Runtime, epoch: string = randomId(runtime)): EventToAppend => {
  const id = uuidV5(epoch)
  return {
    id,
    type: 'EpochBegan',
    data: { epoch },
    metadata: {
      schemaVersion: 1,
      actor: { type: 'System', name: 'store' },
      occurredAt: instantOf(runtime.now()),
      $correlationId: id,
      $causationId: id,
    },
  }
}

const epochIn = (data: unknown): Epoch | undefined => {
  const epoch = typeof data === 'object' && data !== null && 'epoch' in data ? data.epoch : undefined
  return typeof epoch === 'string' && isEpoch(epoch) ? epoch : undefined
}

/** The place in this epoch that a position names (0 for the beginning); another epoch's says nothing here. */
export const placeIn = (epoch: Epoch, position: Position | undefined): Either<StoreError, number> => {
  if (position === undefined) return right(0)
  return position.epoch === epoch
    ? right(position.commit)
    : left({ type: 'WrongEpoch', expected: epoch, actual: position.epoch })
}

/** Reads the epoch, or begins the first one; of several that open a new store at once all get the same. */
export const openEpoch =
  (stream: EpochStream, runtime: Runtime): TaskEither<StoreError, Epoch> =>
  async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const last = await stream.last()
      if (last._tag === 'Left') return last
      if (last.right !== undefined) {
        const epoch = epochIn(last.right.data)
        return epoch === undefined
          ? left({
              type: 'NotUsable',
              kind: 'Damaged',
              reason: `event ${last.right.revision} of stream ${EPOCH_STREAM} names no epoch`,
            })
          : right(epoch)
      }
      const appended = await stream.append(NO_STREAM, [epochBegan(runtime)])()
      if (appended._tag === 'Left' && appended.left.type !== 'UnknownOutcome') return left(appended.left)
    }
    return left({ type: 'Unavailable', reason: 'its epoch could not be established' })
  }
