/** One opening of the file: a connection to read, another to write, and how either waits for other processes. */
import { statSync } from 'node:fs'
import type { Epoch, Runtime, StoreError } from '@access-pools/core'
import { type Either, left, right } from 'fp-ts/Either'
import { type Commits, openCommits } from './commits'
import { type Connection, connect } from './connection'
import { createStoreFile } from './opening/creation'
import { failureOf, fileFailureOf, isBusy, Refused, sqliteCode } from './failure'
import { openName } from './opening/file-name'
import { hasJournal, inspect, judgeLength, judgeMarks } from './opening/inspection'
import { openSameLife, type SameLife } from './opening/same-life'
import { openReading, type Reading } from './reading'
import { openWriting, type Writing } from './writing'

export interface Session {
  readonly writing: Writing
  readonly commits: Commits
  /** From now on it answers only as long as the file is in this epoch. */
  readonly belongsTo: (epoch: Epoch) => void
  /** Asks the file, and again where another process has it for the moment. */
  readonly read: <A>(ask: (reading: Reading) => A) => Promise<Either<StoreError, A>>
  readonly version: () => number | undefined
  /** Why what stands under the name now is not what was opened. */
  readonly replaced: () => StoreError | undefined
  readonly closed: () => StoreError | undefined
  readonly close: () => Promise<void>
}

export interface SessionSettings {
  readonly file: string
  readonly runtime: Runtime
  readonly patience: number
  readonly committed: () => void
}

/** Opens the store in a file, or makes it. */
export const openSession = async (settings: SessionSettings): Promise<Either<StoreError, Session>> => {
  const { file, runtime } = settings
  const found = inspect(file)
  if (found._tag === 'Left') return found
  if (found.right === 'Nothing') {
    try {
      await createStoreFile(file, runtime)
    } catch (error) {
      return left(sqliteCode(error) === undefined ? fileFailureOf(file, error) : failureOf(file, error))
    }
    const made = inspect(file)
    if (made._tag === 'Left') return made
  }
  return whenFree(settings, new AbortController().signal, () => connectBoth(settings))
}

/** Does it as soon as no other process is in the way; after the time set for it, that is the answer. */
const whenFree = async <A>(
  { file, runtime, patience }: SessionSettings,
  closed: AbortSignal,
  call: () => A,
): Promise<Either<StoreError, A>> => {
  const begun = runtime.monotonic()
  while (!closed.aborted) {
    try {
      return right(call())
    } catch (error) {
      if (!isBusy(error) || runtime.monotonic() - begun > patience) return left(failureOf(file, error))
    }
    await runtime.sleep(1 + runtime.random() * 3, closed)
  }
  return left({ type: 'Closed' })
}

const connectBoth = (settings: SessionSettings): Session => {
  refuseForeignJournal(settings.file)
  const writer = connect(settings.file, 'rw')
  let reader: Connection | undefined
  try {
    writer.database.exec('PRAGMA synchronous = FULL')
    // The journal may tell of a newer version than the file alone did.
    const refused = judgeMarks(settings.file, writer.database)
    if (refused !== undefined) throw new Refused(refused)
    reader = connect(settings.file, 'ro')
    return sessionOf(settings, writer, reader)
  } catch (error) {
    reader?.database.close()
    writer.database.close()
    throw error
  }
}

/** Through a connection that may not write: closing another one would write the journal into the file. */
const refuseForeignJournal = (file: string): void => {
  if (!hasJournal(file)) return
  // Before anything is read: others make it longer, and then what they tell of it too.
  const { size } = statSync(file)
  const looker = connect(file, 'ro')
  try {
    const refused = judgeLength(file, size, looker)
    if (refused !== undefined) throw new Refused(refused)
  } finally {
    looker.database.close()
  }
}

const sessionOf = (settings: SessionSettings, writer: Connection, reader: Connection): Session => {
  const { file } = settings
  let epoch: Epoch | undefined
  // On the connection that writes: to the other one each commit of our own is news, and would be looked into.
  const life = openSameLife(file, writer, () => epoch)
  const writing = openWriting(writer, life.lookAgain)
  const reading = openReading(reader)
  const name = openName(file, settings.runtime)
  const commits = openCommits({
    ...settings,
    connection: writer,
    undone: writing.undone,
    replaced: name.replacedOfLate,
    ended: life.ended,
  })
  const closing = new AbortController()
  return {
    writing,
    commits,
    belongsTo: (opened) => {
      epoch = opened
      life.lookAgain()
    },
    read: (ask) => whenFree(settings, closing.signal, () => readOne(reading, life, ask)),
    version: reading.version,
    replaced: name.replaced,
    closed: () => (closing.signal.aborted ? { type: 'Closed' } : undefined),
    close: async () => {
      if (closing.signal.aborted) return
      closing.abort()
      await commits.close()
      reader.database.close()
      writeJournalBack(writer)
      writer.database.close()
    },
  }
}

/** An answer of the life that was opened. What fails may do so for the sake of a version that we do not know. */
const readOne = <A>(reading: Reading, life: SameLife, ask: (reading: Reading) => A): A => {
  let answer: A
  try {
    answer = ask(reading)
  } catch (error) {
    const ended = isBusy(error) ? undefined : whyEnded(life)
    throw ended === undefined ? error : new Refused(ended)
  }
  const ended = life.ended()
  if (ended !== undefined) throw new Refused(ended)
  return answer
}

const whyEnded = (life: SameLife): StoreError | undefined => {
  try {
    return life.ended()
  } catch {
    return undefined
  }
}

/**
 * The binding leaves a connection half open until its statements are collected as garbage, and only then SQLite
 * would write its journal back. So it is done here: after closing, the file alone is the whole store.
 */
const writeJournalBack = ({ database }: Connection): void => {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // Others read or write: the last of them does it.
  }
}
