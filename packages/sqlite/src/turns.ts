/**
 * Fair turns among the processes that write. SQLite serves whoever asks at the right moment, and who has just written
 * asks first: without turns one process gets nearly all. `data_version` moves when another connection has written,
 * and only then.
 */
import type { Runtime } from '@access-pools/core'
import type { Connection } from './connection'

/** How long after another process wrote we expect it to write again, in ms. */
const COMPANY = 250

export interface Turns {
  /** Where others write too and the last turn was ours, leaves them the time to take theirs. */
  readonly letOthersGo: (signal: AbortSignal) => Promise<void>
  /** We had a turn. */
  readonly had: () => void
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
  let oursWasLast = false
  return {
    letOthersGo: async (signal) => {
      const now = version()
      if (now !== seen) {
        seen = now
        oursWasLast = false
        companyUntil = runtime.monotonic() + COMPANY
      } else if (oursWasLast && runtime.monotonic() < companyUntil) {
        oursWasLast = false
        await runtime.sleep(1 + runtime.random() * 2, signal)
      }
    },
    had: () => {
      oursWasLast = true
    },
  }
}
