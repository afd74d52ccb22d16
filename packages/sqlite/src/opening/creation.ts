/**
 * Making a new store. It is made whole beside its place and then linked there: whoever opens the file, at whatever
 * moment, finds no file or a store; and of several that make it at once one wins, and the others open that one.
 */
import { closeSync, constants, copyFileSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { randomId, type Runtime } from '@access-pools/core'
import { DatabaseSync } from '@photostructure/sqlite'
import { fileCode } from '../failure'
import { SCHEMA } from './schema'

/** What is in it is between those who run the service; SQLite gives the files beside it the same rights. */
const OWNER_ONLY = 0o600

/** Makes the store where there is no file. Throws what SQLite or the file system throw. */
export const createStoreFile = async (file: string, runtime: Runtime): Promise<void> => {
  await makeWhole(file, runtime, writeSchema)
}

/**
 * Makes a file beside its place, and puts it there when it is whole; where something stands there by then, that
 * stays. Answers whether the place was taken by what was made.
 */
export const makeWhole = async (
  file: string,
  runtime: Runtime,
  make: (draft: string) => void | Promise<void>,
): Promise<boolean> => {
  const draft = `${file}.${randomId(runtime)}.new`
  try {
    closeSync(openSync(draft, 'wx', OWNER_ONLY))
    await make(draft)
    const placed = putInPlace(draft, file)
    syncFolder(dirname(file))
    return placed
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${end}`, { force: true })
  }
}

const writeSchema = (draft: string): void => {
  const database = new DatabaseSync(draft, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    database.exec(`BEGIN; ${SCHEMA} COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`)
  } finally {
    database.close()
  }
}

const putInPlace = (draft: string, file: string): boolean => {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    const code = fileCode(error)
    if (code === 'EEXIST') return false
    if (code === undefined || !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code))
      throw error
    return copyWhole(draft, file)
  }
}

/** Where the file system knows no links. Who opens it in this instant may find it cut off; nothing is lost by it. */
const copyWhole = (draft: string, file: string): boolean => {
  try {
    copyFileSync(draft, file, constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (fileCode(error) === 'EEXIST') return false
    throw error
  }
}

/** So that the new name outlives a loss of power, as what is acknowledged in it will. */
const syncFolder = (folder: string): void => {
  try {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // Not every system lets a folder be opened; those that do not keep their names in order by themselves.
  }
}
