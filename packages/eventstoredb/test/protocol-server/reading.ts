/** Reads and subscriptions: pages of the log, sent no faster than they are taken. */
import { randomUUID } from 'node:crypto'
import type { ServerWritableStream } from '@grpc/grpc-js'
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb'
import type { Faults } from './faults'
import type { Log, Logged } from './log'
import {
  type CallError,
  caughtUp,
  checkpoint,
  confirmation,
  deletedError,
  dropped,
  eventMessage,
  nameOf,
  notFound,
  unknownError,
} from './messages'

type Call = ServerWritableStream<ReadReq, ReadResp>

const PAGE = 512
/** What a client's "no window" means. */
const USUAL_WINDOW = 32

export interface Reader {
  readonly read: (call: Call) => void
  /** Something was written. */
  readonly wake: () => void
  /** Ends every subscription as a server does that goes away. */
  readonly drop: () => number
  readonly counts: () => Counts
}

export interface Counts {
  /** Open now. */
  readonly reads: number
  readonly subscriptions: number
  /** Events sent since it was started. */
  readonly sent: number
}

interface Live {
  readonly call: Call
  wake: () => void
}

export const openReader = (log: Log, faults: Faults): Reader => {
  const subscriptions = new Set<Live>()
  let reads = 0
  return {
    wake: () => {
      for (const live of subscriptions) live.wake()
    },
    drop: () => {
      const all = [...subscriptions]
      for (const live of all) fail(live.call, dropped())
      return all.length
    },
    counts: () => ({ reads, subscriptions: subscriptions.size, sent: traffic.sent }),
    read: (call) => {
      const options = call.request.getOptions() ?? new ReadReq.Options()
      if (options.hasSubscription()) {
        const live: Live = { call, wake: () => undefined }
        subscriptions.add(live)
        void subscribe(log, faults, options, live).finally(() => subscriptions.delete(live))
        return
      }
      reads += 1
      const done = options.hasAll() ? readAll(log, options, call) : readStream(log, options, call)
      void done.finally(() => (reads -= 1))
    },
  }
}

const fail = (call: Call, error: CallError): void => {
  call.emit('error', { ...error, name: 'Error', message: error.details })
}

/** Events sent by this process. */
const traffic = { sent: 0 }

const ENDS = ['drain', 'cancelled', 'error', 'close']

/** Until the client takes more, or nothing any more. */
const room = (call: Call): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      for (const name of ENDS) call.off(name, done)
      resolve()
    }
    for (const name of ENDS) call.on(name, done)
  })

/** Sends, and waits where the client does not take it; false where it has gone. */
const send = async (call: Call, message: ReadResp): Promise<boolean> => {
  if (call.cancelled || call.destroyed) return false
  if (message.hasEvent()) traffic.sent += 1
  if (!call.write(message)) await room(call)
  return !call.cancelled
}

const mostOf = (options: ReadReq.Options): number =>
  Math.min(Number(options.getCount()), Number.MAX_SAFE_INTEGER)

const isBackwards = (options: ReadReq.Options): boolean =>
  options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS

async function readStream(log: Log, options: ReadReq.Options, call: Call): Promise<void> {
  const asked = options.getStream()
  const stream = nameOf(asked?.getStreamIdentifier())
  const { last, truncateBefore, maxCount, tombstoned } = log.stateOf(stream)
  if (tombstoned) {
    fail(call, deletedError(stream))
    return
  }
  const first = Math.max(truncateBefore, maxCount === Infinity ? 0 : last + 1 - maxCount)
  if (first > last) {
    call.write(notFound(stream))
    call.end()
    return
  }
  const backwards = isBackwards(options)
  let from = asked?.hasRevision() === true ? Number(asked.getRevision()) : backwards ? last : 0
  if (asked?.hasEnd() === true) from = backwards ? last : last + 1
  let left = mostOf(options)
  while (left > 0) {
    const page = Math.min(left, PAGE)
    const events = backwards
      ? log.ofStreamBackwards(stream, first, from, page)
      : log.ofStream(stream, Math.max(from, first), last, page)
    for (const event of events) if (!(await send(call, eventMessage(event)))) return
    left -= events.length
    if (events.length < page) break
    from = (events.at(-1)?.revision ?? 0) + (backwards ? -1 : 1)
  }
  call.end()
}

/** A place that was asked from: the commit where a record begins, or the end. */
const placeOf = (log: Log, all: ReadReq.Options.AllOptions | undefined): number | CallError => {
  const commit = Number(all?.getPosition()?.getCommitPosition() ?? 0)
  if (commit < log.end && !log.isRecord(commit))
    return unknownError(`${commit} is no place where a record begins`)
  return commit
}

async function readAll(log: Log, options: ReadReq.Options, call: Call): Promise<void> {
  const all = options.getAll()
  const backwards = isBackwards(options)
  let from = backwards ? log.end : 0
  if (all?.hasPosition() === true) {
    const place = placeOf(log, all)
    if (typeof place !== 'number') {
      fail(call, place)
      return
    }
    from = place
  } else if (all?.hasEnd() === true) from = log.end
  let left = mostOf(options)
  while (left > 0) {
    const page = Math.min(left, PAGE)
    const events = backwards ? log.backwards(from, page) : log.forwards(from, page)
    for (const event of events) if (!(await send(call, eventMessage(event)))) return
    left -= events.length
    if (events.length < page) break
    from = (events.at(-1)?.position ?? 0) + (backwards ? 0 : 1)
  }
  call.end()
}

interface Filter {
  readonly takes: (event: Logged) => boolean
  /** After so many events that were looked at a checkpoint is sent; never without a filter. */
  readonly interval: number
}

const filterOf = (options: ReadReq.Options): Filter => {
  const filter = options.getFilter()
  if (filter === undefined) return { takes: () => true, interval: Infinity }
  const ofType = filter.getEventType()
  const expression = ofType ?? filter.getStreamIdentifier()
  const regex = new RegExp(expression?.getRegex() ?? '')
  const prefixes = expression?.getPrefixList() ?? []
  const passes = (text: string): boolean =>
    prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text)
  return {
    takes: ({ type, stream }) => passes(ofType === undefined ? stream : type),
    interval: filter.getCheckpointintervalmultiplier() * (filter.hasMax() ? filter.getMax() : USUAL_WINDOW),
  }
}

async function subscribe(log: Log, faults: Faults, options: ReadReq.Options, live: Live): Promise<void> {
  const { call } = live
  const all = options.getAll()
  let [next, after] = [0, -1]
  if (all?.hasPosition() === true) {
    const place = placeOf(log, all)
    if (typeof place !== 'number') {
      fail(call, place)
      return
    }
    next = place
    // The start is exclusive: a prepare before the commit is a place before the record that begins there.
    if (Number(all.getPosition()?.getPreparePosition()) >= place) after = place
  } else if (all?.hasEnd() === true) next = log.end
  const filter = filterOf(options)
  if (!(await send(call, confirmation(randomUUID())))) return
  let [seen, isCaughtUp, ended] = [0, false, false]
  const over = (): void => {
    ended = true
    live.wake()
  }
  call.once('cancelled', over)
  call.once('error', over)
  while (!ended) {
    const events = faults.silent ? [] : log.forwards(next, PAGE)
    for (const event of events) {
      next = event.position + 1
      if (event.position > after && filter.takes(event) && !(await send(call, eventMessage(event)))) return
      seen += 1
      if (seen >= filter.interval) {
        seen = 0
        if (!(await send(call, checkpoint(recordAfter(log, event))))) return
      }
    }
    if (events.length > 0) continue
    if (!isCaughtUp && !(await send(call, caughtUp()))) return
    isCaughtUp = true
    // What was written while the message went out has woken nobody.
    if (faults.silent || log.end <= next || log.forwards(next, 1).length === 0)
      await new Promise<void>((resolve) => (live.wake = resolve))
  }
}

const recordAfter = (log: Log, event: Logged): number =>
  log.forwards(event.position + 1, 1)[0]?.position ?? log.end
