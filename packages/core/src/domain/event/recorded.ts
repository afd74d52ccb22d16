/** An event as a store keeps it, and as it gives it back. */
import type { Position } from './position'

/** An event to be written. */
export interface EventToAppend {
  /** A UUID, made of what the event says: the same event said twice has the same id. */
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

/** An event that was read. */
export interface RecordedEvent {
  readonly stream: string
  /** Its number in its stream, from 0. */
  readonly revision: number
  readonly position: Position
  /** When the store took it, by the store's clock, in milliseconds since 1970. */
  readonly storedAt: number
  readonly id: string
  readonly type: string
  /** The body: what its JSON says, or, where it is no JSON, its text as it stands. We never write a bare string. */
  readonly data: unknown
  /** As `data`. */
  readonly metadata: unknown
}
