/**
 * A look at what stands where the store should be, before anything is opened that might change it: opening a file
 * for writing leaves other files beside it, and a file of somebody else's is none of ours to touch.
 */
import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { StoreError } from '@access-pools/core'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { type Either, left, right } from 'fp-ts/Either'
import type { Connection } from '../connection'
import { failureOf, fileCode, fileFailureOf, notUsable, sqliteCode } from '../failure'
import { APPLICATION_ID, newerVersion, SCHEMA_VERSION } from './schema'

const CORRUPT = 11

/** SQLite takes what is shorter for an empty database. */
const SMALLEST_PAGE = 512

/** Whether there is a store, or room for one. */
export const inspect = (file: string): Either<StoreError, 'Store' | 'Nothing'> => {
  if (file === '') return left(notUsable('Missing', 'the file of the store has no name'))
  let stats: Stats
  try {
    stats = statSync(file)
  } catch (error) {
    return fileCode(error) === 'ENOENT' ? inspectFolder(file) : left(fileFailureOf(file, error))
  }
  if (!stats.isFile()) return left(notUsable('NotAStore', `${file} is no store: it is not a file`))
  if (!permits(file, constants.R_OK))
    return left(notUsable('NotPermitted', `${file} may not be read: permission denied`))
  const foreign = inspectMarks(file, stats)
  if (foreign !== undefined) return left(foreign)
  if (!permits(file, constants.W_OK)) return left(notUsable('ReadOnly', `${file} may not be written`))
  return permits(dirname(resolve(file)), constants.W_OK)
    ? right('Store')
    : left(
        notUsable('ReadOnly', `the folder of ${file} may not be written, and a store keeps a journal there`),
      )
}

const inspectFolder = (file: string): Either<StoreError, 'Nothing'> => {
  const folder = dirname(resolve(file))
  try {
    if (!statSync(folder).isDirectory()) return left(notUsable('Missing', `${folder} is not a folder`))
  } catch (error) {
    return left(fileFailureOf(file, error))
  }
  return permits(folder, constants.W_OK)
    ? right('Nothing')
    : left(notUsable('ReadOnly', `${file} cannot be made: its folder may not be written`))
}

const permits = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/**
 * Reads the marks through SQLite, which takes the file for unchangeable then: without locks, and without files
 * beside it. Not with the file system: closing a descriptor of our own would drop the locks that another
 * connection of this process holds on the same file.
 */
const inspectMarks = (file: string, { size }: Stats): StoreError | undefined => {
  if (size === 0) return notUsable('NotAStore', `${file} is no store: it is empty`)
  if (size < SMALLEST_PAGE) return notUsable('NotAStore', `${file} is no store: it is not an SQLite database`)
  const unchangeable = pathToFileURL(file)
  unchangeable.search = '?immutable=1'
  try {
    const database = new DatabaseSync(unchangeable.href, { readOnly: true, timeout: 0 })
    try {
      return judgeMarks(file, database)
    } finally {
      database.close()
    }
  } catch (error) {
    // Killed while the journal was being written back, the file alone is not whole: the journal makes it so.
    const code = sqliteCode(error)
    return code !== undefined && (code & 0xff) === CORRUPT && hasJournal(file)
      ? undefined
      : failureOf(file, error)
  }
}

/** Whether there is a journal that may hold what the file does not. */
export const hasJournal = (file: string): boolean =>
  (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0

/** Whether the file is ours, and of a version that we know. */
export const judgeMarks = (file: string, database: DatabaseSyncInstance): StoreError | undefined => {
  const mark = (name: string): unknown => {
    const statement = database.prepare(`PRAGMA ${name}`)
    statement.setReturnArrays(true)
    const row: unknown = statement.get()
    return Array.isArray(row) ? row[0] : undefined
  }
  if (mark('application_id') !== APPLICATION_ID)
    return notUsable('NotAStore', `${file} is no store: it is the SQLite database of another application`)
  const version = mark('user_version')
  return typeof version === 'number' && version > SCHEMA_VERSION ? newerVersion(file, version) : undefined
}

/**
 * A store only grows. Where the journal tells of fewer pages than the file has, it is that of an older copy, and SQLite
 * would put the pages of then over those of now.
 */
export const judgeLength = (file: string, size: number, { prepare }: Connection): StoreError | undefined => {
  const told = (prepare('PRAGMA page_count').number() ?? 0) * (prepare('PRAGMA page_size').number() ?? 0)
  return told < size
    ? notUsable(
        'Damaged',
        `${file} is longer than its journal tells: ${file}-wal belongs to an older copy of it`,
      )
    : undefined
}
