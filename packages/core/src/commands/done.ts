/** What a command that was carried out answers. */
import type { Item, Value } from '../domain/decision'
import { laterOf, type Position } from '../domain/event/position'
import type { Warning } from '../domain/warning'
import type { Handled } from './writing/handle'

export interface Done {
  /** Ids that were made, or that stand already for what was asked. */
  readonly value: Value
  /** Of a bulk command: how each item came out, in the order given. */
  readonly items?: readonly Item[]
  /** The types of the events that were written, in order; none where it was already true. */
  readonly events: readonly string[]
  readonly warnings: readonly Warning[]
  /** Where the command's stream stands; of a repeated command, where it stood after the first. */
  readonly revision: number
  /** Wait for it to read what was written; the last that was read where nothing was written. */
  readonly position: Position | undefined
}

/** The answer of a command on one stream. */
export const doneOf = ({ outcome, revision, position }: Handled<{ readonly type: string }>): Done => ({
  value: outcome.value ?? {},
  ...(outcome.items === undefined ? {} : { items: outcome.items }),
  events: outcome.type === 'Decided' ? outcome.events.map(({ type }) => type) : [],
  warnings: outcome.type === 'Decided' ? outcome.warnings : [],
  revision,
  position,
})

/** The answers of two parts of one command, the earlier one first. */
export const followedBy = (first: Done, second: Done): Done => ({
  value: { ...first.value, ...second.value },
  items: [...(first.items ?? []), ...(second.items ?? [])],
  events: [...first.events, ...second.events],
  warnings: [...first.warnings, ...second.warnings],
  revision: second.revision,
  position: laterOf(first.position, second.position),
})
