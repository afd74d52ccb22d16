/**
 * What an import would be refused as a whole, found out before its first write: partners that there are not, and
 * commands that the actor may not issue. The store judges each command all the same.
 */
import {
  type Actor,
  authorize,
  type CommandName,
  type Concerned,
  describeRefusal,
  type OrganizationId,
  type PoolId,
} from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import { EXIT } from '../exit-codes'
import { Failure, usage } from '../failure'
import type { Plan } from './planning'
import type { Present } from './present'
import type { Partners } from './wanted'

/** Refuses partners that are not registered. */
export const checkPartners = (partners: Partners, present: Present): void => {
  for (const partner of partners.keys())
    if (!present.partners.has(partner))
      throw usage(`--partner ${partner}: ${describeRefusal({ type: 'UnknownPartner', partner })}`)
}

/** A command of a plan, with whom it concerns. */
interface Needed extends Concerned {
  readonly command: CommandName
}

function* neededBy(plan: Plan, { pools }: Present): Iterable<Needed> {
  const made = new Map(plan.pools.map(({ data }) => [data.pool, data.organization]))
  const of = (pool: PoolId): OrganizationId | undefined => pools.get(pool)?.organization ?? made.get(pool)
  for (const { data } of plan.pools) yield { command: 'CreatePool', organization: data.organization }
  for (const { data } of plan.settings) yield { command: 'EditPool', organization: of(data.pool) }
  for (const pool of plan.out.keys()) yield { command: 'RemoveChargers', organization: of(pool) }
  if (plan.allocate.length > 0) yield { command: 'AllocateCharger' }
  for (const pool of plan.into.keys()) yield { command: 'AddChargers', organization: of(pool) }
  for (const { identity, organization } of plan.register)
    yield { command: 'RegisterIdentity', identity, organization }
  for (const pool of plan.members.keys()) yield { command: 'AddIdentities', organization: of(pool) }
  for (const { pool } of plan.windows) yield { command: 'ChangeMembership', organization: of(pool) }
}

/** Refuses a plan of which the actor may not do all. */
export const checkPermitted = (actor: Actor, plan: Plan, present: Present): void => {
  for (const needed of neededBy(plan, present)) {
    const authorized = authorize(needed.command, actor, needed)
    if (isLeft(authorized))
      throw new Failure(EXIT.refused, `${describeRefusal(authorized.left)} Nothing was written.`)
  }
}
