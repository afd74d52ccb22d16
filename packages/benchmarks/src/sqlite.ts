/**
 * The store in a file beside the bare binding, which does the same work: the same tables, indexes and durability, the
 * revision looked up and the bodies written out and parsed, as one would write it by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type EventStore,
  type EventToAppend,
  NO_STREAM,
  OUR_STREAMS,
  randomId,
  systemRuntime,
} from '@access-pools/core'
import { openSqliteStore } from '@access-pools/sqlite'
import { type BareFile, openBare } from './bare-sqlite'
import { type Comparison, compare, type Contest } from './comparison'

const ROUNDS = 15
const HISTORY = 20_000

interface Files {
  readonly store: EventStore
  readonly bare: BareFile
}

/** Measures, and answers with the comparisons in the order of the table. */
export const benchSqlite = async (progress: (line: string) => void): Promise<readonly Comparison[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'access-pools-bench-'))
  const opened = await openSqliteStore({ file: join(folder, 'ours.db') })()
  if (opened._tag === 'Left') throw new Error(JSON.stringify(opened.left))
  const files = { store: opened.right, bare: openBare(join(folder, 'bare.db')) }
  const comparisons: Comparison[] = []
  try {
    for (const contest of [
      oneByOne,
      manyAtOnce,
      groupsBesideSingles,
      hundreds,
      readingAll,
      readingStream,
      latency,
    ]) {
      const made = await contest(files)
      progress(`${made.name} …`)
      comparisons.push(await compare(made))
    }
  } finally {
    await files.store.close()
    files.bare.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return comparisons
}

const uuid = (): string => {
  const hex = randomId(systemRuntime)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** An event of a usual size: about 400 bytes with its metadata. */
const event = (number: number): EventToAppend => {
  const id = uuid()
  return {
    id,
    type: 'ChargerAdded',
    data: {
      charger: `1002003004${number}`,
      claim: number,
      label: 'Parking level 2, on the left',
      at: number,
    },
    metadata: {
      schemaVersion: 1,
      actor: { type: 'PoolAdmin', id: 'admin-17' },
      occurredAt: '2026-01-01T00:00:00.000Z',
      commandHash: 'nTQXcR3bLk0pYw2sVhUz9A',
      $correlationId: id,
      $causationId: id,
    },
  }
}

const events = (count: number): readonly EventToAppend[] =>
  Array.from({ length: count }, (_, number) => event(number))

const freshStream = (): string => `accessPool-${uuid()}`

const append = async (
  store: EventStore,
  stream: string,
  expected: number,
  list: readonly EventToAppend[],
): Promise<void> => {
  const written = await store.append(stream, expected, list)()
  if (written._tag === 'Left' || written.right.type === 'Conflict') throw new Error('an append failed')
}

/** What a round writes is made before it: only the writing is measured. */
const writing = (
  work: readonly { readonly stream: string; readonly list: readonly EventToAppend[] }[][],
  write: (
    work: readonly { readonly stream: string; readonly list: readonly EventToAppend[] }[],
  ) => Promise<void>,
): (() => Promise<number>) => {
  let round = 0
  return async () => {
    const list = work[round % work.length] ?? []
    round += 1
    const begun = systemRuntime.monotonic()
    await write(list)
    return systemRuntime.monotonic() - begun
  }
}

const appends = (count: number, each: number) =>
  Array.from({ length: ROUNDS + 1 }, () =>
    Array.from({ length: count }, () => ({ stream: freshStream(), list: events(each) })),
  )

const oneByOne = async ({ store, bare }: Files): Promise<Contest> => ({
  name: 'appends, one by one',
  work: 300,
  unit: 'rate',
  rounds: ROUNDS,
  ours: {
    round: writing(appends(300, 1), async (work) => {
      for (const { stream, list } of work) await append(store, stream, NO_STREAM, list)
    }),
  },
  bare: {
    round: writing(appends(300, 1), async (work) => {
      for (const { stream, list } of work) bare.append([{ stream, expected: NO_STREAM, list }])
    }),
  },
})

const sixtyFour = (store: EventStore) =>
  writing(appends(64 * 20, 1), async (work) => {
    for (let from = 0; from < work.length; from += 64)
      await Promise.all(
        work.slice(from, from + 64).map(({ stream, list }) => append(store, stream, NO_STREAM, list)),
      )
  })

const manyAtOnce = async ({ store, bare }: Files): Promise<Contest> => ({
  name: 'appends, 64 at once (bare: 64 in one transaction)',
  work: 64 * 20,
  unit: 'rate',
  rounds: ROUNDS,
  ours: { round: sixtyFour(store) },
  bare: {
    round: writing(appends(64 * 20, 1), async (work) => {
      for (let from = 0; from < work.length; from += 64)
        bare.append(
          work.slice(from, from + 64).map(({ stream, list }) => ({ stream, expected: NO_STREAM, list })),
        )
    }),
  },
})

const groupsBesideSingles = async ({ store, bare }: Files): Promise<Contest> => ({
  name: 'appends, 64 at once (bare: one by one)',
  work: 64 * 20,
  unit: 'rate',
  rounds: ROUNDS,
  ours: { round: sixtyFour(store) },
  bare: {
    round: writing(appends(64 * 20, 1), async (work) => {
      for (const { stream, list } of work) bare.append([{ stream, expected: NO_STREAM, list }])
    }),
  },
})

const hundreds = async ({ store, bare }: Files): Promise<Contest> => ({
  name: 'events, in appends of 100',
  work: 50 * 100,
  unit: 'rate',
  rounds: ROUNDS,
  ours: {
    round: writing(appends(50, 100), async (work) => {
      for (const { stream, list } of work) await append(store, stream, NO_STREAM, list)
    }),
  },
  bare: {
    round: writing(appends(50, 100), async (work) => {
      for (const { stream, list } of work) bare.append([{ stream, expected: NO_STREAM, list }])
    }),
  },
})

const readingAll = async ({ store, bare }: Files): Promise<Contest> => ({
  name: 'events read of all, 1,000 a page',
  work: HISTORY,
  unit: 'rate',
  rounds: ROUNDS,
  ours: {
    round: async () => {
      let after = undefined
      for (let read = 0; read < HISTORY;) {
        const slice = await store.readAll({ after, filter: OUR_STREAMS, most: 1000 })()
        if (slice._tag === 'Left') throw new Error(JSON.stringify(slice.left))
        after = slice.right.position
        read += slice.right.events.length
      }
    },
  },
  bare: {
    round: async () => {
      let after = 0
      for (let read = 0; read < HISTORY;) {
        const page = bare.readAll(after, 1000)
        after = page.at(-1)?.position ?? after
        read += page.length
      }
    },
  },
})

const readingStream = async ({ store, bare }: Files): Promise<Contest> => {
  const stream = freshStream()
  for (let from = 0; from < 2000; from += 100) {
    const list = events(100)
    await append(store, stream, from - 1, list)
    bare.append([{ stream, expected: from - 1, list }])
  }
  return {
    name: 'events read of one stream of 2,000, five times',
    work: 10_000,
    unit: 'rate',
    rounds: ROUNDS,
    ours: {
      round: async () => {
        for (let time = 0; time < 5; time += 1) await store.readStream(stream, 0, 2000)()
      },
    },
    bare: {
      round: async () => {
        for (let time = 0; time < 5; time += 1) bare.readStream(stream, 0, 2000)
      },
    },
  }
}

/** From the call of an append until a subscriber of the same process has the event; bare: until it is read back. */
const latency = async ({ store, bare }: Files): Promise<Contest> => {
  const last = await store.head(OUR_STREAMS)()
  const after = last._tag === 'Right' ? last.right : undefined
  const subscription = await store.subscribe({ after, filter: OUR_STREAMS, most: 100 })()
  if (subscription._tag === 'Left') throw new Error('no subscription')
  const { next } = subscription.right
  let place = bare.last()
  return {
    name: 'append to subscriber',
    work: 300,
    unit: 'each',
    rounds: ROUNDS,
    ours: {
      round: writing(appends(300, 1), async (work) => {
        for (const { stream, list } of work)
          await Promise.all([next(), append(store, stream, NO_STREAM, list)])
      }),
    },
    bare: {
      round: writing(appends(300, 1), async (work) => {
        for (const { stream, list } of work) {
          bare.append([{ stream, expected: NO_STREAM, list }])
          place = bare.readAll(place, 100).at(-1)?.position ?? place
        }
      }),
    },
  }
}
