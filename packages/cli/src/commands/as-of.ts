/** The store as it stood at a point: what came later is left out, for whoever reads it. */
import {
  comparePositions,
  type EventStore,
  instantOf,
  OUR_STREAMS,
  type Position,
  type RecordedEvent,
  type Subscription,
  writePosition,
} from '@access-pools/core'
import { isLeft, left, right } from 'fp-ts/Either'
import { failed, storeFailed } from '../failure'
import type { Known } from './question'

const PAGE = 1000

/** Whether an event was known: at or before the place, or taken by then, by the store's own clock. */
const knownAt = (known: Known): ((event: RecordedEvent) => boolean) => {
  if (known.type === 'Position') return ({ position }) => comparePositions(position, known.position) <= 0
  // A clock that was set back hides nothing: what came after a later event was known later.
  let latest = Number.NEGATIVE_INFINITY
  return ({ storedAt }) => {
    latest = Math.max(latest, storedAt)
    return instantOf(latest) <= known.instant
  }
}

const eventsKnown = async (store: EventStore, known: Known): Promise<readonly RecordedEvent[]> => {
  const isKnown = knownAt(known)
  const events: RecordedEvent[] = []
  let after: Position | undefined
  for (;;) {
    const slice = await store.readAll({ after, filter: OUR_STREAMS, most: PAGE })()
    if (isLeft(slice)) throw storeFailed(slice.left)
    for (const event of slice.right.events) {
      if (!isKnown(event)) return events
      events.push(event)
    }
    if (slice.right.end) return events
    after = slice.right.position
  }
}

/** A place of another life of the store, or one that it has not reached, is told. */
const judgePlace = async (store: EventStore, position: Position): Promise<void> => {
  if (position.epoch !== store.epoch)
    throw storeFailed({ type: 'WrongEpoch', expected: store.epoch, actual: position.epoch })
  const head = await store.head(OUR_STREAMS)()
  if (isLeft(head)) throw storeFailed(head.left)
  if (head.right === undefined || comparePositions(head.right, position) < 0)
    throw failed(`The store has not reached ${writePosition(position)}.`)
}

/** The store as far as it was known; to be read only. */
export const storeAsOf = async (store: EventStore, known: Known): Promise<EventStore> => {
  if (known.type === 'Position') await judgePlace(store, known.position)
  const events = await eventsKnown(store, known)
  const head = events.at(-1)?.position
  return {
    ...store,
    head: () => async () => right(head),
    subscribe:
      ({ most }) =>
      async () =>
        right(subscriptionOver(events, most)),
  }
}

/** Hands the events over, then waits for ever: nothing comes. */
const subscriptionOver = (events: readonly RecordedEvent[], most: number): Subscription => {
  let from = 0
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => (end = resolve))
  return {
    next: async () => {
      const part = events.slice(from, from + most)
      from += part.length
      const last = part.at(-1)
      if (last !== undefined) return right({ events: part, position: last.position })
      await ended
      return left({ type: 'Closed' })
    },
    cancel: async () => end(),
  }
}
