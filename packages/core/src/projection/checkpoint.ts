/**
 * How far a projection has come. It is kept beside the state it belongs to, never apart: one that was stored before
 * or after its state would lose or repeat what lies between.
 */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import * as t from 'io-ts'
import { type Epoch, parsePosition, type Position, writePosition } from '../domain/event/position'
import { decodeWith, struct, wholeNumber } from '../domain/language/struct'

/** Of the code that folds events into read models: a stored state of another version is folded anew. */
export const PROJECTION_VERSION = 1

/** How far a state has come. */
export interface Checkpoint {
  /** All events of ours up to here are in the state; nothing: none. */
  readonly position: Position | undefined
  /** The latest time at which the store took one of them, milliseconds since 1970. Stores' clocks may step back. */
  readonly storedAt: number
}

export const BEGINNING: Checkpoint = { position: undefined, storedAt: 0 }

/** A checkpoint as JSON. */
export const StoredCheckpoint = struct(
  'StoredCheckpoint',
  { projection: wholeNumber('Version', 1), storedAt: wholeNumber('Milliseconds', 0) },
  { position: t.string },
)
export type StoredCheckpoint = t.TypeOf<typeof StoredCheckpoint>

export const writeCheckpoint = ({ position, storedAt }: Checkpoint): StoredCheckpoint => ({
  projection: PROJECTION_VERSION,
  storedAt,
  ...(position === undefined ? {} : { position: writePosition(position) }),
})

/** Reads a checkpoint; says why the state beside it cannot be used: another epoch, another version, damaged. */
export const readCheckpoint = (stored: unknown, epoch: Epoch): Either<string, Checkpoint> => {
  const decoded = decodeWith(StoredCheckpoint, stored)
  if (isLeft(decoded)) return left(decoded.left.join('; '))
  const { projection, position, storedAt } = decoded.right
  if (projection !== PROJECTION_VERSION)
    return left(`it was folded by version ${projection}, this is version ${PROJECTION_VERSION}`)
  if (position === undefined) return right({ position, storedAt })
  const parsed = parsePosition(position)
  if (isLeft(parsed)) return parsed
  return parsed.right.epoch === epoch
    ? right({ position: parsed.right, storedAt })
    : left(`it is of epoch ${parsed.right.epoch}, the store is in epoch ${epoch}`)
}
