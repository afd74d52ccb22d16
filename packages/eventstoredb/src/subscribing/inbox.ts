/**
 * What a subscription has sent and nobody has taken yet: a bounded number of events, and the last checkpoint. The
 * client tells checkpoints before it has handed over the events that precede them, so that one counts only where
 * nothing is held back any more.
 */
import type { AllStreamSubscription } from '@eventstore/db-client'
import {
  comparePositions,
  type Delivery,
  laterOf,
  type Position,
  type RecordedEvent,
} from '@access-pools/core'

export interface Inbox {
  readonly put: (event: RecordedEvent) => void
  readonly mark: (checkpoint: Position) => void
  /** What there is; nothing where neither an event nor a place past the last one has come. */
  readonly take: () => Delivery | undefined
}

interface Settings {
  readonly source: Pick<AllStreamSubscription, 'pause' | 'resume' | 'isPaused' | 'readableLength'>
  readonly after: Position | undefined
  /** Events a delivery holds at most. */
  readonly most: number
  readonly arrived: () => void
}

/** Fewer than so many would stop the flow at every delivery. */
const LEAST_HELD = 64

export const openInbox = ({ source, after, most, arrived }: Settings): Inbox => {
  const limit = Math.max(2 * most, LEAST_HELD)
  let events: RecordedEvent[] = []
  let checkpoint: Position | undefined
  let handedOver = after

  /** Past all that was sent, where all that was sent has come through. */
  const reached = (): Position | undefined =>
    events.length === 0 && source.readableLength === 0 ? checkpoint : undefined

  return {
    put: (event) => {
      // What was handed over before a new start is not handed over again.
      if (handedOver !== undefined && comparePositions(event.position, handedOver) <= 0) return
      events.push(event)
      if (events.length >= limit && !source.isPaused()) source.pause()
      arrived()
    },
    mark: (position) => {
      checkpoint = position
      arrived()
    },
    take: () => {
      const taken = events.slice(0, most)
      events = events.slice(most)
      if (events.length < limit / 2 && source.isPaused()) source.resume()
      const position = laterOf(taken.at(-1)?.position ?? handedOver, reached())
      if (position === undefined || (taken.length === 0 && !isLater(position, handedOver))) return undefined
      handedOver = position
      return { events: taken, position }
    },
  }
}

const isLater = (position: Position, than: Position | undefined): boolean =>
  than === undefined || comparePositions(position, than) > 0
