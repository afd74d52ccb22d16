/** How a command ends other than well. */
import type { Refusal } from '../../domain/refusals'
import { describeRefusal } from '../../domain/refusals'
import { type AppendError, describeStoreError } from '../../store/event-store'

export type CommandError =
  /** A rule refused it; nothing was changed. */
  | { readonly type: 'Refused'; readonly refusal: Refusal }
  /** Others wrote to the same stream again and again; nothing was changed. Try again. */
  | { readonly type: 'Conflict'; readonly stream: string }
  /** The store does not answer; of a bulk command, items may have been done. Repeat with the same command id. */
  | { readonly type: 'Unavailable'; readonly reason: string }
  /** It may have been written: repeat with the same command id to know. */
  | { readonly type: 'OutcomeUnknown'; readonly commandId: string }

/** The error of a store as that of a command. */
export const fromStore = (error: AppendError, commandId: string): CommandError =>
  error.type === 'UnknownOutcome'
    ? { type: 'OutcomeUnknown', commandId }
    : { type: 'Unavailable', reason: describeStoreError(error) }

/** An error as a sentence. */
export const describeCommandError = (error: CommandError): string => {
  switch (error.type) {
    case 'Refused':
      return describeRefusal(error.refusal)
    case 'Conflict':
      return `Others wrote to ${error.stream} at the same time, again and again: try again.`
    case 'Unavailable':
      return `It was not carried out to its end: ${error.reason}. Repeat it with the same id.`
    case 'OutcomeUnknown':
      return `It is not known whether command ${error.commandId} was carried out: repeat it with the same id.`
  }
}
