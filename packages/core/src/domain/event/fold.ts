/**
 * Folding one stream: decode, apply, stop at what cannot be read. The one fold that commands, projections and
 * the audit share.
 */
import type { Decoded, DecodeResult } from './decoding'
import type { Position } from './position'
import type { RecordedEvent } from './recorded'
import type { Skips } from './skip'

/** An event that cannot have come about: applying it would break what the aggregate promises. */
export class BrokenInvariant {
  constructor(readonly reason: string) {}
}

/** How one kind of stream is read. */
export interface Aggregate<S, E> {
  readonly decode: (recorded: RecordedEvent) => DecodeResult<E>
  /**
   * Applies an event to a state (none before the first) and answers the state after, which may be the same object,
   * changed; a broken invariant changes nothing.
   */
  readonly evolve: (state: S | undefined, decoded: Decoded<E>) => S | BrokenInvariant
}

/** Where a stream stopped: the event that cannot be decoded or applied, and why. */
export interface Suspension {
  readonly revision: number
  readonly kind: 'UnknownType' | 'UnknownVersion' | 'Malformed' | 'BrokenInvariant' | 'OutOfOrder'
  readonly reason: string
}

/** A stream as far as it was folded. */
export interface Folded<S> {
  state: S | undefined
  /** Of the last event that was taken in; -1 before the first. */
  revision: number
  position: Position | undefined
  /** Set where an event could not be read; the events after it wait. */
  suspended: Suspension | undefined
}

export const nothingFolded = <S>(): Folded<S> => ({
  state: undefined,
  revision: -1,
  position: undefined,
  suspended: undefined,
})

const suspend = <S>(
  folded: Folded<S>,
  revision: number,
  kind: Suspension['kind'],
  reason: string,
): undefined => {
  folded.suspended = { revision, kind, reason }
  return undefined
}

/**
 * Takes the next event of a stream into a fold; answers it decoded where it was applied. A skip is consulted only
 * where the event cannot be decoded or applied: one that can be is never skipped.
 */
export const foldNext = <S, E>(
  aggregate: Aggregate<S, E>,
  folded: Folded<S>,
  recorded: RecordedEvent,
  skips: Skips,
): Decoded<E> | undefined => {
  if (folded.suspended !== undefined || recorded.revision <= folded.revision) return undefined
  if (recorded.revision !== folded.revision + 1)
    return suspend(
      folded,
      recorded.revision,
      'OutOfOrder',
      `event ${recorded.revision} comes after event ${folded.revision}`,
    )
  const result = aggregate.decode(recorded)
  let applied: Decoded<E> | undefined
  if (result.type === 'Decoded') {
    const state = aggregate.evolve(folded.state, result.decoded)
    if (!(state instanceof BrokenInvariant)) {
      folded.state = state
      applied = result.decoded
    } else if (skips.at(recorded.stream, recorded.revision) === undefined)
      return suspend(folded, recorded.revision, 'BrokenInvariant', state.reason)
  } else if (result.type !== 'Optional' && skips.at(recorded.stream, recorded.revision) === undefined)
    return suspend(folded, recorded.revision, result.type, result.reason)
  folded.revision = recorded.revision
  folded.position = recorded.position
  return applied
}
