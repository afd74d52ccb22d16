/** One transaction for several pieces of writing, each with its own answer: all of them are committed, or none. */
import type { AppendError, Runtime } from '@access-pools/core'
import type { Connection } from './connection'
import { commitFailureOf, failureOf, isBusy } from './failure'

/** Something to be written. */
export interface Piece {
  readonly events: number
  /** Since when it waits, by the monotonic clock. */
  readonly since: number
  /** Writes it into the transaction under way; what comes back tells the answer once that is committed. */
  readonly write: (now: number) => () => void
  readonly fail: (error: AppendError) => void
  /** It was in a transaction that failed: the next one is its own, so that it can fail nobody but itself. */
  readonly alone: boolean
}

export interface Transactions {
  /** Takes the file to write; nothing where it did, else why not. */
  readonly begin: () => AppendError | 'Busy' | undefined
  /** Writes and commits, and answers each piece. What comes back is to be tried again. */
  readonly write: (group: readonly Piece[]) => readonly Piece[]
}

interface Settings {
  readonly file: string
  readonly connection: Connection
  readonly runtime: Runtime
  /** Nothing of the transaction stands: what was remembered of it is to be forgotten. */
  readonly undone: () => void
  /** Why what stands under the name now is not what was opened. SQLite would write to what has no name any more. */
  readonly replaced: () => AppendError | undefined
  /** Why nothing may be written to what it has become. */
  readonly ended: () => AppendError | undefined
  readonly committed: () => void
}

export const openTransactions = (settings: Settings): Transactions => {
  const { file, connection, runtime, undone, committed } = settings
  const begin = connection.prepare('BEGIN IMMEDIATE')
  const commit = connection.prepare('COMMIT')

  const rollBack = (): void => {
    undone()
    try {
      if (connection.database.isTransaction) connection.database.exec('ROLLBACK')
    } catch {
      // After the errors that matter SQLite rolls back by itself; where not, the next BEGIN tells.
    }
  }

  return {
    begin: () => {
      try {
        const gone = settings.replaced()
        if (gone !== undefined) return gone
        begin.run()
        // Asked here, where no other process can change it before the commit.
        const ended = settings.ended()
        if (ended !== undefined) rollBack()
        return ended
      } catch (error) {
        if (connection.database.isTransaction) rollBack()
        return isBusy(error) ? 'Busy' : failureOf(file, error)
      }
    },
    write: (group) => {
      const answers: (() => void)[] = []
      try {
        const now = Math.floor(runtime.now())
        for (const piece of group) answers.push(piece.write(now))
      } catch (error) {
        rollBack()
        if (group.length > 1) return group.map((piece) => ({ ...piece, alone: true }))
        for (const piece of group) piece.fail(failureOf(file, error))
        return []
      }
      try {
        commit.run()
      } catch (error) {
        rollBack()
        for (const piece of group) piece.fail(commitFailureOf(file, error))
        return []
      }
      for (const answer of answers) answer()
      committed()
      return []
    },
  }
}
