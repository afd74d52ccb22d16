/**
 * Appends over one two-way stream: many under way at once, each answered by its own number, or not in time. An
 * answer that nobody waits for any more is passed over.
 */
import { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb'
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb'
import { BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb'
import { NO_STREAM, type Runtime, type WrittenEvent } from '@access-pools/core'
import { answerOf, type Outcome } from './answers'
import { messageOf, wasNeverSent } from './failure'

/** The two-way stream. */
export type BatchCall = ReturnType<StreamsClient['batchAppend']>

export interface Append {
  readonly stream: string
  readonly expected: number
  readonly events: readonly WrittenEvent[]
  /** Milliseconds until its outcome is unknown. */
  readonly timeout: number
  /** Whoever asked, and may not wait any more. */
  readonly owner: object
}

export interface Appends {
  readonly append: (append: Append) => Promise<Outcome>
  /** Answers all that is under way for an owner who goes. */
  readonly abandon: (owner: object) => void
}

interface UnderWay {
  readonly owner: object
  readonly due: number
  readonly settle: (outcome: Outcome) => void
}

/** One opening of the stream. It breaks for those that went over it, and for no others. */
interface Live {
  readonly call: BatchCall
  readonly underWay: Map<string, UnderWay>
}

/** The server does not write later than so; the client's own default. Longer than we wait, lest clocks differ. */
const SERVER_DEADLINE = 10_000

/** Deadlines are looked at so often: a timer for each append would cost as much as the rest of it. */
const LOOK = 250

/** Opens the stream when it is first needed, and again after it broke. */
export const openAppends = (open: () => Promise<BatchCall>, runtime: Runtime): Appends => {
  let opening: Promise<Live> | undefined
  const lives = new Set<Live>()
  let number = 0
  let watching = false

  const start = async (): Promise<Live> => {
    const live: Live = { call: await open(), underWay: new Map() }
    lives.add(live)
    const over = (outcome: Outcome): void => {
      opening = undefined
      lives.delete(live)
      settleAll(live, outcome, () => true)
    }
    live.call.on('data', (answer: BatchAppendResp) => {
      const id = answer.getCorrelationId()?.getString() ?? ''
      live.underWay.get(id)?.settle(answerOf(answer))
      live.underWay.delete(id)
    })
    live.call.on('error', (error: Error) =>
      over({ type: wasNeverSent(error) ? 'Unsent' : 'Unknown', reason: messageOf(error) }),
    )
    live.call.on('end', () => over({ type: 'Unknown', reason: 'the server ended the stream of appends' }))
    return live
  }

  const watch = async (): Promise<void> => {
    if (watching) return
    watching = true
    while ([...lives].some(({ underWay }) => underWay.size > 0)) {
      await runtime.sleep(LOOK)
      const now = runtime.monotonic()
      for (const live of lives)
        settleAll(live, { type: 'Unknown', reason: 'no answer in time' }, ({ due }) => due <= now)
    }
    watching = false
  }

  const append = async (request: Append): Promise<Outcome> => {
    let live: Live
    try {
      opening ??= start()
      live = await opening
    } catch (error) {
      opening = undefined
      return { type: 'Unsent', reason: messageOf(error) }
    }
    // It broke in the turn between its opening and now.
    if (!lives.has(live)) return { type: 'Unsent', reason: 'the connection broke' }
    number += 1
    const id = `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
    const { timeout, owner } = request
    const message = messageFor(id, request, runtime.now() + Math.max(SERVER_DEADLINE, timeout))
    return new Promise((resolve) => {
      live.underWay.set(id, { owner, due: runtime.monotonic() + timeout, settle: resolve })
      live.call.write(message)
      void watch()
    })
  }

  return {
    append,
    abandon: (leaving) => {
      const outcome: Outcome = { type: 'Unknown', reason: 'closed while it was under way' }
      for (const live of lives) settleAll(live, outcome, ({ owner }) => owner === leaving)
    },
  }
}

const settleAll = ({ underWay }: Live, outcome: Outcome, concerns: (one: UnderWay) => boolean): void => {
  for (const [id, one] of underWay) {
    if (!concerns(one)) continue
    underWay.delete(id)
    one.settle(outcome)
  }
}

const messageFor = (id: string, { stream, expected, events }: Append, deadline: number): BatchAppendReq => {
  const options = new BatchAppendReq.Options()
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(stream)))
    .setDeadline(Timestamp.fromDate(new Date(deadline)))
  if (expected === NO_STREAM) options.setNoStream(new Empty())
  else options.setStreamPosition(String(expected))
  return new BatchAppendReq()
    .setCorrelationId(new UUID().setString(id))
    .setOptions(options)
    .setProposedMessagesList(events.map(proposed))
    .setIsFinal(true)
}

const proposed = ({ id, type, data, metadata }: WrittenEvent): BatchAppendReq.ProposedMessage => {
  const message = new BatchAppendReq.ProposedMessage()
    .setId(new UUID().setString(id))
    .setData(Buffer.from(data))
    .setCustomMetadata(Buffer.from(metadata))
  message.getMetadataMap().set('type', type).set('content-type', 'application/json')
  return message
}
