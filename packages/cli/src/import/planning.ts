/** A plan while it is made: the steps of an import, and what is told instead of being done. */
import type { ChargerId, Command, CommandData, PoolId } from '@access-pools/core'
import type { Present } from './present'
import type { Rejected } from './wanted'

/** Why the store and the file differ. */
export type Difference =
  /** The charger stands with another host or organization. */
  | 'Allocation'
  /** It was deallocated. */
  | 'Deallocated'
  /** It is in another pool. */
  | 'Pool'
  /** It was in a pool once, and was taken out. */
  | 'TakenOut'
  /** Its pool is archived, or another organization's. */
  | 'PoolArchived'
  | 'PoolOfOtherOrganization'
  /** The pool was set otherwise. */
  | 'Level'
  | 'FreeVend'
  | 'MemberRate'
  | 'Partner'
  /** The membership was ended, or has another window. */
  | 'Removed'
  | 'Window'
  | 'Deregistered'

/** One thing that the file wants otherwise than it stands. */
export interface Differs {
  readonly line?: number
  readonly id: string
  readonly reason: string
  readonly is: string | null
  readonly wanted: string | null
}

/** An identity with the window of its membership. */
type NewMember = CommandData<'AddIdentities'>['identities'][number]

/** The steps, in the order in which they are taken. */
export interface Plan {
  readonly pools: readonly Extract<Command, { readonly type: 'CreatePool' }>[]
  readonly settings: readonly Extract<Command, { readonly type: 'EditPool' }>[]
  /** Out of these pools first. */
  readonly out: ReadonlyMap<PoolId, readonly ChargerId[]>
  readonly allocate: readonly CommandData<'AllocateCharger'>[]
  readonly into: ReadonlyMap<PoolId, readonly ChargerId[]>
  readonly register: readonly CommandData<'RegisterIdentity'>[]
  readonly members: ReadonlyMap<PoolId, readonly NewMember[]>
  readonly windows: readonly CommandData<'ChangeMembership'>[]
  readonly differs: readonly Differs[]
  /** Rows that cannot be done as the store stands. */
  readonly rejected: readonly Rejected[]
  /** How many events this makes, if nobody else writes. */
  readonly events: number
}

export interface PlanOptions {
  /** Changes back what differs. */
  readonly update: boolean
}

/** A plan while it is made. */
export class Planning implements Plan {
  readonly pools: Plan['pools'][number][] = []
  readonly settings: Plan['settings'][number][] = []
  readonly out = new Map<PoolId, ChargerId[]>()
  readonly allocate: Plan['allocate'][number][] = []
  readonly into = new Map<PoolId, ChargerId[]>()
  readonly register: Plan['register'][number][] = []
  readonly members: Map<PoolId, NewMember[]> = new Map()
  readonly windows: Plan['windows'][number][] = []
  readonly differs: Differs[] = []
  readonly rejected: Rejected[] = []
  events = 0

  constructor(
    readonly present: Present,
    readonly update: boolean,
  ) {}

  /** Tells a difference; answers whether it is to be changed back. */
  differ(reason: Difference, id: string, is: string | null, wanted: string | null, line?: number): boolean {
    this.differs.push({ ...(line === undefined ? {} : { line }), id, reason, is, wanted })
    return this.update
  }
}

/** Adds to one of many lists. */
export const push = <K, A>(lists: Map<K, A[]>, key: K, item: A): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
