/** Pools and chargers: what of them is to be made, set and moved. */
import {
  type ChargerId,
  type CommandData,
  type OrganizationId,
  parse,
  type PoolId,
  type PoolListing,
  RateName,
} from '@access-pools/core'
import { type Difference, type Planning, push } from './planning'
import type { Present } from './present'
import { made, type WantedCharger, type WantedPool } from './wanted'

type Edit = CommandData<'EditPool'>

const FREE = made(parse(RateName, 'Free'))

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

/** Plans a pool, and how it is set. */
export const planPool = (planning: Planning, wanted: WantedPool): void => {
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

/** A claim, unless the pool has one to confirm, and its entry, in the place of a dead one that the pool still holds. */
const eventsOfJoining = (present: Present, wanted: WantedCharger): number => {
  const { charger, pool } = wanted
  const { entries, claimedBy } = present.past
  const claimed = stoodSo(present, wanted) && claimedBy(charger) === pool
  const dead = entries.has(`${pool}/${charger}`) && present.chargers.get(charger)?.pool !== pool
  return (claimed ? 0 : 1) + (dead ? 1 : 0) + 1
}

/** Plans where a charger stands. */
export const planCharger = (planning: Planning, wanted: WantedCharger): void => {
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
  planning.events += eventsOfJoining(present, wanted)
}

const takeOut = (planning: Planning, pool: PoolId, charger: ChargerId): void => {
  push(planning.out, pool, charger)
  planning.events += 2
}
