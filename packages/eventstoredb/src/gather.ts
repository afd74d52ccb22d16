/** Takes a bounded read in whole, over its events, which cost less than iterating; and gives up where it stalls. */
import type { AllStreamResolvedEvent, ResolvedEvent, StreamingRead } from '@eventstore/db-client'
import type { Runtime, StoreError } from '@access-pools/core'
import { type Either, left, right } from 'fp-ts/Either'
import { CLOSED, failureOf, typeOfError, unavailable } from './failure'

type Read = StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent>
export type ReadEvent = NonNullable<ResolvedEvent['event'] | AllStreamResolvedEvent['event']>

export interface Waiting {
  readonly runtime: Runtime
  /** Milliseconds without an event after which the server does not answer; the client sets none. */
  readonly patience: number
  readonly closing: AbortSignal
}

/** Aborting without a reason of one's own makes an error with a stack each time, which costs more than the wait. */
export const OVER = 'over'

/** A missing stream, or one that was deleted and may begin again, is empty. */
export const gather = (
  start: () => Read,
  { runtime, patience, closing }: Waiting,
): Promise<Either<StoreError, ReadEvent[]>> => {
  if (closing.aborted) return Promise.resolve(left(CLOSED))
  const read = start()
  const events: ReadEvent[] = []
  return new Promise((resolve) => {
    const over = new AbortController()
    const settle = (answer: Either<StoreError, ReadEvent[]>): void => {
      if (over.signal.aborted) return
      over.abort(OVER)
      closing.removeEventListener('abort', closed)
      resolve(answer)
    }
    const giveUp = (error: StoreError): void => {
      // Not cancelled, it would stay open for as long as the server does not end it.
      read.cancel().catch(() => undefined)
      settle(left(error))
    }
    const closed = (): void => giveUp(CLOSED)
    closing.addEventListener('abort', closed)
    read.on('data', ({ event }: ResolvedEvent | AllStreamResolvedEvent) => {
      if (event !== undefined) events.push(event)
    })
    read.on('end', () => settle(right(events)))
    read.on('error', (error) =>
      settle(typeOfError(error) === 'stream-not-found' ? right([]) : left(failureOf(error))),
    )
    void watch()

    async function watch(): Promise<void> {
      while (!over.signal.aborted) {
        const before = events.length
        await runtime.sleep(patience, over.signal)
        if (over.signal.aborted) return
        if (events.length === before) giveUp(unavailable(`no answer within ${patience} ms`))
      }
    }
  })
}
