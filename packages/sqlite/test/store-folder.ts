/** A folder that lasts as long as a test, and stores in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { type EventStore, OUR_STREAMS, type RecordedEvent, type WrittenEvent } from '@access-pools/core'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Subject } from '@access-pools/core/testing'
import { openSqliteStore, type SqliteStore } from '../src'

export interface StoreFolder {
  readonly path: (name: string) => string
  readonly open: (name?: string) => Promise<SqliteStore>
  readonly remove: () => Promise<void>
}

export const storeFolder = (): StoreFolder => {
  const folder = mkdtempSync(join(tmpdir(), 'access-pools-'))
  const opened: SqliteStore[] = []
  const path = (name: string): string => join(folder, name)
  return {
    path,
    open: async (name = 'store.db') => {
      const store = await openSqliteStore({ file: path(name) })()
      if (store._tag === 'Left') throw new Error(JSON.stringify(store.left))
      opened.push(store.right)
      return store.right
    },
    remove: async () => {
      for (const store of opened) await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Writes bodies past the store, as a fault of a disk or of another program would leave them. */
export const appendRaw = (file: string, stream: string, events: readonly WrittenEvent[]): void => {
  const database = new DatabaseSync(file, { timeout: 5000 })
  const insert = database.prepare(
    `INSERT INTO events (stream, revision, category, stored_at, id, type, data, metadata)
     SELECT ?1, max(revision) + 1, category, max(stored_at), unhex(?2), ?3, ?4, ?5 FROM events WHERE stream = ?1`,
  )
  for (const { id, type, data, metadata } of events)
    insert.run(stream, id.replaceAll('-', ''), type, data, metadata)
  database.close()
}

/** A store in a folder of its own, as the contract wants it. */
export const subject = async (): Promise<Subject> => {
  const folder = storeFolder()
  const store: EventStore = await folder.open()
  return {
    store,
    reopen: () => folder.open(),
    appendRaw: async (stream, events) => appendRaw(folder.path('store.db'), stream, events),
    close: folder.remove,
  }
}

/** What was answered, where it was no error. */
export const got = async <E, A>(asked: TaskEither<E, A>): Promise<A> => {
  const answer = await asked()
  if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
  return answer.right
}

/** All events of a store, in their order. */
export const readEverything = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  for (let end = false; !end;) {
    const slice = await got(store.readAll({ after: all.at(-1)?.position, filter: OUR_STREAMS, most: 1000 }))
    all.push(...slice.events)
    end = slice.end
  }
  return all
}
