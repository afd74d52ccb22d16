/** What a command came to, as `run` and `apply` print it. */
import {
  type CommandError,
  describeCommandError,
  describeRefusal,
  describeWarning,
  type Done,
  type Item,
  type Refusal,
  type Value,
  type Warning,
  writePosition,
} from '@access-pools/core'
import { type Either, isLeft } from 'fp-ts/Either'
import { EXIT, type ExitCode } from '../exit-codes'

interface ItemDocument {
  readonly id: string
  readonly outcome: Item['outcome']
  readonly reason?: Refusal['type']
}

export interface OutcomeDocument {
  readonly outcome: 'Done' | CommandError['type']
  readonly refusal?: Refusal
  readonly reason?: string
  readonly commandId?: string
  readonly stream?: string
  readonly events: readonly string[]
  readonly items?: readonly ItemDocument[]
  readonly value?: Value
  readonly warnings: readonly Warning[]
  readonly revision: number | null
  readonly position: string | null
}

const itemDocument = (item: Item): ItemDocument => ({
  id: item.id,
  outcome: item.outcome,
  ...(item.outcome === 'Refused' ? { reason: item.refusal.type } : {}),
})

const ofError = (error: CommandError): OutcomeDocument => {
  const { type, ...details } = error
  return { outcome: type, ...details, events: [], warnings: [], revision: null, position: null }
}

const ofDone = ({ events, items, value, warnings, revision, position }: Done): OutcomeDocument => ({
  outcome: 'Done',
  events,
  ...(items === undefined ? {} : { items: items.map(itemDocument) }),
  ...(Object.keys(value).length === 0 ? {} : { value }),
  warnings,
  // Before the first event: nothing was done.
  revision: revision < 0 ? null : revision,
  position: position === undefined ? null : writePosition(position),
})

/** A command's answer as a document. */
export const outcomeDocument = (answer: Either<CommandError, Done>): OutcomeDocument =>
  isLeft(answer) ? ofError(answer.left) : ofDone(answer.right)

/** How the process ends after a command. */
export const outcomeExit = (answer: Either<CommandError, Done>): ExitCode => {
  if (isLeft(answer)) return answer.left.type === 'Refused' ? EXIT.refused : EXIT.failed
  const items = answer.right.items ?? []
  const refused = items.filter(({ outcome }) => outcome === 'Refused').length
  if (refused === 0) return EXIT.done
  return refused === items.length ? EXIT.refused : EXIT.partly
}

/** A command's answer for people. */
export const describeOutcome = (answer: Either<CommandError, Done>): string => {
  if (isLeft(answer)) return describeCommandError(answer.left)
  const { events, items = [], value, warnings } = answer.right
  return [
    events.length === 0 ? 'Done: it was so already.' : `Done: ${countedTypes(events)}.`,
    ...Object.entries(value).map(([kind, id]) => `${kind}: ${id}`),
    ...items.map((item) =>
      item.outcome === 'Refused'
        ? `${item.id}: refused. ${describeRefusal(item.refusal)}`
        : `${item.id}: ${item.outcome}`,
    ),
    ...warnings.map((warning) => `Note: ${describeWarning(warning)}`),
  ].join('\n')
}

/** `ChargerClaimed ×3, ChargerAdded ×3`. */
const countedTypes = (types: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].map(([type, count]) => (count === 1 ? type : `${type} ×${count}`)).join(', ')
}
