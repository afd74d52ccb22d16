/** A stream of the small world: its events as a store would give them back, and their fold. */
import { type Decoded, type EventCodecs, newestVersion } from '../../domain/event/decoding'
import { type Cause, envelop } from '../../domain/event/envelope'
import { type Aggregate, foldNext, type Folded, nothingFolded } from '../../domain/event/fold'
import { type Epoch, isEpoch, type Position } from '../../domain/event/position'
import type { EventToAppend, RecordedEvent } from '../../domain/event/recorded'
import { NO_SKIPS } from '../../domain/event/skip'
import { millisecondsOf } from '../../domain/language/window'

/** How one kind of stream is written and folded. */
export interface WorldAggregate<S, E> extends Aggregate<S, E> {
  readonly codecs: EventCodecs
  readonly subjectOf: (event: E) => string
}

const epochNamed = (name: string): Epoch => {
  if (!isEpoch(name)) throw new Error(`${name} is no epoch`)
  return name
}
const EPOCH = epochNamed('world')

/** The order of all events of a world. */
export class WorldLog {
  readonly all: RecordedEvent[] = []

  next(): Position {
    return { epoch: EPOCH, commit: this.all.length, prepare: this.all.length }
  }
}

/** What a store gives back is what JSON made of what was written. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

export class WorldStream<S, E extends { readonly type: string; readonly data: object }> {
  readonly folded: Folded<S> = nothingFolded()
  readonly events: RecordedEvent[] = []

  constructor(
    readonly name: string,
    private readonly aggregate: WorldAggregate<S, E>,
    private readonly log: WorldLog,
  ) {}

  get state(): S | undefined {
    return this.folded.state
  }

  /** Writes what was decided. Throws where it does not apply: a decision must never emit such an event. */
  write(said: readonly E[], cause: Cause): readonly RecordedEvent[] {
    return said.map((event) => {
      const { codecs, subjectOf } = this.aggregate
      const version = newestVersion(codecs, event.type)
      const data = { ...event.data }
      const recorded = this.record(
        envelop(cause, this.name, subjectOf(event), version, { type: event.type, data }),
        millisecondsOf(cause.occurredAt),
      )
      const { suspended } = this.folded
      if (suspended !== undefined)
        throw new Error(
          `${event.type} was decided, but cannot follow in ${this.name}: ${suspended.kind}, ${suspended.reason}`,
        )
      return recorded
    })
  }

  /** Records an event whatever it says; where it cannot be read, the stream is suspended. */
  record(event: EventToAppend, storedAt: number): RecordedEvent {
    const recorded: RecordedEvent = {
      stream: this.name,
      revision: this.events.length,
      position: this.log.next(),
      storedAt,
      id: event.id,
      type: event.type,
      data: throughJson(event.data),
      metadata: throughJson(event.metadata),
    }
    this.events.push(recorded)
    this.log.all.push(recorded)
    foldNext(this.aggregate, this.folded, recorded, NO_SKIPS)
    return recorded
  }

  /** The fold of the whole stream from its beginning, and every event decoded. */
  refold(): { readonly folded: Folded<S>; readonly decoded: readonly (Decoded<E> | undefined)[] } {
    const folded = nothingFolded<S>()
    return {
      decoded: this.events.map((event) => foldNext(this.aggregate, folded, event, NO_SKIPS)),
      folded,
    }
  }
}
