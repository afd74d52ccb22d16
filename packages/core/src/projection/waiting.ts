/** Waiting until a reader has seen something: by position, or by what the store held when it was asked; never by time. */
import { type Either, left, right } from 'fp-ts/Either'
import { comparePositions, type Epoch, type Position } from '../domain/event/position'
import type { Runtime } from '../domain/runtime'

/** Why what was waited for is not there. */
export type NotProcessed =
  /** The deadline came first. */
  | { readonly type: 'NotYet'; readonly handled: Position | undefined }
  /** The position is of another life of the store: it never will be. */
  | { readonly type: 'WrongEpoch'; readonly expected: Epoch; readonly actual: string }
  /** The reader was stopped, or had to stop. */
  | { readonly type: 'Stopped' }

/** How long to wait at most, milliseconds. */
export interface Patience {
  readonly within?: number
}

const STANDARD_PATIENCE = 5_000

/**
 * Milliseconds for which a position is simply waited for: most come within a few. After that the store is asked for
 * its head, since the filter may leave the position out; asking for each would cost the store a read a command.
 */
const UNSEEN = 50

interface Progress {
  readonly epoch: Epoch
  readonly runtime: Runtime
  readonly handled: () => Position | undefined
  /** The number of the asking for the head that began last, and of the newest one that is fully handled. */
  readonly begun: () => number
  readonly proven: () => number
  /** Asks the store for its head now. */
  readonly ask: () => Promise<void>
}

interface Waiter {
  readonly reached: () => boolean
  readonly settle: (result: Either<NotProcessed, void>) => void
}

export class Waiting {
  readonly #waiters = new Set<Waiter>()
  #ended = false

  constructor(readonly progress: Progress) {}

  /**
   * Resolves once everything up to a position is handled: also where its pool is suspended (it was handled, by
   * closing it), and where the filter leaves the position out (then all of ours that was written before is handled).
   */
  whenProcessed(position: Position, patience: Patience = {}): Promise<Either<NotProcessed, void>> {
    const { epoch, handled } = this.progress
    if (position.epoch !== epoch)
      return Promise.resolve(left({ type: 'WrongEpoch', expected: epoch, actual: position.epoch }))
    const passed = (): boolean => {
      const reached = handled()
      return reached !== undefined && comparePositions(reached, position) >= 0
    }
    return this.#wait(passed, patience, UNSEEN)
  }

  /** Resolves once everything is handled that the store held at this call. */
  whenCaughtUp(patience: Patience = {}): Promise<Either<NotProcessed, void>> {
    return this.#wait(() => false, patience, 0)
  }

  /** The reader has moved, or the store has answered. */
  moved(): void {
    for (const waiter of this.#waiters) if (waiter.reached()) waiter.settle(right(undefined))
  }

  /** Nothing will come any more. */
  end(): void {
    this.#ended = true
    for (const waiter of this.#waiters) waiter.settle(left({ type: 'Stopped' }))
  }

  #wait(passed: () => boolean, patience: Patience, askAfter: number): Promise<Either<NotProcessed, void>> {
    const { runtime, begun, proven, handled, ask } = this.progress
    const since = begun()
    const reached = (): boolean => passed() || proven() > since
    if (passed()) return Promise.resolve(right(undefined))
    if (this.#ended) return Promise.resolve(left({ type: 'Stopped' }))
    return new Promise((resolve) => {
      const over = new AbortController()
      const waiter: Waiter = {
        reached,
        settle: (result) => {
          this.#waiters.delete(waiter)
          over.abort()
          resolve(result)
        },
      }
      this.#waiters.add(waiter)
      void runtime.sleep(patience.within ?? STANDARD_PATIENCE, over.signal).then(() => {
        if (!over.signal.aborted) waiter.settle(left({ type: 'NotYet', handled: handled() }))
      })
      if (askAfter === 0) void ask()
      else
        void runtime.sleep(askAfter, over.signal).then(() => {
          if (!over.signal.aborted) void ask()
        })
    })
  }
}
