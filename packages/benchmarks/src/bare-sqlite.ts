/** The binding by itself: what one would write by hand to keep events in a file, and no more. */
import { type EventToAppend, systemRuntime } from '@access-pools/core'
import { DatabaseSync } from '@photostructure/sqlite'

export interface BareAppend {
  readonly stream: string
  readonly expected: number
  readonly list: readonly EventToAppend[]
}

export interface BareEvent {
  readonly position: number
  readonly stream: string
  readonly revision: number
  readonly storedAt: number
  readonly id: string
  readonly type: string
  readonly data: unknown
  readonly metadata: unknown
}

export interface BareFile {
  /** All in one transaction. */
  readonly append: (appends: readonly BareAppend[]) => void
  readonly readAll: (after: number, most: number) => readonly BareEvent[]
  readonly readStream: (stream: string, from: number, most: number) => readonly BareEvent[]
  /** The position of the last event. */
  readonly last: () => number
  readonly close: () => void
}

interface Row {
  readonly position: number
  readonly stream: string
  readonly revision: number
  readonly storedAt: number
  readonly id: Uint8Array
  readonly type: string
  readonly data: string
  readonly metadata: string
}

const TABLES = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, category INTEGER NOT NULL,
    stored_at INTEGER NOT NULL, id BLOB NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_of_stream ON events (stream, revision);
  CREATE INDEX events_of_category ON events (category);
`

const COLUMNS = 'position, stream, revision, stored_at AS storedAt, id, type, data, metadata'

const idOf = (bytes: Uint8Array): string => {
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const parsed = (rows: readonly Row[]): readonly BareEvent[] =>
  rows.map(({ position, stream, revision, storedAt, id, type, data, metadata }) => ({
    position,
    stream,
    revision,
    storedAt,
    id: idOf(id),
    type,
    data: bodyOf(data),
    metadata: bodyOf(metadata),
  }))

const bodyOf = (text: string): unknown => JSON.parse(text)

/** The one number of a row. */
const first = (row: unknown): number | undefined => {
  const values: readonly unknown[] = typeof row === 'object' && row !== null ? Object.values(row) : []
  const [value] = values
  return typeof value === 'number' ? value : undefined
}

export const openBare = (file: string): BareFile => {
  const database = new DatabaseSync(file)
  database.exec(TABLES)
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const end = database.prepare('SELECT max(revision) AS revision FROM events WHERE stream = ?')
  const insert = database.prepare(
    'INSERT INTO events (stream, revision, category, stored_at, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const all = database.prepare(`SELECT ${COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?`)
  const stream = database.prepare(
    `SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
  )
  const last = database.prepare('SELECT max(position) AS position FROM events')
  return {
    append: (appends) => {
      begin.run()
      for (const one of appends) {
        let revision = first(end.get(one.stream)) ?? -1
        if (revision !== one.expected) throw new Error('a conflict')
        for (const { id, type, data, metadata } of one.list) {
          revision += 1
          const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
          insert.run(
            one.stream,
            revision,
            1,
            Math.floor(systemRuntime.now()),
            bytes,
            type,
            JSON.stringify(data),
            JSON.stringify(metadata),
          )
        }
      }
      commit.run()
    },
    readAll: (after, most) => parsed(all.all(after, most)),
    readStream: (name, from, most) => parsed(stream.all(name, from, most)),
    last: () => first(last.get()) ?? 0,
    close: () => database.close(),
  }
}
