/**
 * What the software does by itself, over and over: looks at the read model once a second and does what has been due
 * long enough. For liveness and for history only: who may charge never hangs on it, and two that do it do no harm.
 */
import { isLeft } from 'fp-ts/Either'
import type { CommandError } from '../commands/writing/command-error'
import { concurrently } from '../commands/writing/concurrently'
import { writingOn } from '../commands/access-pools'
import type { Writing } from '../commands/writing/handle'
import { type Runtime, systemRuntime } from '../domain/runtime'
import { instantOf } from '../domain/language/window'
import type { ReadModel } from '../projection/read-model'
import type { EventStore } from '../store/event-store'
import { inAnswerTo } from './cause'
import { closeExpiredRequests } from './close-expired-requests'
import { type Due, everythingDue } from './due'
import { finishClaim, tidyEntry } from './finish-claims'
import { tidyDeregistered } from './tidy-deregistered'

export interface ReactionsOptions {
  readonly store: EventStore
  readonly readModel: ReadModel
  readonly runtime?: Runtime
  /** Milliseconds that a claim or an entry may be half done before it is finished here; 10,000 unless given. */
  readonly patience?: number
  /** Milliseconds between looks; 1,000 unless given. */
  readonly every?: number
  /** Told of each thing done, and of each that failed and will be tried again. */
  readonly told?: (done: Reaction) => void
}

export interface Reaction {
  readonly due: Due
  /** Nothing where it was done. */
  readonly failed?: CommandError
}

export interface Reactions {
  /** How many things are due, and for how long the oldest one has been seen so, in milliseconds. */
  readonly pending: () => { readonly count: number; readonly oldest: number }
  /** Does at once whatever is due in the read model as it stands, whatever its age; answers how much it was. */
  readonly settle: () => Promise<number>
  readonly stop: () => Promise<void>
}

const STANDARD = { patience: 10_000, every: 1_000 }
const AT_ONCE = 16

const react = async (writing: Writing, due: Due): Promise<CommandError | undefined> => {
  const cause = inAnswerTo(writing.runtime, due.trigger)
  const carryOut = (): ReturnType<
    typeof finishClaim | typeof closeExpiredRequests | typeof tidyDeregistered
  > => {
    switch (due.type) {
      case 'FinishClaim':
        return finishClaim(writing, due.charger, cause)
      case 'TidyEntry':
        return tidyEntry(writing, due.pool, due.charger, cause)
      case 'TidyDeregistered':
        return tidyDeregistered(writing, due.pool, due.identity, due.generation, cause)
      case 'CloseExpired':
        return closeExpiredRequests(writing, due.pool, cause)
    }
  }
  const done = await carryOut()
  return isLeft(done) ? done.left : undefined
}

/** Starts to react to what a read model shows. */
export const startReactions = (options: ReactionsOptions): Reactions => new Reacting(options)

class Reacting implements Reactions {
  readonly #writing: Writing
  readonly #stopping = new AbortController()
  /** Since when each due thing has been seen, by the monotonic clock. */
  #seen = new Map<string, number>()
  readonly #ended: Promise<void>

  constructor(readonly options: ReactionsOptions) {
    const { store, runtime = systemRuntime } = options
    this.#writing = writingOn({ store, runtime })
    this.#ended = this.#loop()
  }

  readonly pending: Reactions['pending'] = () => {
    const now = this.#writing.runtime.monotonic()
    let oldest = 0
    for (const since of this.#seen.values()) oldest = Math.max(oldest, now - since)
    return { count: this.#seen.size, oldest }
  }

  readonly settle: Reactions['settle'] = () => this.#look(0)

  readonly stop: Reactions['stop'] = async () => {
    this.#stopping.abort()
    await this.#ended
  }

  async #loop(): Promise<void> {
    const { every = STANDARD.every, patience = STANDARD.patience } = this.options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await this.#look(patience)
      await this.#writing.runtime.sleep(every, signal)
    }
  }

  /** Does what has been due for so long; other processes are given that time to finish what they are at. */
  async #look(patience: number): Promise<number> {
    const { runtime } = this.#writing
    const { readModel, told } = this.options
    const now = runtime.monotonic()
    const seen = new Map<string, number>()
    const ripe: Due[] = []
    for (const due of everythingDue(readModel.directory.streams, instantOf(runtime.now()))) {
      const since = this.#seen.get(due.trigger.id) ?? now
      seen.set(due.trigger.id, since)
      if (now - since >= patience || due.type === 'CloseExpired') ripe.push(due)
    }
    this.#seen = seen
    const outcomes = await concurrently(AT_ONCE, ripe, async (due) => {
      if (this.#stopping.signal.aborted && patience > 0) return
      const failed = await react(this.#writing, due)
      told?.(failed === undefined ? { due } : { due, failed })
    })
    return outcomes.length
  }
}
