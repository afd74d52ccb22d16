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
  /** Whoever asked does not wait any more. */
  readonly closing: AbortSignal
}

export interface Appends {
  readonly append: (append: Append) => Promise<Outcome>
}

type Settle = (outcome: Outcome) => void

interface Live {
  readonly call: BatchCall
  readonly underWay: Map<string, Settle>
}

/** The server does not write later than so; the client's own default. Longer than we wait, lest clocks differ. */
const SERVER_DEADLINE = 10_000

/** Opens the stream when it is first needed, and again after it broke. */
export const openAppends = (open: () => Promise<BatchCall>, runtime: Runtime): Appends => {
  let live: Promise<Live> | undefined
  let number = 0

  const start = async (): Promise<Live> => {
    const opened: Live = { call: await open(), underWay: new Map() }
    const over = (outcome: Outcome): void => {
      live = undefined
      for (const settle of [...opened.underWay.values()]) settle(outcome)
    }
    opened.call.on('data', (answer: BatchAppendResp) => {
      opened.underWay.get(answer.getCorrelationId()?.getString() ?? '')?.(answerOf(answer))
    })
    opened.call.on('error', (error: Error) =>
      over({ type: wasNeverSent(error) ? 'Unsent' : 'Unknown', reason: messageOf(error) }),
    )
    opened.call.on('end', () => over({ type: 'Unknown', reason: 'the server ended the stream of appends' }))
    return opened
  }

  const append = async (request: Append): Promise<Outcome> => {
    let current: Live
    try {
      live ??= start()
      current = await live
    } catch (error) {
      live = undefined
      return { type: 'Unsent', reason: messageOf(error) }
    }
    if (request.closing.aborted) return { type: 'Unsent', reason: 'it was closed' }
    number += 1
    const id = `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
    const message = messageFor(id, request, runtime.now() + Math.max(SERVER_DEADLINE, request.timeout))
    return answered(current, id, request, message)
  }

  const answered = (
    { call, underWay }: Live,
    id: string,
    { timeout, closing }: Append,
    message: BatchAppendReq,
  ): Promise<Outcome> =>
    new Promise((resolve) => {
      const over = new AbortController()
      const settle: Settle = (outcome) => {
        underWay.delete(id)
        closing.removeEventListener('abort', closed)
        over.abort()
        resolve(outcome)
      }
      const closed = (): void => settle({ type: 'Unknown', reason: 'closed while it was under way' })
      underWay.set(id, settle)
      closing.addEventListener('abort', closed)
      void runtime
        .sleep(timeout, over.signal)
        .then(() => settle({ type: 'Unknown', reason: `no answer within ${timeout} ms` }))
      call.write(message)
    })

  return { append }
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
