/**
 * How far behind a reader is, proven: a silent subscription looks like an idle store. Once a second the store is
 * asked for its head over a call of its own; the lag is the time since the newest asking whose head has been handled.
 */
import { comparePositions, type Position } from '../domain/event/position'
import type { Runtime } from '../domain/runtime'
import type { StreamFilter } from '../domain/event/streams'
import type { EventStore } from '../store/event-store'
import { within } from './deadline'

/** One asking for the head. Numbers tell askings apart that a slow clock gives the same instant. */
export interface Asking {
  readonly number: number
  /** By the monotonic clock. */
  readonly at: number
}

/** What an asking brought that is not handled yet. */
interface Open extends Asking {
  readonly head: Position
}

/** Askings beyond these are thinned out: the lag then shows greater than it is, never smaller. */
const MOST_OPEN = 1024

const NEVER: Asking = { number: 0, at: Number.NEGATIVE_INFINITY }

/** The askings of one reader. */
export class HeadLag {
  #begun = 0
  #open: Open[] = []
  #proven = NEVER

  /** An asking begins. */
  begin(at: number): Asking {
    this.#begun += 1
    return { number: this.#begun, at }
  }

  /** The number of the asking that began last. */
  get begun(): number {
    return this.#begun
  }

  /** The newest asking whose head has been handled: all that was written before it began is. */
  get proven(): Asking {
    return this.#proven
  }

  /** Something is known that is not handled. */
  get behind(): boolean {
    return this.#open.length > 0
  }

  /** Milliseconds since that asking; infinite where there was none. */
  lag(now: number): number {
    return now - this.#proven.at
  }

  /** The head that the store answered; askings are answered in their order. */
  answered(asking: Asking, head: Position | undefined, handled: Position | undefined): void {
    if (head === undefined || (handled !== undefined && comparePositions(head, handled) <= 0)) {
      this.#proven = asking
      this.#open = []
      return
    }
    const last = this.#open.at(-1)
    // A store that stands still: the newest asking says all that the ones before it did.
    if (last !== undefined && comparePositions(last.head, head) === 0) this.#open.pop()
    this.#open.push({ ...asking, head })
    if (this.#open.length > MOST_OPEN)
      this.#open = this.#open.filter((_, at) => at % 2 === 0 || at === this.#open.length - 1)
  }

  /** Everything up to here is handled. */
  moved(handled: Position): void {
    let done = 0
    for (const open of this.#open) {
      if (comparePositions(open.head, handled) > 0) break
      this.#proven = open
      done += 1
    }
    if (done > 0) this.#open.splice(0, done)
  }
}

/** Asks a store for its head. */
export interface HeadAsker {
  /** Asks now: resolves when an asking that began at or after this call was answered, or was not in time. */
  readonly ask: () => Promise<void>
}

interface AskingOptions {
  readonly store: Pick<EventStore, 'head'>
  readonly runtime: Runtime
  readonly filter: StreamFilter
  readonly handled: () => Position | undefined
  readonly lag: HeadLag
  /** Milliseconds between askings, and how long one may take. */
  readonly every: number
  readonly deadline: number
  /** An answer came in time. */
  readonly answered: () => void
  readonly signal: AbortSignal
}

/** Asks until the signal aborts. */
export const startAsking = (options: AskingOptions): HeadAsker => {
  const { store, runtime, filter, handled, lag, every, deadline, answered, signal } = options
  let running: Promise<void> | undefined

  const once = async (): Promise<void> => {
    const asking = lag.begin(runtime.monotonic())
    const answer = await within(runtime, deadline, signal, store.head(filter, handled()))
    if (answer === undefined || answer._tag === 'Left' || signal.aborted) return
    lag.answered(asking, answer.right, handled())
    answered()
  }
  const begin = (): Promise<void> => {
    const asking = once().finally(() => {
      running = undefined
    })
    running = asking
    return asking
  }
  const ask = async (): Promise<void> => {
    // One that is under way was begun before: what was written since may be missing from its answer.
    if (running !== undefined) await running
    await (running ?? begin())
  }
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await (running ?? begin())
      await runtime.sleep(every, signal)
    }
  }
  void loop()
  return { ask }
}
