/** How a command ends before it has a document: thrown where it is found out, told in one place, without a stack. */
import { type AppendError, describeStoreError } from '@access-pools/core'
import { EXIT, type ExitCode } from './exit-codes'

export class Failure extends Error {
  constructor(
    readonly code: ExitCode,
    message: string,
  ) {
    super(message)
  }
}

/** What was asked makes no sense; the message names the argument or field. */
export const usage = (message: string): Failure => new Failure(EXIT.usage, message)

/** What was asked could not be done. */
export const failed = (message: string): Failure => new Failure(EXIT.failed, message)

/** The store does not do what it is asked. */
export const storeFailed = (error: AppendError): Failure => failed(sentence(describeStoreError(error)))

/** A text as a sentence. */
export const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

/** The code that the file system or the process gave an error. */
export const codeOf = (error: unknown): string | undefined => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** What an error says of itself, in one line. */
export const messageOf = (error: unknown): string => {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : String(error)
  return (typeof message === 'string' ? message : 'unknown').split('\n', 1).join('')
}
