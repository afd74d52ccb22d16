/**
 * A subscription to a store whose reads cost no round trip: it reads when it is asked, and waits for a wake
 * where there was nothing. So it holds back by itself, and history and what comes live are one and the same.
 */
import { type Either, left, right } from 'fp-ts/Either'
import type { Position } from '../domain/event/position'
import type { AllSlice, Delivery, StoreError, Subscription } from './event-store'

export interface PulledSubscription extends Subscription {
  /** There may be something new. */
  readonly wake: () => void
}

interface Source {
  readonly after: Position | undefined
  readonly read: (after: Position | undefined) => Promise<Either<StoreError, AllSlice>>
  /** It was cancelled: nobody needs to wake it any more. */
  readonly ended: () => void
}

const closed: StoreError = { type: 'Closed' }

/** Begins a subscription after a place. */
export const pullSubscription = (source: Source): PulledSubscription => {
  let after = source.after
  let ended = false
  let wakes = 0
  let resume: (() => void) | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const wake = (): void => {
    wakes += 1
    resume?.()
    resume = undefined
  }

  const gather = async (): Promise<Either<StoreError, Delivery>> => {
    while (!ended) {
      const seen = wakes
      const slice = await source.read(after)
      if (ended) break
      if (slice._tag === 'Left') return slice
      const { events, position } = slice.right
      if (position !== undefined && position.commit !== after?.commit) {
        after = position
        return right({ events, position })
      }
      // What was written while it was being read has woken nobody: look again instead of waiting.
      if (seen === wakes) await new Promise<void>((resolve) => (resume = resolve))
    }
    return left(closed)
  }

  return {
    wake,
    next: () => {
      // One at a time, in the order asked: two readers of one place would hand it over twice.
      const delivery = turn.then(gather)
      turn = delivery
      return delivery
    },
    cancel: () => {
      if (!ended) source.ended()
      ended = true
      wake()
      return Promise.resolve()
    },
  }
}
