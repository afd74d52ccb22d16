/**
 * The last event that a filter takes, searched for backwards from the end. The search ends at an event of ours, at
 * the place that the reader has handled, or where an earlier search began: what stands below is known from then.
 */
import {
  comparePositions,
  laterOf,
  placeIn,
  type Position,
  type StoreError,
  type StreamFilter,
  takes,
} from '@access-pools/core'
import { type Either, right } from 'fp-ts/Either'
import { regexOf } from './filter'
import { pageBefore, type Reading } from './reading'

/** What a search found: where all events end, and the last of ours after the place where it stopped. */
export interface Found {
  readonly tail: Position | undefined
  readonly last: Position | undefined
}

/** Small at first, since the end is mostly near; then as many as a page of a subscription's search window. */
const PAGES = [32, 512]

/** Searches backwards from the end as far as a place (exclusive). */
export const searchBack = async (
  reading: Reading,
  filter: StreamFilter,
  until: Position | undefined,
): Promise<Either<StoreError, Found>> => {
  let tail: Position | undefined
  let before: Position | undefined
  for (let round = 0; ; round += 1) {
    const page = await pageBefore(reading, before, PAGES[round] ?? PAGES.at(-1) ?? 1)
    if (page._tag === 'Left') return page
    for (const { position, stream } of page.right.events) {
      tail ??= position
      if (until !== undefined && comparePositions(position, until) <= 0)
        return right({ tail, last: undefined })
      if (takes(filter, stream)) return right({ tail, last: position })
      before = position
    }
    if (page.right.end) return right({ tail, last: undefined })
  }
}

/** Up to where a filter's events are known, and the last of them. */
interface Known {
  readonly tail: Position
  readonly last: Position | undefined
}

export type Heads = (
  filter: StreamFilter,
  handled: Position | undefined,
) => Promise<Either<StoreError, Position | undefined>>

export const openHeads = (reading: Reading): Heads => {
  const known = new Map<string, Known>()

  const heads: Heads = async (filter, handled) => {
    const foreign = placeIn(reading.epoch, handled)
    if (foreign._tag === 'Left') return foreign
    const key = regexOf(filter)
    const earlier = known.get(key)
    const until = laterOf(handled, earlier?.tail)
    const found = await searchBack(reading, filter, until)
    if (found._tag === 'Left') return found
    const { tail, last } = found.right
    if (earlier !== undefined && isBehind(tail, earlier.tail)) {
      known.delete(key)
      return heads(filter, handled)
    }
    if (tail === undefined) return right(handled)
    // It stopped at the handled place: what stands below that is still not known, and does not matter.
    if (last === undefined && handled !== undefined && until === handled) return right(handled)
    const head = last ?? earlier?.last
    known.set(key, { tail, last: head })
    return right(laterOf(handled, head))
  }
  return heads
}

/** The store ends before a place that it once had: what is known of it is of another life. */
const isBehind = (tail: Position | undefined, known: Position): boolean =>
  tail === undefined || comparePositions(tail, known) < 0
