/** What the server answers to an append, read into what became of it. */
import { MaximumAppendSizeExceeded, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb'
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb'
import type { Status } from '@eventstore/db-client/generated/status_pb'
import { NO_STREAM, type StoreError } from '@access-pools/core'
import { notUsable, tombstoned } from './failure'

/** Where an event stands, as the server tells it. */
export interface Place {
  readonly commit: number
  readonly prepare: number
}

export type Outcome =
  /** The server need not tell the place. */
  | { readonly type: 'Written'; readonly revision: number; readonly place: Place | undefined }
  | { readonly type: 'Conflict'; readonly actual: number }
  /** Nothing was written, and never will be. */
  | { readonly type: 'Refused'; readonly error: StoreError }
  /** Nothing was written, since nothing was sent. */
  | { readonly type: 'Unsent'; readonly reason: string }
  | { readonly type: 'Unknown'; readonly reason: string }

export const answerOf = (answer: BatchAppendResp): Outcome => {
  const success = answer.getSuccess()
  if (success !== undefined) {
    const position = success.getPosition()
    return {
      type: 'Written',
      revision: Number(success.getCurrentRevision()),
      place: position && {
        commit: Number(position.getCommitPosition()),
        prepare: Number(position.getPreparePosition()),
      },
    }
  }
  const error = answer.getError()
  return error === undefined
    ? { type: 'Unknown', reason: 'the server answered neither success nor failure' }
    : refusalOf(error)
}

const refusalOf = (status: Status): Outcome => {
  const details = status.getDetails()
  const name = details?.getTypeName()
  switch (name) {
    case 'event_store.client.WrongExpectedVersion': {
      const wrong = details?.unpack((bytes) => WrongExpectedVersion.deserializeBinary(bytes), name)
      const known = wrong?.hasCurrentStreamRevision() === true
      return { type: 'Conflict', actual: known ? Number(wrong.getCurrentStreamRevision()) : NO_STREAM }
    }
    case 'event_store.client.StreamDeleted':
      return { type: 'Refused', error: tombstoned('nothing can be appended to it') }
    case 'event_store.client.AccessDenied':
      return { type: 'Refused', error: notUsable('NotPermitted', 'the server refuses to append') }
    case 'event_store.client.MaximumAppendSizeExceeded': {
      const most = details
        ?.unpack((bytes) => MaximumAppendSizeExceeded.deserializeBinary(bytes), name)
        ?.getMaxappendsize()
      return {
        type: 'Refused',
        error: notUsable('NotPermitted', `the server takes no append of more than ${most} bytes`),
      }
    }
    default:
      // A deadline that passed and an error without a name may stand for anything: repeating tells.
      return { type: 'Unknown', reason: name ?? status.getMessage() }
  }
}
