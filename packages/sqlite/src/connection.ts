/** A connection to the file, and statements whose answers are checked: what a file holds is input like any other. */
import { pathToFileURL } from 'node:url'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { DamagedRow } from './failure'

export type Value = string | number | Uint8Array

export interface Statement {
  /** Answers with the row number of what was last inserted. */
  readonly run: (...values: readonly Value[]) => number
  /** The rows, each as its columns. */
  readonly rows: (...values: readonly Value[]) => readonly (readonly unknown[])[]
  /** The first column of the first row, where there is a row with a number. */
  readonly number: (...values: readonly Value[]) => number | undefined
}

export interface Connection {
  readonly database: DatabaseSyncInstance
  readonly prepare: (sql: string) => Statement
}

const SEARCH = { rw: '?mode=rw', ro: '?mode=ro', unchangeable: '?immutable=1' } as const

/**
 * Opens a file that exists. A locked one is refused at once: whoever waits, waits without holding up the process. One
 * that nobody changes is read without locks, and without files beside it.
 */
export const connect = (file: string, access: keyof typeof SEARCH): Connection => {
  const url = pathToFileURL(file)
  url.search = SEARCH[access]
  const database = new DatabaseSync(url.href, { timeout: 0, readOnly: access !== 'rw' })
  return { database, prepare: (sql) => prepare(database, sql) }
}

const prepare = (database: DatabaseSyncInstance, sql: string): Statement => {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return {
    run: (...values) => Number(statement.run(...values).lastInsertRowid),
    // Spread, because the binding's arrays are not this realm's where a test runner has a realm of its own.
    rows: (...values) => {
      const rows: readonly (readonly unknown[])[] = statement.all(...values)
      return [...rows]
    },
    number: (...values) => {
      const row: unknown = statement.get(...values)
      const value: unknown = Array.isArray(row) ? row[0] : undefined
      return typeof value === 'number' ? value : undefined
    },
  }
}

/** A column that must hold a number. */
export const numberIn = (value: unknown): number => {
  if (typeof value === 'number') return value
  throw new DamagedRow(`a number was expected, not ${typeof value}`)
}

/** A column that must hold text. */
export const textIn = (value: unknown): string => {
  if (typeof value === 'string') return value
  throw new DamagedRow(`a text was expected, not ${typeof value}`)
}
