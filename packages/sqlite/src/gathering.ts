/**
 * When to write. Where several want something written, a turn of the event loop lets all that are ready say so first.
 * One that writes alone would only lose the time; but what else is due in this process must not wait for it either.
 */
import type { Runtime } from '@access-pools/core'

/** How long appends that come one by one may keep the event loop from its turn, in ms. */
const HOLDING = 2

export interface Gathering {
  readonly gather: () => Promise<void>
  /** So many wanted something written when the last transaction began. */
  readonly saw: (pieces: number) => void
}

export const openGathering = (runtime: Runtime): Gathering => {
  let crowded = false
  let looped = Number.NEGATIVE_INFINITY
  return {
    gather: async () => {
      if (!crowded && runtime.monotonic() - looped < HOLDING) return
      await nextTurnOfTheLoop()
      looped = runtime.monotonic()
    },
    saw: (pieces) => {
      crowded = pieces > 1
    },
  }
}

const nextTurnOfTheLoop = (): Promise<void> =>
  new Promise((resolve) => {
    // eslint-disable-next-line no-restricted-globals -- no clock: only what is ready already goes first
    setImmediate(resolve)
  })
