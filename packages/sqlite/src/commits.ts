/**
 * Group commit: what is to be written gathers while the last commit is on its way to the disk, and goes into the next
 * one together. A file that another process is writing to is waited for with sleeps, so that nothing else in this
 * process stands still meanwhile.
 */
import type { AppendError, Runtime } from '@access-pools/core'
import { type Either, left, right } from 'fp-ts/Either'
import type { Connection } from './connection'
import { openGathering } from './gathering'
import { openTransactions, type Piece } from './transaction'
import { openTurns } from './turns'

/** So much goes into one commit: it stays short for readers of this process, and for other writers. */
const MOST_EVENTS = 2000
const MOST_PIECES = 256

export interface Commits {
  /** Writes within the next transaction. */
  readonly submit: <A>(events: number, write: (now: number) => A) => Promise<Either<AppendError, A>>
  /** What was not begun is not written any more. Resolves when nothing is under way. */
  readonly close: () => Promise<void>
}

interface Settings {
  readonly file: string
  readonly connection: Connection
  readonly runtime: Runtime
  /** How long to wait for other writers, in ms. */
  readonly patience: number
  readonly undone: () => void
  readonly replaced: () => AppendError | undefined
  readonly ended: () => AppendError | undefined
  readonly committed: () => void
}

export const openCommits = (settings: Settings): Commits => {
  const { file, connection, runtime, patience } = settings
  const transactions = openTransactions(settings)
  const turns = openTurns(connection, runtime)
  const gathering = openGathering(runtime)
  const closing = new AbortController()
  let waiting: Piece[] = []
  let draining = false
  let drained: Promise<void> = Promise.resolve()

  const drain = async (): Promise<void> => {
    draining = true
    await gathering.gather()
    while (waiting.length > 0 && !closing.signal.aborted) {
      await turns.letOthersGo(closing.signal)
      if (closing.signal.aborted) break
      await writeNext()
      await gathering.gather()
    }
    failAll({ type: 'Closed' })
    draining = false
  }

  const writeNext = async (): Promise<void> => {
    const refused = transactions.begin()
    if (refused === undefined) {
      const group = waiting.splice(0, sizeOfGroup(waiting))
      gathering.saw(group.length + waiting.length)
      waiting.unshift(...transactions.write(group))
    } else if (refused === 'Busy') {
      failLate()
      await runtime.sleep(1 + runtime.random() * 2, closing.signal)
    } else failAll(refused)
  }

  const failLate = (): void => {
    const begun = runtime.monotonic() - patience
    const late = waiting.filter(({ since }) => since <= begun)
    if (late.length === 0) return
    waiting = waiting.filter(({ since }) => since > begun)
    const reason = `other processes have been writing to ${file} for ${patience} ms`
    for (const piece of late) piece.fail({ type: 'Unavailable', reason })
  }

  const failAll = (error: AppendError): void => {
    const all = waiting
    waiting = []
    for (const piece of all) piece.fail(error)
  }

  return {
    submit: (events, write) =>
      new Promise((resolve) => {
        if (closing.signal.aborted) {
          resolve(left({ type: 'Closed' }))
          return
        }
        waiting.push({
          events,
          since: runtime.monotonic(),
          write: (now) => {
            const value = write(now)
            return () => resolve(right(value))
          },
          fail: (error) => resolve(left(error)),
          alone: false,
        })
        if (!draining) drained = drain()
      }),
    close: async () => {
      closing.abort()
      await drained
    },
  }
}

const sizeOfGroup = (waiting: readonly Piece[]): number => {
  let events = 0
  let size = 0
  for (const piece of waiting) {
    events += piece.events
    if (size > 0 && (piece.alone || events > MOST_EVENTS || size >= MOST_PIECES)) break
    size += 1
    if (piece.alone) break
  }
  return size
}
