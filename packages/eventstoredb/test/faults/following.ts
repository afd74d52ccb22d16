/** What follows the store, and what is noted of its calls. */
import {
  type EventStore,
  OUR_STREAMS,
  type Position,
  type RecordedEvent,
  type Runtime,
} from '@access-pools/core'
import { comparePositions } from '@access-pools/core'

/** An append that the store said it has written. */
export interface Acknowledged {
  readonly stream: string
  /** Of the last of them. */
  readonly revision: number
  readonly ids: readonly string[]
}

/** Passes everything on, and notes what was acknowledged. */
export const noting = (store: EventStore, acknowledged: Acknowledged[]): EventStore => ({
  ...store,
  append: (stream, expected, events) => async () => {
    const answer = await store.append(stream, expected, events)()
    if (answer._tag === 'Right' && answer.right.type === 'Written')
      acknowledged.push({ stream, revision: answer.right.revision, ids: events.map(({ id }) => id) })
    return answer
  },
})

/** Passes everything on, and counts subscriptions. */
export const counting = (store: EventStore): { readonly store: EventStore; readonly count: () => number } => {
  let count = 0
  return {
    store: {
      ...store,
      subscribe: (query) => {
        count += 1
        return store.subscribe(query)
      },
    },
    count: () => count,
  }
}

/** Few a delivery and slow to handle, so that much is on its way whenever something breaks. */
const MOST = 20

/** A subscriber as anyone would write it: reads on from the place it has handled, for ever. */
export class Follower {
  /** Everything that was handled, in that order. */
  readonly seen: Pick<RecordedEvent, 'id' | 'stream' | 'revision' | 'position'>[] = []
  subscriptions = 0
  #handled: Position | undefined
  #stopping = new AbortController()
  #ended: Promise<void> | undefined

  constructor(
    private readonly store: EventStore,
    private readonly runtime: Runtime,
    after: Position | undefined,
  ) {
    this.#handled = after
  }

  start(): void {
    this.#ended = this.#run()
  }

  handled(): Position | undefined {
    return this.#handled
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#ended
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#follow()
      await this.runtime.sleep(50 + 100 * this.runtime.random(), this.#stopping.signal)
    }
  }

  async #follow(): Promise<void> {
    const query = { after: this.#handled, filter: OUR_STREAMS, most: MOST }
    const opened = await this.store.subscribe(query)()
    if (opened._tag === 'Left') return
    this.subscriptions += 1
    const { next, cancel } = opened.right
    const { signal } = this.#stopping
    const stopped = (): void => void cancel()
    signal.addEventListener('abort', stopped, { once: true })
    while (!signal.aborted) {
      const delivery = await next()
      if (delivery._tag === 'Left') break
      for (const { id, stream, revision, position } of delivery.right.events)
        if (this.#handled === undefined || comparePositions(position, this.#handled) > 0) {
          this.seen.push({ id, stream, revision, position })
          this.#handled = position
        }
      this.#handled = delivery.right.position
      await this.runtime.sleep(4 * this.runtime.random(), signal)
    }
    signal.removeEventListener('abort', stopped)
    await cancel()
  }
}
