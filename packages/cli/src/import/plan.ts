/**
 * What an import has to do: what the file wants, less what stands already. What somebody changed since is told, and
 * changed back only where that is asked for.
 */
import {
  type ChargerId,
  type Command,
  type CommandData,
  type IdentityId,
  type OrganizationId,
  parse,
  type PoolId,
  type PoolListing,
  RateName,
  type RefusalType,
} from '@access-pools/core'
import type { Present } from './present'
import {
  made,
  type Rejected,
  type Wanted,
  type WantedCharger,
  type WantedMember,
  type WantedPool,
} from './wanted'

const FREE = made(parse(RateName, 'Free'))

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

/** The steps, in the order in which they are taken. */
export interface Plan {
  readonly pools: readonly Extract<Command, { readonly type: 'CreatePool' }>[]
  readonly settings: readonly Extract<Command, { readonly type: 'EditPool' }>[]
  /** Out of these pools first. */
  readonly out: ReadonlyMap<PoolId, readonly ChargerId[]>
  readonly allocate: readonly CommandData<'AllocateCharger'>[]
  readonly into: ReadonlyMap<PoolId, readonly ChargerId[]>
  readonly register: readonly CommandData<'RegisterIdentity'>[]
  readonly members: ReadonlyMap<PoolId, readonly CommandData<'AddIdentities'>['identities'][number][]>
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

type Edit = CommandData<'EditPool'>

/** A plan while it is made. */
class Planning {
  readonly pools: Plan['pools'][number][] = []
  readonly settings: Plan['settings'][number][] = []
  readonly out = new Map<PoolId, ChargerId[]>()
  readonly allocate: Plan['allocate'][number][] = []
  readonly into = new Map<PoolId, ChargerId[]>()
  readonly register: Plan['register'][number][] = []
  readonly members = new Map<PoolId, CommandData<'AddIdentities'>['identities'][number][]>()
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

const push = <K, A>(lists: Map<K, A[]>, key: K, item: A): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

const partnerText = (
  partner: { readonly visible: boolean; readonly control: boolean } | undefined,
): string => (partner?.control === true ? 'control' : partner?.visible === true ? 'visible' : 'none')

/** What is to be set of a pool: what was never said, and what differs where that is to be changed back. */
const editOf = (planning: Planning, wanted: WantedPool, stands: PoolListing | undefined): Edit => {
  const { pool } = wanted
  const { settings: said } = planning.present.past
  const level = stands !== undefined && stands.level !== wanted.level
  // A pool that somebody gave another level is not set up for the one it had.
  if (level && !planning.differ('Level', pool, stands.level, wanted.level)) return { pool }
  const sets = (setting: string, reason: Difference, is: string, to: string): boolean =>
    is !== to && (!said.has(`${pool}/${setting}`) || planning.differ(reason, pool, is, to))
  const rate = stands?.memberRate ?? 'Standard'
  const freeVend =
    wanted.freeVend && sets('freeVend', 'FreeVend', stands?.freeVend === true ? 'on' : 'off', 'on')
  const free = wanted.membersFree && sets('memberRate', 'MemberRate', rate, FREE)
  const partners = [...wanted.partners].filter(([partner, to]) =>
    sets(
      `partner/${partner}`,
      'Partner',
      `${partner}=${partnerText(stands?.partners[partner])}`,
      `${partner}=${partnerText(to)}`,
    ),
  )
  return {
    pool,
    ...(level ? { level: wanted.level } : {}),
    ...(freeVend ? { freeVend } : {}),
    ...(free ? { memberRate: FREE } : {}),
    ...(partners.length > 0 ? { partners: Object.fromEntries(partners) } : {}),
  }
}

const planPool = (planning: Planning, wanted: WantedPool): void => {
  const { pool, organization, name, level } = wanted
  const stands = planning.present.pools.get(pool)
  if (stands?.archived === true || (stands !== undefined && stands.organization !== organization)) return
  if (stands === undefined) {
    planning.pools.push({ type: 'CreatePool', data: { pool, organization, name, level } })
    planning.events += 1
  }
  const data = editOf(planning, wanted, stands)
  const { partners = {}, ...single } = data
  const changes = Object.keys(single).length - 1 + Object.keys(partners).length
  if (changes === 0) return
  planning.settings.push({ type: 'EditPool', data })
  planning.events += changes
}

/** Why a charger cannot go into the pool it is wanted in. */
const closedTo = (
  pool: PoolListing | undefined,
  organization: OrganizationId,
): 'PoolArchived' | 'PoolOfOtherOrganization' | undefined => {
  if (pool?.archived === true) return 'PoolArchived'
  return pool === undefined || pool.organization === organization ? undefined : 'PoolOfOtherOrganization'
}

/** Plans to whom a charger is allocated; answers the pool that it stands in then, or that it is to be left alone. */
const planAllocation = (planning: Planning, wanted: WantedCharger): PoolId | null | 'LeftAlone' => {
  const { line, charger, host, organization, label, hostLabel } = wanted
  const { present } = planning
  const stands = present.chargers.get(charger)
  const allocate = (events: number): void => {
    planning.allocate.push({ charger, host, organization, label, hostLabel })
    planning.events += events
  }
  const to = `${organization}/${host}`
  if (stands === undefined) {
    const once = present.past.allocated.has(charger)
    if (once && !planning.differ('Deallocated', charger, null, to, line)) return 'LeftAlone'
    allocate(1)
    return null
  }
  if (stands.host === host && stands.organization === organization) {
    if (stands.label !== label) allocate(1)
    return stands.pool
  }
  const is = `${stands.organization}/${stands.host}`
  if (!planning.differ('Allocation', charger, is, to, line)) return 'LeftAlone'
  if (stands.pool !== null) takeOut(planning, stands.pool, charger)
  allocate(2)
  return null
}

/** It was allocated as it is wanted, before this import. */
const stoodSo = ({ chargers }: Present, { charger, host, organization }: WantedCharger): boolean => {
  const stands = chargers.get(charger)
  return stands?.host === host && stands.organization === organization
}

const planCharger = (planning: Planning, wanted: WantedCharger): void => {
  const { line, charger, organization, pool } = wanted
  const { present } = planning
  const is = planAllocation(planning, wanted)
  if (is === 'LeftAlone' || is === pool) return
  const closed = closedTo(present.pools.get(pool), organization)
  if (closed !== undefined) {
    planning.differ(closed, charger, is, pool, line)
    return
  }
  if (is !== null) {
    if (!planning.differ('Pool', charger, is, pool, line)) return
    takeOut(planning, is, charger)
  } else if (stoodSo(present, wanted) && present.past.pooled.has(charger)) {
    if (!planning.differ('TakenOut', charger, null, pool, line)) return
  }
  push(planning.into, pool, charger)
  planning.events += 2
}

const takeOut = (planning: Planning, pool: PoolId, charger: ChargerId): void => {
  push(planning.out, pool, charger)
  planning.events += 2
}

const planIdentity = (
  planning: Planning,
  identity: IdentityId,
  registersAnew: boolean,
  organizationOf: (identity: IdentityId) => OrganizationId | undefined,
): void => {
  const { present } = planning
  if (present.identities.has(identity)) return
  const deregistered = present.past.registered.has(identity)
  if (deregistered && !registersAnew && !planning.differ('Deregistered', identity, null, identity)) return
  const organization = identity.startsWith('rfid:') ? organizationOf(identity) : undefined
  planning.register.push({ identity, ...(organization === undefined ? {} : { organization }) })
  planning.events += 1
}

const windowText = ({ from, until }: Pick<WantedMember, 'from' | 'until'>): string =>
  `${from ?? ''}/${until ?? ''}`

/** Why an identity cannot become a member, as the store stands. */
const refusalOf = (
  { present }: Planning,
  { pool, identity }: WantedMember,
  registered: ReadonlySet<string>,
): RefusalType | undefined => {
  if (present.pools.get(pool)?.archived === true) return 'PoolArchived'
  return registered.has(identity) ? undefined : 'IdentityNotRegistered'
}

const planMember = (planning: Planning, wanted: WantedMember, registered: ReadonlySet<string>): void => {
  const { line, pool, identity, from, until } = wanted
  const { present } = planning
  const id = `${pool}/${identity}`
  const stands = present.member(pool, identity)
  if (stands !== undefined) {
    const is = windowText(stands)
    const to = windowText(wanted)
    if (is === to || !planning.differ('Window', id, is, to, line)) return
    planning.windows.push({ pool, identity, from: from ?? null, until: until ?? null })
    planning.events += 1
    return
  }
  const refused = refusalOf(planning, wanted, registered)
  if (refused !== undefined) {
    planning.rejected.push({ line, id: identity, reason: refused })
    return
  }
  if (present.past.members.has(id) && !planning.differ('Removed', id, null, windowText(wanted), line)) return
  push(planning.members, pool, {
    identity,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  })
  planning.events += 1
}

/** Plans an import. Writes nothing, and reads nothing but what stands. */
export const planImport = (wanted: Wanted, present: Present, { update }: PlanOptions): Plan => {
  const planning = new Planning(present, update)
  for (const pool of wanted.pools.values()) planPool(planning, pool)
  for (const charger of wanted.chargers) planCharger(planning, charger)
  const organizationOf = organizationsOf(wanted, present)
  for (const identity of wanted.register)
    planIdentity(planning, identity, wanted.registersAnew, organizationOf)
  const registered = new Set([...present.identities, ...planning.register.map(({ identity }) => identity)])
  for (const member of wanted.members) planMember(planning, member, registered)
  return planning
}

/** A card that is registered here becomes one of the organization whose pool it is wanted in first. */
const organizationsOf = (
  { members }: Wanted,
  { pools }: Present,
): ((identity: IdentityId) => OrganizationId | undefined) => {
  const firstPool = new Map<string, PoolId>()
  for (const { identity, pool } of members) if (!firstPool.has(identity)) firstPool.set(identity, pool)
  return (identity) => pools.get(firstPool.get(identity) ?? '')?.organization
}
