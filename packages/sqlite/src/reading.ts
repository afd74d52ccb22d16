/** The questions to the file: streams, all events, heads, checkpoints. Each is answered at once, or throws. */
import {
  type AllSlice,
  type Checkpoint,
  type Epoch,
  type Position,
  readBody,
  type RecordedEvent,
  type StreamFilter,
  type StreamSlice,
} from '@access-pools/core'
import { openCategories, type Taken } from './categories'
import { type Connection, numberIn, type Statement, textIn } from './connection'

export interface Reading {
  readonly stream: (epoch: Epoch, stream: string, from: number, most: number) => StreamSlice
  readonly backward: (epoch: Epoch, stream: string, most: number) => StreamSlice
  /** The last event of a stream, before the epoch of its position is known. */
  readonly last: (stream: string) => Pick<RecordedEvent, 'revision' | 'data'> | undefined
  /** What the filter takes after a place. The position is that place where nothing was read. */
  readonly all: (epoch: Epoch, after: number, filter: StreamFilter, most: number) => AllSlice
  /** The place of the last event that the filter takes. */
  readonly head: (filter: StreamFilter) => number | undefined
  readonly checkpoint: (name: string) => Checkpoint | undefined
  /** Another number whenever another connection has written. */
  readonly version: () => number | undefined
}

const COLUMNS = 'position, stream, revision, stored_at, lower(hex(id)), type, data, metadata'

export const openReading = (connection: Connection): Reading => {
  const categories = openCategories(connection)
  const forward = connection.prepare(
    `SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
  )
  const backward = connection.prepare(
    `SELECT ${COLUMNS} FROM events WHERE stream = ? ORDER BY revision DESC LIMIT ?`,
  )
  const lastOfAll = connection.prepare('SELECT max(position) FROM events')
  const lastOfCategory = connection.prepare(
    'SELECT position FROM events WHERE category = ? ORDER BY position DESC LIMIT 1',
  )
  const lastOfStream = connection.prepare(
    'SELECT position FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1',
  )
  const checkpoint = connection.prepare('SELECT data, revision FROM checkpoints WHERE name = ?')
  const version = connection.prepare('PRAGMA data_version')
  const selection = openSelection(connection)

  // One more than asked for tells whether there is more.
  const slice = (epoch: Epoch, rows: readonly (readonly unknown[])[], most: number): StreamSlice => ({
    events: rows.slice(0, most).map((row) => recorded(epoch, row)),
    end: rows.length <= most,
  })

  return {
    stream: (epoch, stream, from, most) => slice(epoch, forward.rows(stream, from, most + 1), most),
    backward: (epoch, stream, most) => slice(epoch, backward.rows(stream, most + 1), most),
    last: (stream) => {
      const [row] = backward.rows(stream, 1)
      return row && { revision: numberIn(row[2]), data: readBody(textIn(row[6])) }
    },
    all: (epoch, after, filter, most) => {
      // The end first, and nothing after it: what is appended meanwhile belongs to the next answer.
      const end = lastOfAll.number() ?? 0
      const rows = end > after ? selection(categories.takenBy(filter), after, end, most) : []
      const events = rows.map((row) => recorded(epoch, row))
      const full = events.length >= most
      const place = Math.max(after, full ? (events.at(-1)?.position.commit ?? after) : end)
      return { events, position: place === 0 ? undefined : at(epoch, place), end: place >= end }
    },
    head: (filter) => {
      const taken = categories.takenBy(filter)
      let head: number | undefined
      const consider = (place: number | undefined): void => {
        if (place !== undefined && place > (head ?? 0)) head = place
      }
      for (const category of taken.categories) consider(lastOfCategory.number(category))
      for (const stream of taken.streams) consider(lastOfStream.number(stream))
      return head
    },
    checkpoint: (name) => {
      const [row] = checkpoint.rows(name)
      return row && { data: readBody(textIn(row[0])), revision: numberIn(row[1]) }
    },
    version: () => version.number(),
  }
}

type Selection = (taken: Taken, after: number, end: number, most: number) => readonly (readonly unknown[])[]

/**
 * The events of some categories in one order, without a look at those between: each category's places stand in
 * order in the index, and SQLite merges them. One statement for each number of categories and streams.
 */
const openSelection = (connection: Connection): Selection => {
  const everything = connection.prepare(
    `SELECT ${COLUMNS} FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`,
  )
  const merges = new Map<string, Statement>()
  const merge = (categories: number, streams: number): Statement => {
    const key = `${categories}/${streams}`
    const known = merges.get(key)
    if (known !== undefined) return known
    const arm = (column: string): string =>
      `SELECT position AS place FROM events WHERE ${column} = ? AND position > ? AND position <= ?`
    const arms = [
      ...Array<string>(categories).fill(arm('category')),
      ...Array<string>(streams).fill(arm('stream')),
    ]
    const statement = connection.prepare(
      `SELECT ${COLUMNS} FROM (${arms.join(' UNION ALL ')} ORDER BY place LIMIT ?) ` +
        'CROSS JOIN events ON position = place ORDER BY place',
    )
    merges.set(key, statement)
    return statement
  }
  return ({ categories, streams, everything: whole }, after, end, most) => {
    if (whole) return everything.rows(after, end, most)
    if (categories.length + streams.length === 0) return []
    const bounds = [...categories, ...streams].flatMap((one) => [one, after, end])
    return merge(categories.length, streams.length).rows(...bounds, most)
  }
}

const at = (epoch: Epoch, place: number): Position => ({ epoch, commit: place, prepare: place })

const recorded = (epoch: Epoch, row: readonly unknown[]): RecordedEvent => ({
  stream: textIn(row[1]),
  revision: numberIn(row[2]),
  position: at(epoch, numberIn(row[0])),
  storedAt: numberIn(row[3]),
  id: uuid(textIn(row[4])),
  type: textIn(row[5]),
  data: readBody(textIn(row[6])),
  metadata: readBody(textIn(row[7])),
})

const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
