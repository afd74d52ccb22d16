/** A parked event that an operator decided to pass over: an event itself, in the stream `skips`. */
import type { TypeOf } from 'io-ts'
import * as t from 'io-ts'
import { decoderOf, type EventOf, since1 } from './decoding'
import { Note } from '../language/ids'
import { comparePositions, type Position } from './position'
import { struct, wholeNumber } from '../language/struct'

const EventSkipped = struct('EventSkipped', {
  stream: t.string,
  revision: wholeNumber('Revision', 0),
  reason: Note,
})
export type EventSkipped = TypeOf<typeof EventSkipped>

export const skipEvents = { EventSkipped: since1(EventSkipped) } as const
export type SkipEvent = EventOf<typeof skipEvents>
export const decodeSkip = decoderOf(skipEvents)

/** The skips that were decided, and where in the order of all events. */
export interface Skips {
  readonly at: (stream: string, revision: number) => Position | undefined
}

export const NO_SKIPS: Skips = { at: () => undefined }

/** A growing set of skips. The first decision of an event holds. */
export class SkipSet implements Skips {
  readonly #byEvent = new Map<string, Position>()

  add({ stream, revision }: EventSkipped, position: Position): void {
    const key = `${revision}/${stream}`
    const known = this.#byEvent.get(key)
    if (known === undefined || comparePositions(position, known) < 0) this.#byEvent.set(key, position)
  }

  at(stream: string, revision: number): Position | undefined {
    return this.#byEvent.get(`${revision}/${stream}`)
  }
}
