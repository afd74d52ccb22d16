/** What the client and the server say when they refuse or fall silent, as the errors of the port. */
import type { NotUsableKind, StoreError } from '@access-pools/core'

export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
    ? error.message
    : String(error)

export const notUsable = (kind: NotUsableKind, reason: string): StoreError => ({
  type: 'NotUsable',
  kind,
  reason,
})

export const unavailable = (reason: string): StoreError => ({ type: 'Unavailable', reason })

export const CLOSED: StoreError = { type: 'Closed' }

/** The client's name for the error; nothing where it gave none. */
export const typeOfError = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'type' in error && typeof error.type === 'string'
    ? error.type
    : undefined

const PERMISSION_DENIED = 7
const UNIMPLEMENTED = 12
const UNAUTHENTICATED = 16

const codeOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined

/**
 * The error of a call by which nothing was written. What is not known to be for ever is worth trying again: a reader
 * that stops for good over a passing fault would be worse than one whose lag grows.
 */
export const failureOf = (error: unknown): StoreError => {
  const [type, code] = [typeOfError(error), codeOf(error)]
  if (type === 'access-denied' || code === PERMISSION_DENIED || code === UNAUTHENTICATED)
    return notUsable('NotPermitted', `the server refuses access: ${messageOf(error)}`)
  if (code === UNIMPLEMENTED)
    return notUsable('NotAStore', `the server does not know what it was asked: ${messageOf(error)}`)
  if (type === 'stream-deleted') return tombstoned(messageOf(error))
  return unavailable(messageOf(error))
}

/** A tombstone is for ever, and what it covers is gone: no stream of ours ever gets one from us. */
export const tombstoned = (what: string): StoreError =>
  notUsable('Damaged', `a stream was tombstoned: ${what}`)

/** No connection came about, so that nothing can have been sent over it. */
export const wasNeverSent = (error: unknown): boolean =>
  messageOf(error).includes('No connection established')
