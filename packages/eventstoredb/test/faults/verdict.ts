/** Reads everything back, and holds it against what was acknowledged and delivered. */
import {
  comparePositions,
  type EventStore,
  OUR_STREAMS,
  type Position,
  type ReadModel,
  type RecordedEvent,
} from '@access-pools/core'
import type { Acknowledged, Follower } from './following'
import type { Answered } from './traffic'

/** All events of ours after a place. */
export const historyAfter = async (
  store: EventStore,
  after: Position | undefined,
): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  for (let from = after; ;) {
    const slice = await store.readAll({ after: from, filter: OUR_STREAMS, most: 1_000 })()
    if (slice._tag === 'Left') throw new Error(JSON.stringify(slice.left))
    all.push(...slice.right.events)
    from = slice.right.position
    if (slice.right.end) return all
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined

/** The command that an event came of; a part of one counts as the whole. */
const commandOf = ({ metadata }: RecordedEvent): string =>
  String(field(metadata, '$causationId')).replace(/\/\d+$/, '')

/** What an event is about, whatever else it says. */
const subjectOf = ({ data }: RecordedEvent): string =>
  ['charger', 'identity', 'request', 'partner'].map((name) => String(field(data, name))).join()

const groupBy = <A>(list: readonly A[], keyOf: (one: A) => string): ReadonlyMap<string, readonly A[]> => {
  const groups = new Map<string, A[]>()
  for (const one of list) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}

export interface Evidence {
  readonly history: readonly RecordedEvent[]
  readonly acknowledged: readonly Acknowledged[]
  readonly answered: readonly Answered[]
  /** By each of the subscribers. */
  readonly seen: readonly Follower['seen'][]
  readonly live: ReadModel
  readonly fresh: ReadModel
}

export interface Verdict {
  /** Acknowledged events that are not there. */
  readonly lost: number
  /** Events that are there again; and commands that did twice what they do once. */
  readonly twice: number
  /** Commands that were refused, and wrote what they always write. */
  readonly contradicted: number
  /** Places in streams where a revision is missing or comes again. */
  readonly gaps: number
  /** Events that a subscriber did not get, or got twice or out of order. */
  readonly missed: number
  /** Pools, chargers and identities of which the read model says other than a fresh one. */
  readonly differs: number
}

export const judge = ({ history, acknowledged, answered, seen, live, fresh }: Evidence): Verdict => {
  const streams = groupBy(history, ({ stream }) => stream)
  const ofCommand = groupBy(history, commandOf)
  return {
    lost: lostAppends(streams, acknowledged) + lostCommands(ofCommand, answered),
    twice: extra(history.map(({ stream, id }) => `${stream} ${id}`)) + extra(history.map(saying)),
    contradicted: answered.filter(
      ({ deed, done }) =>
        done === undefined && deed.always !== undefined && (ofCommand.get(deed.id)?.length ?? 0) > 0,
    ).length,
    gaps: gapsIn(streams),
    missed: seen.reduce((sum, one) => sum + missedOf(history, one), 0),
    differs: differences(live, fresh),
  }
}

const lostAppends = (
  streams: ReadonlyMap<string, readonly RecordedEvent[]>,
  acknowledged: readonly Acknowledged[],
): number => {
  let lost = 0
  for (const { stream, revision, ids } of acknowledged) {
    const events = streams.get(stream) ?? []
    const offset = revision - ids.length + 1 - (events[0]?.revision ?? 0)
    lost += ids.filter((id, index) => events[offset + index]?.id !== id).length
  }
  return lost
}

const lostCommands = (
  ofCommand: ReadonlyMap<string, readonly RecordedEvent[]>,
  answered: readonly Answered[],
): number => {
  let lost = 0
  for (const { deed, done } of answered) {
    if (done === undefined) continue
    const there = ofCommand.get(deed.id) ?? []
    for (const [type, said] of groupBy(done.events, (name) => name))
      lost += Math.max(0, said.length - there.filter((event) => event.type === type).length)
    const { always } = deed
    if (always === undefined || done.events.length > 0) continue
    // A repeat is answered by what the first one did.
    if (!there.some(({ stream, type }) => stream === always.stream && type === always.type)) lost += 1
  }
  return lost
}

const extra = (keys: readonly string[]): number => keys.length - new Set(keys).size

/** One command says one thing of one subject once. */
const saying = (event: RecordedEvent): string =>
  [event.stream, commandOf(event), event.type, subjectOf(event)].join(' ')

const gapsIn = (streams: ReadonlyMap<string, readonly RecordedEvent[]>): number => {
  let gaps = 0
  for (const events of streams.values())
    gaps += events.filter(({ revision }, index) => revision !== (events[0]?.revision ?? 0) + index).length
  return gaps
}

const missedOf = (history: readonly RecordedEvent[], seen: Follower['seen']): number => {
  const places = new Set(seen.map(({ position, id }) => `${position.commit} ${id}`))
  const notSeen = history.filter(({ position, id }) => !places.has(`${position.commit} ${id}`)).length
  const outOfOrder = seen.filter(({ position }, index) => {
    const before = seen[index - 1]
    return before !== undefined && comparePositions(position, before.position) <= 0
  }).length
  return notSeen + outOfOrder + Math.max(0, seen.length - places.size)
}

/** What a read model says, one line a pool, member, charger and identity. */
const linesOf = ({ index }: ReadModel): ReadonlySet<string> => {
  const lines = new Set<string>()
  for (const pool of index.pools()) {
    lines.add(JSON.stringify(['pool', pool, index.pool(pool)?.access]))
    for (const charger of index.chargersOf(pool))
      lines.add(JSON.stringify(['charger', pool, charger, index.charger(charger)?.access]))
    for (const identity of index.membersOf(pool)) {
      const member = index.member(pool, identity)
      lines.add(
        JSON.stringify(['member', pool, identity, member?.access, `${member?.from}-${member?.until}`]),
      )
    }
  }
  for (const identity of index.identities())
    lines.add(JSON.stringify(['identity', identity, index.identity(identity)?.access]))
  return lines
}

const differences = (one: ReadModel, other: ReadModel): number => {
  const [ours, theirs] = [linesOf(one), linesOf(other)]
  const notIn = (these: ReadonlySet<string>, those: ReadonlySet<string>): number =>
    [...these].filter((line) => !those.has(line)).length
  return notIn(ours, theirs) + notIn(theirs, ours)
}
