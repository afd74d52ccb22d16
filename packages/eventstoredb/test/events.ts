/** The few words in which the tests of this package are written. */
import { randomUUID } from 'node:crypto'
import type {
  AppendError,
  Delivery,
  EventStore,
  EventToAppend,
  RecordedEvent,
  StreamFilter,
  Subscription,
} from '@access-pools/core'
import type { Either } from 'fp-ts/Either'

export const event = (data: Record<string, unknown> = {}): EventToAppend => ({
  id: randomUUID(),
  type: 'ItHappened',
  data,
  metadata: { schemaVersion: 1 },
})

export const events = (count: number, first = 0): EventToAppend[] =>
  Array.from({ length: count }, (_, index) => event({ number: first + index }))

export const only = (...categories: string[]): StreamFilter => ({ categories, names: [] })

/** A word that no other test has used. */
export const fresh = (): string => `t${randomUUID().replaceAll('-', '')}`

export const got = async <A>(call: () => Promise<Either<AppendError, A>>): Promise<A> => {
  const answer = await call()
  if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
  return answer.right
}

export const errorOf = async (call: () => Promise<Either<AppendError, unknown>>): Promise<AppendError> => {
  const answer = await call()
  if (answer._tag === 'Right') throw new Error(`it answered ${JSON.stringify(answer.right)}`)
  return answer.left
}

export const written = async (store: EventStore, stream: string, expected: number, list: EventToAppend[]) => {
  const result = await got(store.append(stream, expected, list))
  if (result.type === 'Conflict') throw new Error(`a conflict with ${result.actual}`)
  return result
}

/** Deliveries until so many events have come. */
export const take = async (subscription: Subscription, count: number): Promise<RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  while (all.length < count) all.push(...(await got<Delivery>(subscription.next)).events)
  return all
}

/** What a subscription brings until it fails. */
export const untilError = async (
  subscription: Subscription,
): Promise<{ readonly events: RecordedEvent[]; readonly error: AppendError }> => {
  const seen: RecordedEvent[] = []
  for (;;) {
    const next = await subscription.next()
    if (next._tag === 'Left') return { events: seen, error: next.left }
    seen.push(...next.right.events)
  }
}
