/** A protocol server that lasts as long as a test file, and stores on it. */
import { type EventStore, systemRuntime, type WrittenEvent } from '@access-pools/core'
import type { Subject } from '@access-pools/core/testing'
import { type EventStoreDbOptions, openEventStoreDb } from '../src'
import { openAppends } from '../src/appends'
import { Client } from '../src/connection'
import { readSettings } from '../src/connection-string'
import { restart, type Running, start, stop, urlOf } from './protocol-server/control'

export const open = async (options: EventStoreDbOptions): Promise<EventStore> => {
  const store = await openEventStoreDb(options)()
  if (store._tag === 'Left') throw new Error(JSON.stringify(store.left))
  return store.right
}

export interface ServerForTests {
  readonly get: () => Running
  readonly url: () => string
  /** Kills it where it lives, and starts it again on its port and file. */
  readonly restart: () => Promise<void>
}

/** Starts a server before the tests of a file and ends it after them; it also ends with the test's process. */
export const serverForTests = (): ServerForTests => {
  let running: Running | undefined
  const get = (): Running => {
    if (running === undefined) throw new Error('the server is not running')
    return running
  }
  beforeAll(async () => {
    running = await start({ tied: true, minutes: 30 })
  })
  afterAll(async () => {
    if (running !== undefined) await stop(running)
  })
  return {
    get,
    url: () => urlOf(get()),
    restart: async () => {
      running = await restart(get(), true)
    },
  }
}

/** Appends bodies as they stand to the end of a stream, past the store. */
export const appendRaw = async (
  url: string,
  stream: string,
  events: readonly WrittenEvent[],
): Promise<void> => {
  const settings = readSettings(url)
  if (settings._tag === 'Left') throw new Error(JSON.stringify(settings.left))
  const client = new Client(settings.right)
  const appends = openAppends(() => client.openBatch(), systemRuntime)
  const revision = await lastRevision(url, stream)
  const outcome = await appends.append({ stream, expected: revision, events, timeout: 5_000, owner: client })
  await client.close()
  if (outcome.type !== 'Written') throw new Error(JSON.stringify(outcome))
}

const lastRevision = async (url: string, stream: string): Promise<number> => {
  const store = await open({ url })
  const slice = await store.readBackward(stream, 1)()
  await store.close()
  return slice._tag === 'Right' ? (slice.right.events[0]?.revision ?? -1) : -1
}

/** A store on a server that others use too, as the contract wants it. */
export const subject = async (url: string): Promise<Subject> => {
  const stores: EventStore[] = []
  const reopen = async (): Promise<EventStore> => {
    const store = await open({ url })
    stores.push(store)
    return store
  }
  return {
    store: await reopen(),
    reopen,
    appendRaw: (stream, events) => appendRaw(url, stream, events),
    close: async () => {
      for (const store of stores) await store.close()
    },
  }
}
