/** What a subscription that stays silent may mean, told by a look at the end of all events. */
import { comparePositions, type Position, type ReadAll } from '@access-pools/core'
import { searchBack } from '../head'
import type { Reading } from '../reading'

/** Looks at the end that see an event of ours which has not come, before the subscription counts as dead. */
const MOST_MISSED = 5

export type Look =
  | { readonly type: 'NothingOfOurs'; readonly upTo: Position }
  | { readonly type: 'Nothing' }
  | { readonly type: 'Dead'; readonly reason: string }

export interface Watch {
  readonly heard: (position: Position) => void
  readonly look: () => Promise<Look>
}

/** Looks at the end while nothing comes. */
export const watchEnd = (reading: Reading, { after, filter }: ReadAll): Watch => {
  let handedOver = after
  let missed = 0
  return {
    heard: (position) => {
      handedOver = position
      missed = 0
    },
    look: async () => {
      const found = await searchBack(reading, filter, handedOver)
      // A server that does not answer ends the subscription by itself, sooner or later.
      if (found._tag === 'Left') return { type: 'Nothing' }
      const { tail, last } = found.right
      if (last !== undefined) {
        missed += 1
        return missed < MOST_MISSED
          ? { type: 'Nothing' }
          : { type: 'Dead', reason: `events are there that it does not deliver, up to ${last.commit}` }
      }
      const isPast =
        tail !== undefined && (handedOver === undefined || comparePositions(tail, handedOver) > 0)
      return isPast ? { type: 'NothingOfOurs', upTo: tail } : { type: 'Nothing' }
    },
  }
}
