/** Between the rules of the protocol server and the messages of the wire. */
import { Metadata, status } from '@grpc/grpc-js'
import { Any } from 'google-protobuf/google/protobuf/any_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import {
  AllStreamPosition,
  Empty as OwnEmpty,
  MaximumAppendSizeExceeded,
  StreamDeleted,
  StreamIdentifier,
  Timeout,
  Unknown,
  UUID,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb'
import { Code } from '@eventstore/db-client/generated/code_pb'
import { Status } from '@eventstore/db-client/generated/status_pb'
import {
  type AppendReq,
  AppendResp,
  type BatchAppendReq,
  BatchAppendResp,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb'
import type { Logged, Proposed } from './log'
import { type Expected, MAXIMUM_APPEND, type Outcome } from './writing'

export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? '').toString('utf8')

const identifierOf = (stream: string): StreamIdentifier =>
  new StreamIdentifier().setStreamName(Buffer.from(stream))

export const proposedOf = (message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage): Proposed => {
  const map = message.getMetadataMap()
  return {
    id: message.getId()?.getString() ?? '',
    type: map.get('type') ?? '',
    contentType: map.get('content-type') ?? 'application/octet-stream',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }
}

export const eventMessage = (logged: Logged): ReadResp => {
  const record = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(logged.id))
    .setStreamIdentifier(identifierOf(logged.stream))
    .setStreamRevision(String(logged.revision))
    .setPreparePosition(String(logged.position))
    .setCommitPosition(String(logged.position))
    .setCustomMetadata(logged.metadata)
    .setData(logged.data)
  record
    .getMetadataMap()
    .set('type', logged.type)
    .set('content-type', logged.contentType)
    // In units of 100 nanoseconds, which are no safe number: put together as text.
    .set('created', `${logged.created}0000`)
  const event = new ReadResp.ReadEvent().setEvent(record).setCommitPosition(String(logged.position))
  return new ReadResp().setEvent(event)
}

export const confirmation = (id: string): ReadResp =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id))

export const caughtUp = (): ReadResp => new ReadResp().setCaughtUp(new ReadResp.CaughtUp())

/** Where the next record begins that was not looked at yet; no event stands there, and its prepare says so. */
export const checkpoint = (next: number): ReadResp =>
  new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(String(next)).setPreparePosition('0'),
  )

export const notFound = (stream: string): ReadResp =>
  new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream)))

/** An error as a whole call ends with one. */
export interface CallError {
  readonly code: status
  readonly details: string
  readonly metadata: Metadata
}

const callError = (code: status, exception: string, more: Record<string, string> = {}): CallError => {
  const metadata = new Metadata()
  metadata.set('exception', exception)
  for (const [key, value] of Object.entries(more)) metadata.set(key, value)
  return { code, details: exception, metadata }
}

export const unknownError = (details: string): CallError => ({
  code: status.UNKNOWN,
  details,
  metadata: new Metadata(),
})

export const deletedError = (stream: string): CallError =>
  callError(status.FAILED_PRECONDITION, 'stream-deleted', { 'stream-name': encodeURIComponent(stream) })

export const dropped = (): CallError => ({
  code: status.UNAVAILABLE,
  details: 'the subscription was dropped',
  metadata: new Metadata(),
})

/** Why something was not written, as a call that concerns it alone is told. */
export const refusal = (stream: string, expected: Expected, outcome: Outcome): CallError => {
  switch (outcome.type) {
    case 'deleted':
      return deletedError(stream)
    case 'too large':
      return callError(status.INVALID_ARGUMENT, 'maximum-append-size-exceeded', {
        'maximum-append-size': String(MAXIMUM_APPEND),
      })
    case 'timeout':
      return { ...unknownError('the deadline has passed'), code: status.DEADLINE_EXCEEDED }
    case 'wrong version':
      return callError(status.FAILED_PRECONDITION, 'wrong-expected-version', {
        'stream-name': encodeURIComponent(stream),
        'expected-version': String(typeof expected === 'number' ? expected : -1),
        ...(outcome.actual < 0 ? {} : { 'actual-version': String(outcome.actual) }),
      })
    default:
      return unknownError('a stream must have a name')
  }
}

export const unaryAnswer = (expected: Expected, outcome: Outcome): AppendResp | undefined => {
  if (outcome.type === 'written') {
    const place = String(outcome.position)
    const position = new AppendResp.Position().setCommitPosition(place).setPreparePosition(place)
    return new AppendResp().setSuccess(
      new AppendResp.Success().setCurrentRevision(String(outcome.revision)).setPosition(position),
    )
  }
  if (outcome.type !== 'wrong version') return undefined
  const wrong = new AppendResp.WrongExpectedVersion()
  if (outcome.actual < 0) wrong.setCurrentNoStream(new OwnEmpty())
  else wrong.setCurrentRevision(String(outcome.actual))
  if (typeof expected === 'number') wrong.setExpectedRevision(String(expected))
  return new AppendResp().setWrongExpectedVersion(wrong)
}

export const batchAnswer = (
  correlation: UUID | undefined,
  stream: string,
  expected: Expected,
  outcome: Outcome,
): BatchAppendResp => {
  const answer = new BatchAppendResp().setCorrelationId(correlation).setStreamIdentifier(identifierOf(stream))
  if (outcome.type !== 'written') return answer.setError(batchRefusal(stream, expected, outcome))
  const place = String(outcome.position)
  const position = new AllStreamPosition().setCommitPosition(place).setPreparePosition(place)
  return answer.setSuccess(
    new BatchAppendResp.Success().setCurrentRevision(String(outcome.revision)).setPosition(position),
  )
}

/** Why something was not written, as one answer among those of a batch: a `google.rpc.Status` with details. */
const batchRefusal = (stream: string, expected: Expected, outcome: Outcome): Status => {
  const refused = (code: Code, name: string, details: Uint8Array): Status => {
    const any = new Any()
    any.pack(details, `event_store.client.${name}`)
    return new Status().setCode(code).setMessage(name).setDetails(any)
  }
  switch (outcome.type) {
    case 'deleted': {
      const deleted = new StreamDeleted().setStreamIdentifier(identifierOf(stream))
      return refused(Code.FAILED_PRECONDITION, 'StreamDeleted', deleted.serializeBinary())
    }
    case 'too large': {
      const tooLarge = new MaximumAppendSizeExceeded().setMaxappendsize(MAXIMUM_APPEND)
      return refused(Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', tooLarge.serializeBinary())
    }
    case 'timeout':
      return refused(Code.DEADLINE_EXCEEDED, 'Timeout', new Timeout().serializeBinary())
    case 'wrong version':
      return refused(
        Code.FAILED_PRECONDITION,
        'WrongExpectedVersion',
        wrongVersion(expected, outcome.actual).serializeBinary(),
      )
    default:
      return refused(Code.UNKNOWN, 'Unknown', new Unknown().serializeBinary())
  }
}

const wrongVersion = (expected: Expected, actual: number): WrongExpectedVersion => {
  const wrong = new WrongExpectedVersion()
  if (actual < 0) wrong.setCurrentNoStream(new Empty())
  else wrong.setCurrentStreamRevision(String(actual))
  if (typeof expected === 'number') wrong.setExpectedStreamPosition(String(expected))
  else if (expected === 'no stream') wrong.setExpectedNoStream(new Empty())
  else if (expected === 'stream exists') wrong.setExpectedStreamExists(new Empty())
  else wrong.setExpectedAny(new Empty())
  return wrong
}
