/**
 * Clock, randomness and sleep as a port: the one place where the global ones are used, so that every flow
 * can be run under a clock and a scheduler that a test controls.
 */

/** What the software takes from the machine it runs on. */
export interface Runtime {
  /** Wall clock, milliseconds since 1970 UTC: for what is written down. */
  readonly now: () => number
  /** A clock that never jumps, milliseconds from an arbitrary start: for ages and deadlines. */
  readonly monotonic: () => number
  /** Resolves after so many milliseconds, or as soon as the signal aborts. Never rejects. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** A number in `[0, 1)`: for jitter and for ids that nobody gave. */
  readonly random: () => number
}

const sleep: Runtime['sleep'] = (milliseconds, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end, { once: true })
  })

/** The machine's own clock, timers and randomness. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
  random: () => Math.random(),
}

/** A fresh id of 32 hexadecimal digits, drawn from the runtime's randomness. */
export const randomId = (runtime: Runtime): string => {
  let id = ''
  while (id.length < 32)
    id += Math.floor(runtime.random() * 0x10000)
      .toString(16)
      .padStart(4, '0')
  return id
}
