/**
 * Whether the file that was opened still has its name. SQLite goes on with one that was moved away or replaced (by a
 * restored backup, say): what is written then is lost with it, and what is read stands still.
 */
import { statSync } from 'node:fs'
import type { Runtime, StoreError } from '@access-pools/core'
import { notUsable } from '../failure'

/** How long writers believe what was seen, in ms: a look costs as much as an event. */
const BELIEVED = 10

export interface FileName {
  /** Why what stands under the name is not what was opened. Once that is so, it stays so. */
  readonly replaced: () => StoreError | undefined
  /** The same, as it was a few milliseconds ago. */
  readonly replacedOfLate: () => StoreError | undefined
}

export const openName = (file: string, runtime: Runtime): FileName => {
  const opened = statSync(file)
  let looked = Number.NEGATIVE_INFINITY
  let gone: StoreError | undefined
  const replaced = (): StoreError | undefined => {
    if (gone !== undefined) return gone
    looked = runtime.monotonic()
    try {
      const now = statSync(file, { throwIfNoEntry: false })
      if (now?.ino === opened.ino && now.dev === opened.dev) return undefined
      gone = notUsable('Missing', `${file} was moved, replaced or deleted`)
    } catch {
      // A folder that may not be looked into says nothing of the file.
    }
    return gone
  }
  return {
    replaced,
    replacedOfLate: () =>
      gone === undefined && runtime.monotonic() - looked < BELIEVED ? undefined : replaced(),
  }
}
