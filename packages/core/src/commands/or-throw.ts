/** For those who do not use fp-ts: the value, or an exception that tells the error. */
import { type Either, isLeft } from 'fp-ts/Either'
import { type AppendError, describeStoreError } from '../store/event-store'
import { type CommandError, describeCommandError } from './writing/command-error'

/** What may stand on the left side of what this library answers. */
type Told = string | readonly string[] | CommandError | AppendError | { readonly type: string }

/** Thrown by `orThrow`; `error` is the typed one. */
export class AccessPoolsError extends Error {
  override readonly name = 'AccessPoolsError'

  constructor(readonly error: Told) {
    super(sentenceOf(error))
  }
}

const isCommandError = (error: object): error is CommandError =>
  'type' in error &&
  (('refusal' in error && error.type === 'Refused') ||
    ('commandId' in error && error.type === 'OutcomeUnknown'))

const isStoreError = (error: object): error is AppendError =>
  'type' in error && ('reason' in error || error.type === 'Closed')

const sentenceOf = (error: Told): string => {
  if (typeof error === 'string') return error
  if ('type' in error) {
    if (isCommandError(error)) return describeCommandError(error)
    return isStoreError(error) ? describeStoreError(error) : JSON.stringify(error)
  }
  return error.join('; ')
}

/** The value of what succeeded; throws `AccessPoolsError` for what did not. */
export const orThrow = <A>(result: Either<Told, A>): A => {
  if (isLeft(result)) throw new AccessPoolsError(result.left)
  return result.right
}
