/** The client by itself: what one would write by hand, without rules, folds or read models. */
import { randomId, systemRuntime } from '@access-pools/core'
import {
  type AllStreamSubscription,
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import type { Side } from './side'

const now = systemRuntime.monotonic

/** As large as what a command writes. */
const renamed = (number: number) =>
  jsonEvent({
    type: 'PoolRenamed',
    data: { name: `The parking level of ${number}` },
    metadata: {
      schemaVersion: 1,
      actor: { type: 'Administrator', id: 'bench', organization: 'benchmark' },
      occurredAt: '2026-01-01T00:00:00.000Z',
      commandHash: 'nTQXcR3bLk0pYw2sVhUz9A',
      $correlationId: '0123456789abcdef0123456789abcdef',
      $causationId: '0123456789abcdef0123456789abcdef',
    },
  })

/** What the store on it asks the server for. */
const OURS = streamNameFilter({
  regex: '^((accessPool|charger|identity)-|(partners|skips|epoch)$)',
  maxSearchWindow: 512,
  checkpointInterval: 1,
})

class Stream {
  #revision = -1n

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly name: string,
  ) {}

  /** At the revision known; where another was faster, again at the one that the server tells. */
  async append(event: ReturnType<typeof renamed>): Promise<void> {
    for (;;)
      try {
        const expectedRevision = this.#revision < 0n ? NO_STREAM : this.#revision
        const { nextExpectedRevision } = await this.client.appendToStream(this.name, event, {
          expectedRevision,
        })
        if (nextExpectedRevision > this.#revision) this.#revision = nextExpectedRevision
        return
      } catch (error) {
        if (!(error instanceof WrongExpectedVersionError)) throw error
        const actual = error.actualVersion
        if (typeof actual === 'bigint' && actual > this.#revision) this.#revision = actual
      }
  }
}

const ended = async (subscription: AllStreamSubscription): Promise<void> => {
  await subscription.unsubscribe()
  subscription.destroy()
}

const headOf = async (client: EventStoreDBClient): Promise<bigint> => {
  // A page that surely holds one of ours: the last word on the server is the client's own side's or the fill's.
  for await (const { event } of client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 200 }))
    if (event !== undefined && OURS_BY_NAME.test(event.streamId)) return event.position?.commit ?? 0n
  throw new Error('none of the last events is one of ours')
}
const OURS_BY_NAME = /^(accessPool|charger|identity)-/

/** Counts, and no more, until the place is reached. */
const countTo = (client: EventStoreDBClient, head: bigint): Promise<number> =>
  new Promise((resolve, reject) => {
    let count = 0
    const subscription = client.subscribeToAll({ fromPosition: START, filter: OURS })
    subscription.on('error', reject)
    subscription.on('data', ({ event }) => {
      count += 1
      if ((event?.position?.commit ?? 0n) < head) return
      subscription.off('error', reject)
      subscription.on('error', () => undefined)
      void ended(subscription).then(() => resolve(count))
    })
  })

/** Tells when an event has come, by its id. */
const listener = (client: EventStoreDBClient) => {
  const waiting = new Map<string, () => void>()
  const subscription = client.subscribeToAll({ fromPosition: END, filter: OURS })
  subscription.on('data', ({ event }) => waiting.get(event?.id ?? '')?.())
  subscription.on('error', () => undefined)
  return {
    come: (id: string): Promise<void> => new Promise((resolve) => waiting.set(id, resolve)),
    ready: new Promise<void>((resolve) => subscription.once('confirmation', () => resolve())),
    end: () => ended(subscription),
  }
}

export const rawSide = async (url: string): Promise<Side> => {
  const client = EventStoreDBClient.connectionString(url)
  const run = randomId(systemRuntime).slice(0, 10)
  const streams = Array.from(
    { length: 64 },
    (_, index) => new Stream(client, `accessPool-raw-${run}-${index}`),
  )
  const [first] = streams
  if (first === undefined) throw new Error('there is no stream')
  const at = (index: number): Stream => streams[index % streams.length] ?? first
  let number = 0
  const next = () => renamed((number += 1))
  let listening: ReturnType<typeof listener> | undefined
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = now()
    await work()
    return now() - begun
  }
  const lane = async (stream: Stream, each: number): Promise<void> => {
    for (let turn = 0; turn < each; turn += 1) await stream.append(next())
  }
  return {
    oneByOne: (count) =>
      timed(async () => {
        for (let turn = 0; turn < count; turn += 1) await at(turn).append(next())
      }),
    inLanes: (lanes, each) =>
      timed(() => Promise.all(Array.from({ length: lanes }, (_, index) => lane(at(index), each)))),
    onOne: (count) => timed(() => Promise.all(Array.from({ length: count }, () => first.append(next())))),
    catchUp: async () => {
      const begun = now()
      await countTo(client, await headOf(client))
      return now() - begun
    },
    delays: async (count) => {
      listening ??= listener(client)
      await listening.ready
      const figures: number[] = []
      for (let turn = 0; turn < count; turn += 1) {
        const begun = now()
        const event = next()
        await Promise.all([listening.come(event.id), at(turn).append(event)])
        figures.push(now() - begun)
      }
      return figures
    },
    end: async () => {
      await listening?.end()
      await client.dispose()
    },
  }
}
