/** Stores filled by hand, and stores that fail as tests say. */
import { type Either, left } from 'fp-ts/Either'
import type { StoreError, Delivery, EventStore, Subscription } from '../../src/store/event-store'
import { type MemoryStore, memoryStore } from '../../src/store/memory-store'
import { type ReadModel, type ReadModelOptions, startReadModel } from '../../src/projection/read-model'
import { uuidV5 } from '../../src/domain/event/envelope'
import type { Position } from '../../src/domain/event/position'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { type Actor, parseActor } from '../../src/domain/language/actor'
import { SKIPS_STREAM } from '../../src/domain/event/streams'
import { settle, type TestRuntime, testRuntime } from '../../src/testing/test-runtime'

export const rightOf = <E, A>(result: Either<E, A>): A => {
  if (result._tag === 'Right') return result.right
  throw new Error(`it answered ${JSON.stringify(result.left)}`)
}

export const actor = (word: string): Actor => rightOf(parseActor(word))

/** An event to be written as it stands, whatever it says. */
export interface Raw {
  readonly stream: string
  readonly type: string
  readonly data?: unknown
  /** Instead of JSON of `data`. */
  readonly body?: string
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly at?: string
}

/** Where each stream stands, as far as it was written by `write`. */
const ends = new WeakMap<MemoryStore, Map<string, number>>()

/** Appends events one by one; answers the position of the last. */
export const write = async (store: MemoryStore, ...events: readonly Raw[]): Promise<Position> => {
  const known = ends.get(store) ?? new Map<string, number>()
  ends.set(store, known)
  let position: Position | undefined
  for (const { stream, type, data = {}, body, metadata = {}, at = '2025-01-01T00:00:00.000Z' } of events) {
    const expected = known.get(stream) ?? -1
    const id = uuidV5(`${stream}/${expected}`)
    const given = {
      schemaVersion: 1,
      actor: { type: 'System', name: 'test' },
      occurredAt: at,
      $correlationId: id,
      $causationId: id,
      ...metadata,
    }
    const event = { id, type, data: body ?? JSON.stringify(data), metadata: JSON.stringify(given) }
    const result = rightOf(await store.appendRaw(stream, expected, [event])())
    if (result.type !== 'Written') throw new Error(`${stream} stands at ${result.actual}`)
    known.set(stream, result.revision)
    position = result.position
  }
  if (position === undefined) throw new Error('nothing was written')
  return position
}

/** A recorded event as one to be written again. */
export const rawOf = ({ stream, type, data, metadata }: RecordedEvent): Raw => ({
  stream,
  type,
  data,
  metadata: metadata as Readonly<Record<string, unknown>>,
})

export const skip = (stream: string, revision: number): Raw => ({
  stream: SKIPS_STREAM,
  type: 'EventSkipped',
  data: { stream, revision, reason: 'it was damaged' },
})

export const inPool = (pool: string, type: string, data: unknown = {}): Raw => ({
  stream: `accessPool-${pool}`,
  type,
  data,
})
export const ofCharger = (charger: string, type: string, data: unknown = {}): Raw => ({
  stream: `charger-${charger}`,
  type,
  data,
})
export const ofIdentity = (identity: string, type: string, data: unknown = {}): Raw => ({
  stream: `identity-${identity}`,
  type,
  data,
})

export const created = (pool: string, level = 'Private', organization = 'acme'): Raw =>
  inPool(pool, 'PoolCreated', { organization, name: `The ${pool}`, level })
export const allocated = (charger: string, more: object = {}): Raw =>
  ofCharger(charger, 'ChargerAllocated', { host: 'h1', organization: 'acme', ...more })
export const claimed = (charger: string, pool: string, claim = 1): Raw =>
  ofCharger(charger, 'ChargerClaimed', { pool, claim })
export const added = (charger: string, pool: string, claim = 1): Raw =>
  inPool(pool, 'ChargerAdded', { charger, claim })
export const registered = (identity: string, generation = 1, more: object = {}): Raw =>
  ofIdentity(identity, 'IdentityRegistered', { generation, ...more })
export const joined = (identity: string, pool: string, more: object = {}): Raw =>
  inPool(pool, 'IdentityAdded', { identity, generation: 1, ...more })

/** Pool P with charger C, and ann a member. */
export const SMALL: readonly Raw[] = [
  created('P'),
  allocated('C'),
  claimed('C', 'P'),
  added('C', 'P'),
  registered('user:ann'),
  joined('user:ann', 'P'),
]

/** How a store fails; a test changes it as it goes. */
export interface Faults {
  /** What `subscribe` answers. */
  subscribe?: StoreError | 'hangs'
  /** What the next delivery is instead, once. */
  next?: StoreError | 'hangs'
  /** For as long as it is set. */
  head?: StoreError | 'hangs'
  read?: StoreError
  /** Deliveries begin so many events before what was asked for. */
  redelivers?: number
}

export interface FaultyStore extends EventStore {
  readonly faults: Faults
  readonly subscribed: () => number
  readonly cancelled: () => number
  /** Deliveries handed over, and askings for the next one that are open. */
  readonly delivered: () => number
  readonly open: () => number
  readonly heads: () => number
}

const never = <A>(): Promise<A> => new Promise<A>(() => undefined)

/** A store that does what it should, but for its faults. */
export const faulty = (store: EventStore): FaultyStore => {
  const faults: Faults = {}
  let [subscribed, cancelled, delivered, open, heads] = [0, 0, 0, 0, 0]
  const broken = (subscription: Subscription): Subscription => ({
    next: async (): Promise<Either<StoreError, Delivery>> => {
      open += 1
      const fault = faults.next
      if (fault === 'hangs') return never()
      if (fault !== undefined) {
        delete faults.next
        open -= 1
        return left(fault)
      }
      const delivery = await subscription.next()
      open -= 1
      // One that was asked for before it hung must hang too: it is the connection that is gone.
      if (delivery._tag === 'Right' && (faults.next as string | undefined) === 'hangs') return never()
      delivered += delivery._tag === 'Right' ? 1 : 0
      return delivery
    },
    cancel: async () => {
      cancelled += 1
      await subscription.cancel()
    },
  })
  return {
    ...store,
    faults,
    subscribed: () => subscribed,
    cancelled: () => cancelled,
    delivered: () => delivered,
    open: () => open,
    heads: () => heads,
    subscribe: (query) => async () => {
      subscribed += 1
      const fault = faults.subscribe
      if (fault === 'hangs') return never()
      if (fault !== undefined) return left(fault)
      const back = faults.redelivers ?? 0
      const { after } = query
      const commit = Math.max((after?.commit ?? 0) - back, 0)
      const from = after === undefined ? undefined : { ...after, commit, prepare: commit }
      const opened = await store.subscribe({ ...query, after: from })()
      return opened._tag === 'Left' ? opened : { _tag: 'Right', right: broken(opened.right) }
    },
    head: (filter, handled) => () => {
      heads += 1
      const fault = faults.head
      if (fault === 'hangs') return never()
      return fault === undefined ? store.head(filter, handled)() : Promise.resolve(left(fault))
    },
    readStream: (stream, from, most) =>
      faults.read === undefined
        ? store.readStream(stream, from, most)
        : () => Promise.resolve(left(faults.read ?? { type: 'Closed' })),
  }
}

export const UNAVAILABLE: StoreError = { type: 'Unavailable', reason: 'the test says so' }

export interface Setting {
  readonly runtime: TestRuntime
  readonly memory: MemoryStore
  readonly store: FaultyStore
  readonly start: (options?: Partial<ReadModelOptions>) => Promise<ReadModel>
  readonly close: () => Promise<void>
}

/** A store in memory under a clock that stands still, and read models on it. */
export const setting = (): Setting => {
  const runtime = testRuntime()
  const memory = memoryStore({ runtime })
  const store = faulty(memory)
  const started: ReadModel[] = []
  return {
    runtime,
    memory,
    store,
    start: async (options = {}) => {
      const model = rightOf(await startReadModel({ store, runtime, ...options })())
      started.push(model)
      return model
    },
    close: async () => {
      for (const model of started) await model.stop()
      await memory.close()
    },
  }
}

/** Moves the clock until a condition holds, at most so far. */
export const until = async (runtime: TestRuntime, holds: () => boolean, most = 120_000): Promise<void> => {
  await settle()
  for (let moved = 0; !holds(); moved += 250) {
    if (moved >= most) throw new Error(`it did not come about within ${most} ms of the test's clock`)
    await runtime.advance(250)
  }
}

/** Waits for what resolves only while the clock moves. */
export const moving = async <A>(runtime: TestRuntime, promise: Promise<A>, most = 120_000): Promise<A> => {
  let done = false
  const noted = promise.finally(() => {
    done = true
  })
  await until(runtime, () => done, most)
  return noted
}
