/** What a reader does about a failure: try again, close the one stream it concerns, or stop; and how long it waits. */
import type { Runtime } from '../domain/runtime'
import type { AppendError } from '../store/event-store'

/**
 * `retry`: the store may answer later, for ever. `park`: one stream cannot be read, the others go on. `stop`: going
 * on would be wrong, whatever comes.
 */
export type FailureClass = 'retry' | 'park' | 'stop'

/** An event of `skips` that cannot be read: what was passed over would not be known any more. */
export interface UnreadableSkip {
  readonly type: 'UnreadableSkip'
  readonly revision: number
  readonly reason: string
}

/** What can go wrong while events are read and folded. */
export type ReadingFailure =
  | { readonly type: 'Store'; readonly error: AppendError }
  /** An event that cannot be decoded or applied. */
  | {
      readonly type: 'Unreadable'
      readonly stream: string
      readonly revision: number
      readonly reason: string
    }
  | UnreadableSkip

export const classify = (failure: ReadingFailure): FailureClass => {
  switch (failure.type) {
    case 'Unreadable':
      return 'park'
    case 'UnreadableSkip':
      return 'stop'
    case 'Store':
      return classifyStoreError(failure.error)
  }
}

const classifyStoreError = ({ type }: AppendError): 'retry' | 'stop' => {
  switch (type) {
    case 'Unavailable':
    case 'UnknownOutcome':
    // A file that was moved away, or may not be read now, may come back: nobody is hurt by looking again.
    case 'NotUsable':
      return 'retry'
    case 'Closed':
    case 'WrongEpoch':
    case 'TooLarge':
    case 'InvalidAppend':
      return 'stop'
  }
}

/** Waits between attempts, milliseconds. */
export interface BackOff {
  readonly first: number
  readonly most: number
}

export const STANDARD_BACK_OFF: BackOff = { first: 100, most: 10_000 }

/**
 * How long to wait before attempt `attempt` (from 0): doubling from `first` up to `most`, with jitter down to half of
 * it, so that many readers do not come back at once.
 */
export const backOff = (
  attempt: number,
  runtime: Pick<Runtime, 'random'>,
  { first, most }: BackOff = STANDARD_BACK_OFF,
): number => {
  const full = Math.min(most, first * 2 ** Math.min(attempt, 30))
  return full / 2 + (full / 2) * runtime.random()
}
