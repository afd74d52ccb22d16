/**
 * The two lists behind a decision: who may charge here, and where may this identity charge. They enumerate what
 * `decide` answers one by one, by its own steps, and must agree with it.
 */
import { capabilities } from '../domain/capabilities'
import type { ChargerId, IdentityId, PartnerId, PoolId } from '../domain/language/ids'
import type { AccessIndexView, IndexedPool } from './access-index'
import type { Denied, Granted } from './answer'
import { byMembership, byPartner, closedPool, decide, openToAnyone } from './decide'
import { type Staleness, WHOLLY_FRESH } from './staleness'

/** Who may start a session at a charger, at an instant. */
export interface WhoMayCharge {
  /** Nobody, for this reason. */
  readonly closed?: Denied
  /** Free vend: anyone, whatever they show. */
  readonly anyone?: Granted
  /** Public: all that are registered, but for these; members on the terms of their membership. */
  readonly registered?: { readonly granted: Granted; readonly except: ReadonlySet<IdentityId> }
  readonly members: ReadonlyMap<IdentityId, Granted>
  readonly partners: ReadonlyMap<PartnerId, Granted>
  /** Whoever types a PIN is referred to the service. */
  readonly pins: boolean
}

const NOBODY = {
  members: new Map<IdentityId, Granted>(),
  partners: new Map<PartnerId, Granted>(),
  pins: false,
}

/** Who may charge here. `at` as in `decide`. */
export const whoMayCharge = (
  index: AccessIndexView,
  charger: ChargerId,
  at: number,
  staleness: Staleness = WHOLLY_FRESH,
): WhoMayCharge => {
  const entry = index.charger(charger)
  const pool = entry?.pool
  if (entry === undefined || pool === undefined) {
    const closed = decide(index, charger, { type: 'None' }, at, staleness)
    return closed.decision === 'Denied' ? { ...NOBODY, closed } : NOBODY
  }
  const closed = closedPool(pool, entry.access.suspended, staleness)
  if (closed !== undefined) return { ...NOBODY, closed }
  const anyone = openToAnyone(pool)
  if (anyone !== undefined) return { ...NOBODY, anyone }
  const open = capabilities[pool.access.level].starters === 'AnyRegistered'
  return {
    members: membersWhoMay(index, pool, at, staleness),
    partners: partnersWhoMay(pool),
    pins: pool.access.pins,
    ...(open
      ? { registered: { granted: pool.answers.publicAccess, except: deniedEverywhere(index, staleness) } }
      : {}),
  }
}

const deniedEverywhere = (index: AccessIndexView, staleness: Staleness): ReadonlySet<IdentityId> => {
  const denied = new Set(index.blocked())
  if (staleness.any)
    for (const identity of index.identities()) if (staleness.ofIdentity(identity)) denied.add(identity)
  return denied
}

const membersWhoMay = (
  index: AccessIndexView,
  pool: IndexedPool,
  at: number,
  staleness: Staleness,
): ReadonlyMap<IdentityId, Granted> => {
  const members = new Map<IdentityId, Granted>()
  for (const identity of index.membersOf(pool.pool)) {
    const access = index.identity(identity)?.access
    if (access === undefined || access.blocked || access.suspended || staleness.ofIdentity(identity)) continue
    const member = index.member(pool.pool, identity)
    const granted = member === undefined ? undefined : byMembership(pool, member, at)
    if (granted !== undefined) members.set(identity, granted)
  }
  return members
}

const partnersWhoMay = (pool: IndexedPool): ReadonlyMap<PartnerId, Granted> => {
  const partners = new Map<PartnerId, Granted>()
  for (const partner of pool.partners.keys()) {
    const answer = byPartner(pool, partner)
    if (answer.decision === 'Granted') partners.set(partner, answer)
  }
  return partners
}

/** Where may this identity charge, and on what: by pool, its chargers that take new sessions. */
export interface WhereMayCharge {
  readonly pool: PoolId
  readonly granted: Granted
  readonly chargers: readonly ChargerId[]
}

/** Where may this identity charge: the pools it is a member of, and those that are open to it anyway. */
export const whereMayCharge = (
  index: AccessIndexView,
  identity: IdentityId,
  at: number,
  staleness: Staleness = WHOLLY_FRESH,
): readonly WhereMayCharge[] => {
  const pools: WhereMayCharge[] = []
  const own = new Set(index.poolsOf(identity))
  for (const id of index.pools()) {
    const pool = index.pool(id)
    if (pool === undefined) continue
    const { freeVend, level } = pool.access
    if (!own.has(id) && !freeVend && capabilities[level].starters !== 'AnyRegistered') continue
    const chargers: ChargerId[] = []
    let granted: Granted | undefined
    for (const charger of index.chargersOf(id)) {
      const answer = decide(index, charger, { type: 'Identity', identity }, at, staleness)
      if (answer.decision !== 'Granted') continue
      granted = answer
      chargers.push(charger)
    }
    if (granted !== undefined) pools.push({ pool: id, granted, chargers })
  }
  return pools
}
