/**
 * A subscription on the server's filter. It notices by itself what the client does not tell: that nothing of ours
 * stands up to the end (its place moves on), and that something does which does not come (it ends with an error).
 */
import { type AllStreamSubscription, START, streamNameFilter } from '@eventstore/db-client'
import {
  type Delivery,
  type Position,
  type ReadAll,
  type StoreError,
  type Subscription,
  takes,
} from '@access-pools/core'
import { type Either, left, right } from 'fp-ts/Either'
import { CLOSED, failureOf, unavailable } from '../failure'
import { regexOf } from '../filter'
import { OVER } from '../gather'
import { openInbox } from './inbox'
import { clientPosition, type Reading } from '../reading'
import { positionIn, recordedOf } from '../recorded'
import { watchEnd } from './silence'

/**
 * Events that the server looks through before it tells how far it is. It bounds what `head` reads again, and is many
 * times the client's usual 32, which would make the server search in small pages.
 */
const SEARCH_WINDOW = 512

/** Milliseconds without a word after which the end is looked at. */
const SILENCE = 1_000

export interface Subscribed extends Subscription {
  readonly source: AllStreamSubscription
}

/** Begins a subscription after a place; `ended` is told once, when it is cancelled. */
export const subscribe = (reading: Reading, query: ReadAll, ended: () => void): Subscribed => {
  const { epoch, waiting } = reading
  const { after, filter, most } = query
  const cancelling = new AbortController()
  let failure: StoreError | undefined
  let wake: () => void = () => undefined
  let turn: Promise<unknown> = Promise.resolve()

  const source = open(reading, query, (position) => inbox.mark(position))
  const inbox = openInbox({ source, after, most, arrived: () => wake() })
  const fail = (error: StoreError): void => {
    failure ??= error
    wake()
  }
  source.on('data', ({ event }) => {
    if (event !== undefined && takes(filter, event.streamId)) inbox.put(recordedOf(epoch, event))
  })
  source.on('error', (error) => fail(failureOf(error)))
  source.on('end', () => fail(unavailable('the server ended the subscription')))

  const watch = watchEnd(reading, query)

  const gather = async (): Promise<Either<StoreError, Delivery>> => {
    while (!cancelling.signal.aborted) {
      const delivery = inbox.take()
      if (delivery !== undefined) {
        watch.heard(delivery.position)
        return right(delivery)
      }
      if (failure !== undefined) {
        const error = failure
        await cancel()
        return left(error)
      }
      if (await somethingCame()) continue
      const seen = await watch.look()
      if (seen.type === 'Dead') fail(unavailable(seen.reason))
      // Through the inbox: an event that came meanwhile goes first.
      else if (seen.type === 'NothingOfOurs') inbox.mark(seen.upTo)
    }
    return left(CLOSED)
  }

  /** False where it stayed silent. */
  const somethingCame = async (): Promise<boolean> => {
    const over = new AbortController()
    let came = false
    wake = () => {
      came = true
      over.abort(OVER)
    }
    await waiting.runtime.sleep(SILENCE, over.signal)
    wake = () => undefined
    return came || cancelling.signal.aborted
  }

  const cancel = async (): Promise<void> => {
    if (cancelling.signal.aborted) return
    cancelling.abort()
    ended()
    wake()
    // A connection that never came about has nothing to end.
    await source.unsubscribe().catch(() => undefined)
    source.destroy()
  }

  return {
    source,
    next: () => {
      // One at a time, in the order asked: two readers of one place would hand it over twice.
      const delivery = turn.then(gather)
      turn = delivery
      return delivery
    },
    cancel,
  }
}

const open = (
  { client, epoch }: Reading,
  { after, filter }: ReadAll,
  reached: (position: Position) => void,
): AllStreamSubscription =>
  client.subscribeToAll(
    {
      fromPosition: after === undefined ? START : clientPosition(after),
      filter: streamNameFilter({
        regex: regexOf(filter),
        maxSearchWindow: SEARCH_WINDOW,
        checkpointInterval: 1,
        checkpointReached: (_, position) => reached(positionIn(epoch, position)),
      }),
    },
    { highWaterMark: 256 },
  )
