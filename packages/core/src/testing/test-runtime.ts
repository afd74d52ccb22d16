/** A runtime whose clock a test moves: time stands still until it does, and sleeps end when it passes them. */
import type { Runtime } from '../domain/runtime'

export interface TestRuntime extends Runtime {
  /**
   * Moves both clocks on, from sleep to sleep in their order: what a sleep resumes runs, and may sleep anew, before
   * the next one ends.
   */
  readonly advance: (milliseconds: number) => Promise<void>
  /** Moves the wall clock alone, as a machine's may jump. */
  readonly setNow: (milliseconds: number) => void
  /** How many sleep now. */
  readonly sleeping: () => number
}

export interface TestRuntimeOptions {
  /** Wall clock at the start, milliseconds since 1970. */
  readonly now?: number
  /** Of the randomness: the same seed draws the same numbers. */
  readonly seed?: number
}

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/** Turns of the microtask queue that what was resumed may take before the clock moves on. */
const TURNS = 50

/** Lets everything run that waits for nothing but its turn. */
export const settle = async (turns = TURNS): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
}

const START = Date.UTC(2025, 0, 1)

/** A runtime that stands still. */
export const testRuntime = ({ now = START, seed = 1 }: TestRuntimeOptions = {}): TestRuntime => {
  const sleepers = new Set<Sleeper>()
  let wall = now
  let elapsed = 0
  let state = seed >>> 0

  const random = (): number => {
    // Mulberry32: small, and good enough for jitter and ids.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const sleep: Runtime['sleep'] = (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true || milliseconds <= 0) {
        resolve()
        return
      }
      const wake = (): void => {
        sleepers.delete(sleeper)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const sleeper: Sleeper = { until: elapsed + milliseconds, wake }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', wake, { once: true })
    })
  const advance = async (milliseconds: number): Promise<void> => {
    const target = elapsed + milliseconds
    await settle()
    for (;;) {
      let next: Sleeper | undefined
      for (const sleeper of sleepers)
        if (sleeper.until <= target && (next === undefined || sleeper.until < next.until)) next = sleeper
      const to = next?.until ?? target
      wall += to - elapsed
      elapsed = to
      if (next === undefined) return
      next.wake()
      await settle()
    }
  }
  return {
    now: () => wall,
    monotonic: () => elapsed,
    sleep,
    random,
    advance,
    setNow: (milliseconds) => {
      wall = milliseconds
    },
    sleeping: () => sleepers.size,
  }
}
