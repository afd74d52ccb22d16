/** Identities and memberships: who is to be registered, and who is to become a member. */
import type { IdentityId, OrganizationId, RefusalType } from '@access-pools/core'
import { type Planning, push } from './planning'
import type { WantedMember } from './wanted'

/** Plans that an identity is registered. */
export const planIdentity = (
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

/** Plans a membership, of those who are registered or will be. */
export const planMember = (
  planning: Planning,
  wanted: WantedMember,
  registered: ReadonlySet<string>,
): void => {
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
