/**
 * What an import has to do: what the file wants, less what stands already. What somebody changed since is told, and
 * changed back only where that is asked for.
 */
import type { IdentityId, OrganizationId, PoolId } from '@access-pools/core'
import { planIdentity, planMember } from './plan-members'
import { planCharger, planPool } from './plan-network'
import { type Plan, Planning, type PlanOptions } from './planning'
import type { Present } from './present'
import type { Wanted } from './wanted'

/** Plans an import. Writes nothing, and reads nothing but what stands. */
export const planImport = (wanted: Wanted, present: Present, { update }: PlanOptions): Plan => {
  const planning = new Planning(present, update)
  for (const pool of wanted.pools.values()) planPool(planning, pool)
  for (const charger of wanted.chargers) planCharger(planning, charger)
  const organizationOf = organizationsOf(wanted, present)
  for (const identity of wanted.register)
    planIdentity(planning, identity, wanted.registersAnew, organizationOf)
  const registered = new Map<string, OrganizationId | undefined>([
    ...present.identities,
    ...planning.register.map(({ identity, organization }) => [identity, organization] as const),
  ])
  for (const member of wanted.members) planMember(planning, member, { registered, renews: wanted.renews })
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
