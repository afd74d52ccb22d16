/** What deciding a command comes to, on any aggregate. */
import type { RememberedCommand } from './event/command-memory'
import type { Refusal } from './refusals'
import type { RequestId, PoolId } from './language/ids'
import type { Warning } from './warning'

/** How one item of a bulk command came out. `Pending`: claimed, and completed by the system within seconds. */
export type ItemOutcome =
  | { readonly outcome: 'Added' | 'AlreadyThere' | 'Removed' | 'NotThere' | 'Pending' }
  | { readonly outcome: 'Refused'; readonly refusal: Refusal }

/** The outcome of one item, by its id as the caller gave it. */
export type Item = ItemOutcome & { readonly id: string }

/** Ids that were made for the caller, or that stand already for what it asked. */
export interface Value {
  readonly pool?: PoolId
  readonly request?: RequestId
}

/** What happens: events (none where it is already true), and what the giver is told. */
export interface Decision<E> {
  readonly type: 'Decided'
  readonly events: readonly E[]
  readonly warnings: readonly Warning[]
  readonly items?: readonly Item[]
  readonly value?: Value
}

/** The same command was here before: nothing is written, the first one's place is answered. */
export interface Repeated {
  readonly type: 'Repeated'
  readonly first: RememberedCommand
  readonly items?: readonly Item[]
  readonly value?: Value
}

export const decided = <E>(
  events: readonly E[],
  more: Partial<Omit<Decision<E>, 'events' | 'type'>> = {},
): Decision<E> => ({
  type: 'Decided',
  events,
  warnings: [],
  ...more,
})
