/**
 * A copy of a store that is open. SQLite copies the pages that stand at one commit, on a thread of its own: nobody
 * who writes waits for it. The copy is made beside its place and linked there when it is whole and on the disk.
 */
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Epoch, Position, Runtime, StoreError } from '@access-pools/core'
import { backup } from '@photostructure/sqlite'
import { type Either, left, right } from 'fp-ts/Either'
import { connect } from './connection'
import { DamagedRow, failureOf, fileFailureOf, notUsable, Refused, sqliteCode } from './failure'
import { makeWhole } from './opening/creation'

/** What was copied. */
export interface Backup {
  readonly file: string
  readonly events: number
  /** Of the last event in the copy: everything up to it is there, and nothing after it. */
  readonly position: Position
}

interface Settings {
  /** The store that is copied. */
  readonly file: string
  readonly epoch: Epoch
  readonly runtime: Runtime
  /** Why what stands in the file now is not what was opened. */
  readonly ended: () => Promise<StoreError | undefined>
}

/** Copies the store to a file that does not exist. What fails leaves nothing under that name. */
export const backUp = async (settings: Settings, to: string): Promise<Either<StoreError, Backup>> => {
  const refused = to === '' ? notUsable('Missing', 'the backup has no name') : inTheWay(to)
  if (refused !== undefined) return left(refused)
  try {
    let copied: Omit<Backup, 'file'> | undefined
    const made = await makeWhole(resolve(to), settings.runtime, async (draft) => {
      await copyTo(settings.file, draft)
      // Asked afterwards, so that it speaks for the copy too.
      const ended = await settings.ended()
      if (ended !== undefined) throw new Refused(ended)
      copied = look(draft, settings.epoch)
    })
    return made && copied !== undefined ? right({ file: to, ...copied }) : left(exists(to))
  } catch (error) {
    if (error instanceof Refused || sqliteCode(error) !== undefined) return left(failureOf(to, error))
    return left(error instanceof DamagedRow ? failureOf(settings.file, error) : fileFailureOf(to, error))
  }
}

const inTheWay = (to: string): StoreError | undefined => {
  try {
    const folder = dirname(resolve(to))
    if (!statSync(folder).isDirectory()) return notUsable('Missing', `${folder} is not a folder`)
    return statSync(to, { throwIfNoEntry: false }) === undefined ? undefined : exists(to)
  } catch (error) {
    return fileFailureOf(to, error)
  }
}

const exists = (to: string): StoreError =>
  notUsable('NotPermitted', `${to} exists already, and a backup overwrites nothing`)

/** All pages in one step: in several, each commit of another process would begin the copy anew. */
const copyTo = async (file: string, draft: string): Promise<void> => {
  const source = connect(file, 'ro')
  try {
    await backup(source.database, draft, { rate: -1 })
  } catch (error) {
    throw blamed(file, error)
  } finally {
    source.database.close()
  }
}

const CORRUPT = 11

/** Only the store can be damaged: all else that fails is about the copy. */
const blamed = (file: string, error: unknown): unknown => {
  const code = sqliteCode(error)
  return code !== undefined && (code & 0xff) === CORRUPT ? new Refused(failureOf(file, error)) : error
}

/** What the copy holds. */
const look = (draft: string, epoch: Epoch): Omit<Backup, 'file'> => {
  markJournal(draft)
  const { database, prepare } = connect(draft, 'unchangeable')
  try {
    const events = prepare('SELECT count(*) FROM events').number()
    const last = prepare('SELECT max(position) FROM events').number()
    if (events === undefined || last === undefined) throw new DamagedRow('its events cannot be counted')
    return { events, position: { epoch, commit: last, prepare: last } }
  } finally {
    database.close()
  }
}

/** A copy keeps no journal of its own until it is told to; then it is all in its one file. */
const markJournal = (draft: string): void => {
  const { database } = connect(draft, 'rw')
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}
