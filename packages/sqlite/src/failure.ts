/** What SQLite and the file system say when they refuse, as the errors of the port, each with a sentence. */
import type { AppendError, NotUsableKind, StoreError } from '@access-pools/core'

const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26
const SCHEMA_CHANGED = 17
const PLAIN_ERROR = 1
const READONLY_DBMOVED = 1032

/** The number that SQLite gave its error, extended; nothing where the error is not SQLite's. */
export const sqliteCode = (error: unknown): number | undefined => {
  // Errors of a native binding are not `instanceof Error` where a test runner has an Error of its own.
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code : undefined
}

/** The code that the file system gave its error. */
export const fileCode = (error: unknown): string | undefined => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
    ? error.message
    : String(error)

/** Another process has the file for the moment: it is worth waiting for. */
export const isBusy = (error: unknown): boolean => {
  const code = sqliteCode(error)
  return code !== undefined && [BUSY, LOCKED, SCHEMA_CHANGED].includes(code & 0xff)
}

/** What a row held that no writer of ours wrote. */
export class DamagedRow extends Error {}

/** A refusal of our own, thrown where SQLite's are. */
export class Refused extends Error {
  constructor(readonly refusal: StoreError) {
    super('refused')
  }
}

export const notUsable = (kind: NotUsableKind, reason: string): StoreError => ({
  type: 'NotUsable',
  kind,
  reason,
})

/** The error of a call of SQLite by which nothing was written. */
export const failureOf = (file: string, error: unknown): StoreError => {
  if (error instanceof Refused) return error.refusal
  if (error instanceof DamagedRow) return notUsable('Damaged', `${file} is damaged: ${error.message}`)
  const code = sqliteCode(error)
  if (code === READONLY_DBMOVED) return notUsable('Missing', `${file} was moved, replaced or deleted`)
  const said = messageOf(error)
  switch (code === undefined ? undefined : code & 0xff) {
    case BUSY:
    case LOCKED:
    case SCHEMA_CHANGED:
      return { type: 'Unavailable', reason: `${file} is in use by another process` }
    case READONLY:
      return notUsable('ReadOnly', `${file} may not be written`)
    case CORRUPT:
    case PLAIN_ERROR:
      return notUsable('Damaged', `${file} is damaged: ${said}`)
    case NOTADB:
      return notUsable('NotAStore', `${file} is no store: it is not an SQLite database`)
    case FULL:
      return { type: 'Unavailable', reason: `the disk that holds ${file} is full` }
    case IOERR:
      return { type: 'Unavailable', reason: `${file} could not be read or written: ${said}` }
    case CANTOPEN:
      return { type: 'Unavailable', reason: `${file} cannot be opened: ${said}` }
    default:
      return { type: 'Unavailable', reason: `${file}: ${said}` }
  }
}

/** The error of a commit: after a failed write or sync nobody knows what the next opening will find. */
export const commitFailureOf = (file: string, error: unknown): AppendError => {
  const code = sqliteCode(error)
  return code !== undefined && [BUSY, LOCKED, FULL].includes(code & 0xff)
    ? failureOf(file, error)
    : { type: 'UnknownOutcome', reason: `${file} could not be committed: ${messageOf(error)}` }
}

/** The error of a call of the file system. */
export const fileFailureOf = (file: string, error: unknown): StoreError => {
  switch (fileCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return notUsable('Missing', `the folder of ${file} does not exist`)
    case 'EACCES':
    case 'EPERM':
      return notUsable('NotPermitted', `${file} may not be opened: permission denied`)
    case 'EROFS':
      return notUsable('ReadOnly', `${file} stands on a file system that may not be written`)
    case 'ENOSPC':
    case 'EDQUOT':
      return { type: 'Unavailable', reason: `the disk that would hold ${file} is full` }
    case 'ENAMETOOLONG':
    case 'ELOOP':
    case 'ERR_INVALID_ARG_VALUE':
      return notUsable('NotAStore', `${JSON.stringify(file)} names no file: ${messageOf(error)}`)
    default:
      return { type: 'Unavailable', reason: `${file} cannot be opened: ${messageOf(error)}` }
  }
}
