/** Identities and memberships: who is to be registered, and who is to become a member. */
import type { IdentityId, Instant, OrganizationId, RefusalType } from '@access-pools/core'
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

/** By what a membership is judged. */
export interface Judging {
  /** Those who are registered or will be, each with its organization. */
  readonly registered: ReadonlyMap<string, OrganizationId | undefined>
  /** A membership whose window has ended is given the one that is wanted. */
  readonly renews: boolean
}

/** Why an identity cannot become a member, as the store stands. */
const refusalOf = (
  { present }: Planning,
  { pool, identity }: WantedMember,
  registered: Judging['registered'],
): RefusalType | undefined => {
  const stands = present.pools.get(pool)
  if (stands?.archived === true) return 'PoolArchived'
  if (!registered.has(identity)) return 'IdentityNotRegistered'
  const own = registered.get(identity)
  return own === undefined || stands === undefined || stands.organization === own
    ? undefined
    : 'IdentityOfOtherOrganization'
}

const planNewMember = (planning: Planning, { pool, identity, from, until }: WantedMember): void => {
  push(planning.members, pool, {
    identity,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  })
  planning.events += 1
}

const hasEnded = ({ until }: Pick<WantedMember, 'until'>, now: Instant): boolean =>
  until !== undefined && until <= now

/** Plans a membership, of those who are registered or will be. */
export const planMember = (
  planning: Planning,
  wanted: WantedMember,
  { registered, renews }: Judging,
): void => {
  const { line, pool, identity, from, until } = wanted
  const { present } = planning
  const id = `${pool}/${identity}`
  const stands = present.member(pool, identity)
  const to = windowText(wanted)
  if (stands !== undefined && windowText(stands) === to) return
  const refused = refusalOf(planning, wanted, registered)
  if (refused !== undefined) {
    planning.rejected.push({ line, id: identity, reason: refused })
    return
  }
  if (stands !== undefined && !(renews && hasEnded(stands, present.now))) {
    if (!planning.differ('Window', id, windowText(stands), to, line)) return
    planning.windows.push({ pool, identity, from: from ?? null, until: until ?? null })
    planning.events += 1
    return
  }
  const removed = stands === undefined && present.past.members.has(id)
  if (removed && !planning.differ('Removed', id, null, to, line)) return
  planNewMember(planning, wanted)
}
