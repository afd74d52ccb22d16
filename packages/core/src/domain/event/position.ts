/**
 * A place in the order of all events of one store. Opaque to all but the stores: ordered, with a string form,
 * and of one epoch: a store that was restored from a backup begins a new one.
 */
import { type Either, left, right } from 'fp-ts/Either'
import { quoted } from '../language/struct'

/** The id of a store's present life; a place of another epoch says nothing about this one. */
export type Epoch = string & { readonly isEpoch: true }

export interface Position {
  readonly epoch: Epoch
  /** Where the transaction of the event was committed. */
  readonly commit: number
  /** Where it was prepared: the same on events, another on checkpoints of filtered reads; both are given back. */
  readonly prepare: number
}

/** Negative, zero or positive as `a` is before, at or after `b`; of one epoch only. */
export const comparePositions = (a: Position, b: Position): number =>
  a.commit - b.commit || a.prepare - b.prepare

/** The later of two places of one epoch. */
export const laterOf = (a: Position | undefined, b: Position | undefined): Position | undefined => {
  if (a === undefined || b === undefined) return a ?? b
  return comparePositions(a, b) >= 0 ? a : b
}

export const isEpoch = (text: string): text is Epoch => /^[A-Za-z0-9]{1,64}$/.test(text)

/** `{epoch}:{commit}`, with `-{prepare}` where it differs. */
export const writePosition = ({ epoch, commit, prepare }: Position): string =>
  `${epoch}:${commit}${prepare === commit ? '' : `-${prepare}`}`

/** Reads what `writePosition` writes. */
export const parsePosition = (text: string): Either<string, Position> => {
  const [, epoch, commit, prepare] = /^([A-Za-z0-9]{1,64}):(\d{1,16})(?:-(\d{1,16}))?$/.exec(text) ?? []
  if (epoch === undefined || commit === undefined || !isEpoch(epoch))
    return left(`${quoted(text)} is no position`)
  const position = { epoch, commit: Number(commit), prepare: Number(prepare ?? commit) }
  return Number.isSafeInteger(position.commit) && Number.isSafeInteger(position.prepare)
    ? right(position)
    : left(`${quoted(text)} is no position`)
}
