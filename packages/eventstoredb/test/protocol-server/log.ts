/** The log of the protocol server in one SQLite file: all events at byte places, and what is known of each stream. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'

export interface Proposed {
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

export interface Logged extends Proposed {
  readonly position: number
  readonly stream: string
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly created: number
}

/** What a stream's own metadata says, and where it stands. */
export interface StreamState {
  readonly last: number
  readonly truncateBefore: number
  readonly maxCount: number
  readonly tombstoned: boolean
}

/** `$tb` of a stream that was deleted softly: past every revision. */
export const SOFT_DELETED = 9_223_372_036_854_775_807
export const TOMBSTONE = '$streamDeleted'
/** What stands before the first record of a new log. */
const HEADER = 512
/** What a record takes beside its texts. */
const RECORD = 64

const NEW: StreamState = { last: -1, truncateBefore: 0, maxCount: Infinity, tombstoned: false }

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS log (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL,
    type TEXT NOT NULL, content_type TEXT NOT NULL, data BLOB NOT NULL, metadata BLOB NOT NULL,
    created INTEGER NOT NULL, size INTEGER NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS of_stream ON log (stream, revision);`

const COLUMNS = 'position, stream, revision, id, type, content_type AS contentType, data, metadata, created'

const sizeOf = (stream: string, { type, data, metadata }: Proposed): number =>
  RECORD + stream.length + type.length + data.length + metadata.length

export class Log {
  readonly #database: DatabaseSyncInstance
  readonly #streams = new Map<string, StreamState>()
  readonly #statements: ReturnType<typeof prepareAll>
  /** Where the next record will begin. */
  #end: number

  constructor(file: string) {
    this.#database = new DatabaseSync(file)
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA}`)
    this.#statements = prepareAll(this.#database)
    this.#end = this.#endFromFile()
    if (this.#end === HEADER) this.write('$settings', [systemEvent()])
    else this.#loadStreams()
  }

  get end(): number {
    return this.#end
  }

  stateOf(stream: string): StreamState {
    return this.#streams.get(stream) ?? NEW
  }

  /** Runs what writes, in one transaction that is synced to the disk. */
  transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE')
    work()
    this.#database.exec('COMMIT')
  }

  /** Writes at the end of a stream; answers the place of the last event. */
  write(stream: string, events: readonly Proposed[], revision = this.stateOf(stream).last + 1): number {
    let [at, last] = [revision, this.#end]
    for (const event of events) {
      const size = sizeOf(stream, event)
      last = this.#end
      const { id, type, contentType, data, metadata } = event
      this.#statements.insert.run(last, stream, at, id, type, contentType, data, metadata, Date.now(), size)
      this.#note(stream, at, event)
      this.#end += size
      at += 1
    }
    return last
  }

  idAt(stream: string, revision: number): string | undefined {
    const row = this.#statements.idAt.get(stream, revision) as { id: string } | undefined
    return row?.id
  }

  positionAt(stream: string, revision: number): number {
    const row = this.#statements.positionAt.get(stream, revision) as { position: number } | undefined
    return row?.position ?? 0
  }

  isRecord(position: number): boolean {
    return position === this.#end || this.#statements.isRecord.get(position) !== undefined
  }

  /** Records at or after a place. */
  forwards(from: number, most: number): Logged[] {
    return this.#statements.forwards.all(from, most)
  }

  /** Records before a place, the last one first. */
  backwards(before: number, most: number): Logged[] {
    return this.#statements.backwards.all(before, most)
  }

  ofStream(stream: string, from: number, to: number, most: number): Logged[] {
    return this.#statements.ofStream.all(stream, from, to, most)
  }

  ofStreamBackwards(stream: string, from: number, to: number, most: number): Logged[] {
    return this.#statements.ofStreamBackwards.all(stream, from, to, most)
  }

  close(): void {
    this.#database.close()
  }

  #note(stream: string, revision: number, event: Proposed): void {
    const tombstoned = event.type === TOMBSTONE
    this.#streams.set(stream, { ...this.stateOf(stream), last: revision, tombstoned })
    if (!stream.startsWith('$$')) return
    const metadata = JSON.parse(Buffer.from(event.data).toString('utf8')) as Record<string, unknown>
    const of = stream.slice(2)
    this.#streams.set(of, {
      ...this.stateOf(of),
      truncateBefore: Number(metadata['$tb'] ?? 0),
      maxCount: Number(metadata['$maxCount'] ?? Infinity),
    })
  }

  #endFromFile(): number {
    const row = this.#database.prepare('SELECT max(position + size) AS place FROM log').get() as {
      place: number | null
    }
    return row.place ?? HEADER
  }

  #loadStreams(): void {
    const ends = this.#database
      .prepare('SELECT stream, max(revision) AS last, type FROM log GROUP BY stream')
      .all() as { stream: string; last: number; type: string }[]
    for (const { stream, last, type } of ends)
      this.#streams.set(stream, { ...NEW, last, tombstoned: type === TOMBSTONE })
    for (const { stream, last } of ends.filter((one) => one.stream.startsWith('$$')))
      for (const event of this.ofStream(stream, last, last, 1)) this.#note(stream, last, event)
  }
}

const prepareAll = (database: DatabaseSyncInstance) => ({
  insert: database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
  idAt: database.prepare('SELECT id FROM log WHERE stream = ? AND revision = ?'),
  positionAt: database.prepare('SELECT position FROM log WHERE stream = ? AND revision = ?'),
  isRecord: database.prepare('SELECT 1 FROM log WHERE position = ?'),
  forwards: database.prepare(`SELECT ${COLUMNS} FROM log WHERE position >= ? ORDER BY position LIMIT ?`),
  backwards: database.prepare(`SELECT ${COLUMNS} FROM log WHERE position < ? ORDER BY position DESC LIMIT ?`),
  ofStream: database.prepare(
    `SELECT ${COLUMNS} FROM log WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision LIMIT ?`,
  ),
  ofStreamBackwards: database.prepare(
    `SELECT ${COLUMNS} FROM log WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision DESC LIMIT ?`,
  ),
})

/** A real server writes events of its own before anybody else does. */
const systemEvent = (): Proposed => ({
  id: '00000000-0000-4000-8000-000000000001',
  type: '$update',
  contentType: 'application/json',
  data: Buffer.from('{}'),
  metadata: Buffer.from(''),
})
