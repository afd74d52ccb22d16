/**
 * Fair turns among the processes that write. SQLite serves whoever asks at the right moment, and who has just written
 * asks first. Most often the others come in between by themselves; where they do not for a while, this one steps
 * back for as long as they need to notice. (Stepping back after each transaction is no fairer, and costs most of the
 * throughput.) `data_version` moves when another connection has written, and only then.
 */
import type { Runtime } from '@access-pools/core'
import type { Connection } from './connection'

/** How long after another process wrote we expect it to write again, in ms. */
const COMPANY = 250

/** How often one process may write in company without stepping back. Counted, so that a busy machine changes nothing. */
const MOST_IN_A_ROW = 16

export interface Turns {
  /** Steps back where others write too and have not come in between for a while. */
  readonly letOthersGo: (signal: AbortSignal) => Promise<void>
}

export const openTurns = (connection: Connection, runtime: Runtime): Turns => {
  const statement = connection.prepare('PRAGMA data_version')
  const version = (): number | undefined => {
    try {
      return statement.number()
    } catch {
      // Another process is mending the journal: that is company too.
      return undefined
    }
  }
  let seen = version()
  let companyUntil = Number.NEGATIVE_INFINITY
  let inARow = 0
  return {
    letOthersGo: async (signal) => {
      const others = version()
      const now = runtime.monotonic()
      if (others !== seen) {
        seen = others
        companyUntil = now + COMPANY
        inARow = 1
      } else if (now < companyUntil && inARow >= MOST_IN_A_ROW) {
        await runtime.sleep(1 + runtime.random() * 2, signal)
        inARow = 1
      } else inARow += 1
    },
  }
}
