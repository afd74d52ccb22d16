/**
 * Parking: an event that cannot be decoded or applied suspends its stream; later events of that stream wait in the
 * store, the others go on. A skip is honoured where it is reached in the order of all events: the waiting events of
 * its stream up to there are read and applied then.
 */
import * as t from 'io-ts'
import { type Decoded, decoderOf, type EventOf, since1 } from '../domain/event/decoding'
import { type Aggregate, type Folded, foldNext } from '../domain/event/fold'
import type { Position } from '../domain/event/position'
import type { RecordedEvent } from '../domain/event/recorded'
import { decodeSkip, SkipSet } from '../domain/event/skip'
import { struct } from '../domain/language/struct'
import type { UnreadableSkip } from './failure-policy'

/** A stream that waits, and why. */
export interface Parked {
  readonly stream: string
  /** Of the event that cannot be read. */
  readonly revision: number
  readonly kind: 'UnknownType' | 'UnknownVersion' | 'Malformed' | 'BrokenInvariant' | 'OutOfOrder'
  readonly reason: string
  /** Where that event stands in the order of all. */
  readonly position: Position
}

/** A stream whose waiting events are to be read, and applied as far as they come before a place. */
export interface Release {
  readonly type: 'Release'
  readonly stream: string
  readonly before: Position
}

export class Parking {
  readonly #skips = new SkipSet()
  readonly #parked = new Map<string, Parked>()

  /**
   * Takes a stream's next event into its fold; answers it decoded where it was applied. Where it cannot be, the
   * stream is parked: also where applying it throws, since nobody knows what it left undone.
   */
  take<S, E>(aggregate: Aggregate<S, E>, folded: Folded<S>, recorded: RecordedEvent): Decoded<E> | undefined {
    if (folded.suspended !== undefined) return undefined
    let applied: Decoded<E> | undefined
    try {
      applied = foldNext(aggregate, folded, recorded, this.#skips)
    } catch (thrown) {
      this.#threw(folded, recorded, thrown)
    }
    const suspended = suspensionOf(folded)
    if (suspended !== undefined) {
      const { stream, position } = recorded
      this.#parked.set(stream, { ...suspended, stream, position })
    }
    return applied
  }

  #threw<S>(folded: Folded<S>, { stream, revision, position }: RecordedEvent, thrown: unknown): void {
    if (this.#skips.at(stream, revision) !== undefined) {
      folded.revision = revision
      folded.position = position
      return
    }
    const reason = `applying it failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`
    folded.suspended = { revision, kind: 'BrokenInvariant', reason }
  }

  /** Takes an event of `skips`; answers the stream that it releases, or that nothing may go on. */
  takeSkip(recorded: RecordedEvent): Release | UnreadableSkip | undefined {
    const result = decodeSkip(recorded)
    if (result.type === 'Optional') return undefined
    if (result.type !== 'Decoded')
      return { type: 'UnreadableSkip', revision: recorded.revision, reason: result.reason }
    const { stream, revision } = result.decoded.event.data
    this.#skips.add(result.decoded.event.data, recorded.position)
    const parked = this.#parked.get(stream)
    return parked?.revision === revision ? { type: 'Release', stream, before: recorded.position } : undefined
  }

  /** Opens a stream again, so that its waiting events are taken. */
  release(stream: string, folded: Pick<Folded<unknown>, 'suspended'>): void {
    folded.suspended = undefined
    this.#parked.delete(stream)
  }

  /** What is parked, oldest first. */
  list(): readonly Parked[] {
    return [...this.#parked.values()]
  }
}

/** Read anew: the compiler takes it for what it was before the fold. */
const suspensionOf = <S>(folded: Folded<S>): Folded<S>['suspended'] => folded.suspended

/** The epochs of the store: a stream that is read to know that it can be. */
export const epochEvents = { EpochBegan: since1(struct('EpochBegan', { epoch: t.string })) } as const

export const epochAggregate: Aggregate<{ readonly epoch: string }, EventOf<typeof epochEvents>> = {
  decode: decoderOf(epochEvents),
  evolve: (_state, { event }) => event.data,
}
