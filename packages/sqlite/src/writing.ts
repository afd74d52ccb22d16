/** What is written within one transaction: appends and checkpoints, each judged by what stands in the file then. */
import { EPOCH_STREAM, judgeAppend, NO_STREAM, type WrittenEvent } from '@access-pools/core'
import { openCategories } from './categories'
import { type Connection, numberIn, textIn } from './connection'

/** An append's answer, with the place of its last event. */
export type Appended =
  | { readonly type: 'Written'; readonly revision: number; readonly place: number }
  | { readonly type: 'Conflict'; readonly actual: number }

export type Saved =
  | { readonly type: 'Saved'; readonly revision: number }
  | { readonly type: 'Conflict'; readonly actual: number }

export interface Writing {
  readonly append: (
    stream: string,
    expected: number,
    events: readonly WrittenEvent[],
    now: number,
  ) => Appended
  readonly saveCheckpoint: (name: string, data: string, expected: number) => Saved
  /** The transaction was rolled back. */
  readonly undone: () => void
}

const bytesOf = (uuid: string): Uint8Array => Buffer.from(uuid.replaceAll('-', ''), 'hex')

/** `epochWritten`: SQLite tells a connection only of what others have written. */
export const openWriting = (connection: Connection, epochWritten: () => void): Writing => {
  const categories = openCategories(connection)
  const end = connection.prepare('SELECT max(revision) FROM events WHERE stream = ?')
  const insert = connection.prepare(
    `INSERT INTO events (stream, revision, category, stored_at, id, type, data, metadata)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const there = connection.prepare(
    'SELECT lower(hex(id)), position FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?',
  )
  const checkpoint = connection.prepare('SELECT revision FROM checkpoints WHERE name = ?')
  const save = connection.prepare(
    'INSERT OR REPLACE INTO checkpoints (name, revision, data) VALUES (?, ?, ?)',
  )

  return {
    append: (stream, expected, events, now) => {
      const actual = end.number(stream) ?? NO_STREAM
      if (expected === actual) {
        const category = categories.numberOf(stream)
        if (stream === EPOCH_STREAM) epochWritten()
        let revision = actual
        let place = 0
        for (const { id, type, data, metadata } of events) {
          revision += 1
          place = insert.run(stream, revision, category, now, bytesOf(id), type, data, metadata)
        }
        return { type: 'Written', revision, place }
      }
      const before =
        expected < actual && expected >= NO_STREAM ? there.rows(stream, expected, events.length) : []
      const ids = before.map((row) => textIn(row[0]))
      const compact = events.map(({ id }) => ({ id: id.replaceAll('-', '') }))
      const verdict = judgeAppend(actual, expected, compact, (revision) => ids[revision - expected - 1])
      return verdict.type === 'Repeated'
        ? { type: 'Written', revision: verdict.last, place: numberIn(before.at(-1)?.[1]) }
        : { type: 'Conflict', actual }
    },
    saveCheckpoint: (name, data, expected) => {
      const actual = checkpoint.number(name) ?? NO_STREAM
      if (actual !== expected) return { type: 'Conflict', actual }
      save.run(name, expected + 1, data)
      return { type: 'Saved', revision: expected + 1 }
    },
    undone: () => categories.forget(),
  }
}
