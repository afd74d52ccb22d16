/** What a store gives the contract to work on, and the few words in which its cases are written. */
import { deepStrictEqual, fail } from 'node:assert/strict'
import type { Either } from 'fp-ts/Either'
import type { Position } from '../../domain/event/position'
import type { EventToAppend, RecordedEvent } from '../../domain/event/recorded'
import { randomId, systemRuntime } from '../../domain/runtime'
import type { StreamFilter } from '../../domain/event/streams'
import { uuidV5 } from '../../domain/event/envelope'
import type { WrittenEvent } from '../../store/append-limits'
import type { AppendError, AppendResult, EventStore, Subscription } from '../../store/event-store'

/** A store to be tried. Others may use it at the same time: the cases keep to streams of their own. */
export interface Subject {
  readonly store: EventStore
  /** Opens the same events again, as another process would. */
  readonly reopen: () => Promise<EventStore>
  /** Appends bodies as they stand, to the end of a stream. */
  readonly appendRaw: (stream: string, events: readonly WrittenEvent[]) => Promise<void>
  /** Closes what was opened, `store` and all that `reopen` gave. */
  readonly close: () => Promise<void>
}

/** One promise of the port. */
export interface ContractCase {
  readonly name: string
  readonly run: () => Promise<void>
}

/** A chapter of the contract: each promise a sentence, and what shows it. */
export type Chapter = Readonly<Record<string, (subject: Subject) => Promise<void>>>

/** How long a case waits for what must come. */
const PATIENCE = 10_000

/** What the promise brings, or a failure where it brings nothing in time. */
export const within = async <A>(promise: Promise<A>, milliseconds = PATIENCE): Promise<A> => {
  const over = new AbortController()
  const late = systemRuntime.sleep(milliseconds, over.signal).then(() => {
    if (!over.signal.aborted) fail(`nothing came within ${milliseconds} ms`)
    return promise
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    over.abort()
  }
}

/** What a call brought; an error fails the case. */
export const got = async <A>(call: () => Promise<Either<AppendError, A>>): Promise<A> => {
  const answer = await within(call())
  return answer._tag === 'Right' ? answer.right : fail(`the store answered ${JSON.stringify(answer.left)}`)
}

/** The error that a call answered; anything else fails the case. */
export const errorOf = async (call: () => Promise<Either<AppendError, unknown>>): Promise<AppendError> => {
  const answer = await within(call())
  return answer._tag === 'Left' ? answer.left : fail(`the store answered ${JSON.stringify(answer.right)}`)
}

/** A word that no other run has used. */
export const fresh = (): string => `c${randomId(systemRuntime)}`

/** A filter that takes the streams of these categories, and no other. */
export const only = (...categories: readonly string[]): StreamFilter => ({ categories, names: [] })

/** An event with an id of its own. */
export const event = (data: Readonly<Record<string, unknown>> = {}, type = 'ItHappened'): EventToAppend => ({
  id: uuidV5(randomId(systemRuntime)),
  type,
  data,
  metadata: { schemaVersion: 1 },
})

/** So many events, numbered from `first`. */
export const events = (count: number, first = 0): readonly EventToAppend[] =>
  Array.from({ length: count }, (_, index) => event({ number: first + index }))

export const written = async (
  store: EventStore,
  stream: string,
  expected: number,
  appended: readonly EventToAppend[],
): Promise<Extract<AppendResult, { type: 'Written' }>> => {
  const result = await got(store.append(stream, expected, appended))
  return result.type === 'Written' ? result : fail(`a conflict with ${result.actual}`)
}

export const conflict = async (
  store: EventStore,
  stream: string,
  expected: number,
  appended: readonly EventToAppend[],
  actual: number,
): Promise<void> =>
  deepStrictEqual(await got(store.append(stream, expected, appended)), { type: 'Conflict', actual })

/** Where an event came to stand that no case reads: so that a case begins after all that others wrote. */
export const markHere = async (store: EventStore): Promise<Position> =>
  (await written(store, `${fresh()}-mark`, -1, events(1))).position

/** All events after a place that the filter takes, page by page. */
export const readOn = async (
  store: EventStore,
  filter: StreamFilter,
  after?: Position,
  most = 100,
): Promise<RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  let from = after
  for (;;) {
    const slice = await got(store.readAll({ after: from, filter, most }))
    all.push(...slice.events)
    if (slice.end) return all
    from = slice.position
  }
}

/** What a subscription delivers until `count` events have come. */
export const take = async (subscription: Subscription, count: number): Promise<RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  while (all.length < count) all.push(...(await got(subscription.next)).events)
  return all
}

/** The ids of events, in their order. */
export const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id)
