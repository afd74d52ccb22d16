/** Notices what other processes append: SQLite tells nobody, so it is asked while somebody waits for it. */
import type { Runtime } from '@access-pools/core'

/** Subscribers in other processes are to see an append within 100 ms; asking costs a few microseconds. */
const INTERVAL = 25

export interface Changes {
  /** Asks as long as `wanted` says so. */
  readonly watch: () => void
  readonly close: () => Promise<void>
}

interface Settings {
  readonly runtime: Runtime
  /** Another number whenever something was written; none, or an error, where the file cannot be asked. */
  readonly version: () => number | undefined
  readonly wanted: () => boolean
  readonly changed: () => void
}

export const openChanges = ({ runtime, version, wanted, changed }: Settings): Changes => {
  const closing = new AbortController()
  let watching = false
  let watched: Promise<void> = Promise.resolve()
  let seen: number | undefined

  const ask = async (): Promise<void> => {
    watching = true
    while (wanted() && !closing.signal.aborted) {
      await runtime.sleep(INTERVAL, closing.signal)
      if (closing.signal.aborted) break
      try {
        const now = version()
        if (now !== undefined && now === seen) continue
        seen = now
      } catch {
        // Those who wait read for themselves, and learn what is the matter.
      }
      changed()
    }
    watching = false
  }

  return {
    watch: () => {
      if (!watching) watched = ask()
    },
    close: async () => {
      closing.abort()
      await watched
    },
  }
}
