/**
 * The history of a pool, a charger or an identity: every event that concerns it, in the order of all events, with who
 * and when. Nothing is hidden that happened: an event that cannot be decoded is shown as it stands.
 */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Actor } from '../domain/language/actor'
import { Metadata } from '../domain/event/envelope'
import { type ChargerId, type IdentityId, PoolId } from '../domain/language/ids'
import { comparePositions, type Position } from '../domain/event/position'
import type { RecordedEvent } from '../domain/event/recorded'
import { chargerStream, identityStream, OUR_STREAMS, poolStream } from '../domain/event/streams'
import { type Instant, instantOf } from '../domain/language/window'
import type { EventStore, StoreError } from '../store/event-store'

/** Whose history. */
export type HistorySubject =
  | { readonly type: 'Pool'; readonly pool: PoolId }
  | { readonly type: 'Charger'; readonly charger: ChargerId }
  | { readonly type: 'Identity'; readonly identity: IdentityId }

export interface HistoryEntry {
  readonly position: Position
  readonly stream: string
  readonly revision: number
  readonly type: string
  /** The event's body, as the store holds it. */
  readonly data: unknown
  /** Nothing where the event's metadata cannot be read. */
  readonly actor: Actor | undefined
  /** When it occurred; when the store took it where that cannot be read. */
  readonly at: Instant
  readonly note?: string
}

const PAGE = 1000

const entryOf = ({
  position,
  stream,
  revision,
  type,
  data,
  metadata,
  storedAt,
}: RecordedEvent): HistoryEntry => {
  const known = Metadata.is(metadata) ? metadata : undefined
  return {
    position,
    stream,
    revision,
    type,
    data,
    actor: known?.actor,
    at: known?.occurredAt ?? instantOf(storedAt),
    ...(known?.note === undefined ? {} : { note: known.note }),
  }
}

/** One field of a body, where it is a string. */
const fieldOf = (data: unknown, field: string): string | undefined => {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, field)) return undefined
  const value = new Map<string, unknown>(Object.entries(data)).get(field)
  return typeof value === 'string' ? value : undefined
}

type Events = readonly RecordedEvent[]
type Read = Promise<Either<StoreError, Events>>

const readStream = async (store: EventStore, stream: string): Read => {
  const events: RecordedEvent[] = []
  for (;;) {
    const slice = await store.readStream(stream, events.length, PAGE)()
    if (isLeft(slice)) return slice
    events.push(...slice.right.events)
    if (slice.right.end) return right(events)
  }
}

/** Reads the events of several streams that a test takes. */
const readSome = async (
  store: EventStore,
  streams: readonly string[],
  takes: (event: RecordedEvent) => boolean,
): Read => {
  const events: RecordedEvent[] = []
  for (const stream of streams) {
    const read = await readStream(store, stream)
    if (isLeft(read)) return read
    events.push(...read.right.filter(takes))
  }
  return right(events)
}

/** What pools say of a charger: those pools that its own stream names. */
const ofCharger = async (store: EventStore, charger: ChargerId): Read => {
  const own = await readStream(store, chargerStream(charger))
  if (isLeft(own)) return own
  const pools = new Set(own.right.flatMap(({ data }) => fieldOf(data, 'pool') ?? []))
  const streams = [...pools].filter((pool) => PoolId.is(pool)).map(poolStream)
  const theirs = await readSome(store, streams, ({ data }) => fieldOf(data, 'charger') === charger)
  return isLeft(theirs) ? theirs : right([...own.right, ...theirs.right])
}

/** What pools say of an identity: any pool may, so all events are read. */
const ofIdentity = async (store: EventStore, identity: IdentityId): Read => {
  const own = identityStream(identity)
  const events: RecordedEvent[] = []
  const requests = new Set<string>()
  let after: Position | undefined
  for (;;) {
    const slice = await store.readAll({ after, filter: OUR_STREAMS, most: PAGE })()
    if (isLeft(slice)) return slice
    for (const event of slice.right.events) {
      const request = fieldOf(event.data, 'request')
      const about = fieldOf(event.data, 'identity') === identity
      if (about && request !== undefined) requests.add(`${event.stream}/${request}`)
      if (
        event.stream === own ||
        about ||
        (request !== undefined && requests.has(`${event.stream}/${request}`))
      )
        events.push(event)
    }
    after = slice.right.position
    if (slice.right.end) return right(events)
  }
}

const readSubject = (store: EventStore, subject: HistorySubject): Read => {
  switch (subject.type) {
    case 'Pool':
      return readStream(store, poolStream(subject.pool))
    case 'Charger':
      return ofCharger(store, subject.charger)
    case 'Identity':
      return ofIdentity(store, subject.identity)
  }
}

/** Whose an event was when it happened: what its stream had said last by then. */
type OrganizationAt = (event: RecordedEvent) => string | undefined

const organizationsOf = async (
  store: EventStore,
  streams: ReadonlySet<string>,
): Promise<Either<StoreError, OrganizationAt>> => {
  const byStream = new Map<string, string[]>()
  for (const stream of streams) {
    const read = await readStream(store, stream)
    if (isLeft(read)) return read
    const organizations: string[] = []
    for (const { data } of read.right)
      organizations.push(fieldOf(data, 'organization') ?? organizations.at(-1) ?? '')
    byStream.set(stream, organizations)
  }
  return right(({ stream, revision }) => byStream.get(stream)?.[revision])
}

/** What a driver sees: what names it, and what came of its requests. */
const ofDriver = (events: Events, identity: IdentityId): Events => {
  const requestOf = ({ stream, data }: RecordedEvent): string => `${stream}/${fieldOf(data, 'request') ?? ''}`
  const named = (event: RecordedEvent): boolean =>
    event.stream === identityStream(identity) || fieldOf(event.data, 'identity') === identity
  const requests = new Set(
    events.filter((event) => named(event) && fieldOf(event.data, 'request') !== undefined).map(requestOf),
  )
  return events.filter((event) => named(event) || requests.has(requestOf(event)))
}

/** Leaves out what an actor may not see: an administrator sees what was its organization's, a driver its own. */
const visible = async (store: EventStore, events: Events, actor: Actor): Read => {
  if (actor.type === 'Operator' || actor.type === 'System') return right(events)
  if (actor.type === 'Driver') return right(ofDriver(events, actor.identity))
  const organizationAt = await organizationsOf(store, new Set(events.map(({ stream }) => stream)))
  if (isLeft(organizationAt)) return organizationAt
  return right(events.filter((event) => organizationAt.right(event) === actor.organization))
}

/** The history of a subject as far as an actor may see it, oldest first. */
export const history =
  (
    store: EventStore,
    subject: HistorySubject,
    actor: Actor,
  ): TaskEither<StoreError, readonly HistoryEntry[]> =>
  async () => {
    const read = await readSubject(store, subject)
    if (isLeft(read)) return left(read.left)
    const seen = await visible(store, read.right, actor)
    if (isLeft(seen)) return seen
    return right([...seen.right].sort((a, b) => comparePositions(a.position, b.position)).map(entryOf))
  }
