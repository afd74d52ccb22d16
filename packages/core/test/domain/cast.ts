/** Who and what the sentences are about. The clock of every sentence begins at `NOON`. */
import { named, PoolId } from '../../src/domain/language/ids'
import type { PoolState } from '../../src/domain/pool/state'
import { type Happened, inPool, ofCharger, ofIdentity, type SaidJson, type World } from '../../src/testing'

export const NOON = '2025-03-01T12:00:00.000Z'
export const YESTERDAY = '2025-02-28T12:00:00.000Z'
export const TOMORROW = '2025-03-02T12:00:00.000Z'
export const NEXT_MONTH = '2025-04-01T12:00:00.000Z'

/** Administrators of two organizations, the network's own staff, an upstream system, two drivers. */
export const ada = 'admin/acme/ada'
export const zoe = 'admin/zenith/zoe'
export const olga = 'operator/olga'
export const feed = 'system/feed'
export const ann = 'driver/user:ann'
export const bob = 'driver/user:bob'

export const created = (level = 'Private', organization = 'acme'): SaidJson => ({
  type: 'PoolCreated',
  data: { organization, name: 'North', level },
})

/** Pool `north` of acme. */
export const north = (level = 'Private', ...more: readonly SaidJson[]): Happened =>
  inPool('north', created(level), ...more)

export const allocated = (organization = 'acme', host = 'h1'): SaidJson => ({
  type: 'ChargerAllocated',
  data: { host, organization },
})
export const claimed = (pool: string, claim = 1): SaidJson => ({
  type: 'ChargerClaimed',
  data: { pool, claim },
})
export const added = (charger: string, claim = 1): SaidJson => ({
  type: 'ChargerAdded',
  data: { charger, claim },
})

/** A charger that is in a pool, by its own stream and the pool's. */
export const standing = (charger: string, pool: string): readonly Happened[] => [
  ofCharger(charger, allocated(), claimed(pool)),
  inPool(pool, added(charger)),
]

export const registered = (generation = 1, more: Readonly<Record<string, unknown>> = {}): SaidJson => ({
  type: 'IdentityRegistered',
  data: { generation, ...more },
})
export const deregistered = (generation = 1): SaidJson => ({
  type: 'IdentityDeregistered',
  data: { generation },
})
export const blocked: SaidJson = { type: 'IdentityBlocked' }

/** A registered mobile user, ann for one. */
export const user = (id = 'user:ann'): Happened => ofIdentity(id, registered())
/** A registered card of an organization. */
export const card = (id = 'rfid:0A', organization = 'acme'): Happened =>
  ofIdentity(id, registered(1, { organization }))

export const member = (identity: string, more: Readonly<Record<string, unknown>> = {}): SaidJson => ({
  type: 'IdentityAdded',
  data: { identity, generation: 1, ...more },
})

export const takesRequests = (more: Readonly<Record<string, unknown>> = {}): SaidJson => ({
  type: 'RequestsConfigured',
  data: {
    enabled: true,
    notify: ['desk@acme.example'],
    expiresAfterDays: 30,
    waitAfterDenialHours: 24,
    ...more,
  },
})
export const asked = (
  request = 'r1',
  identity = 'user:ann',
  more: Readonly<Record<string, unknown>> = {},
): SaidJson => ({
  type: 'AccessRequested',
  data: { request, identity, generation: 1, charger: 'c1', expiresAt: '2025-03-31T12:00:00.000Z', ...more },
})

/** What pool `north` remembers. */
export const stateOfNorth = (world: World): PoolState => {
  const { state } = world.pool(named(PoolId, 'north'))
  if (state === undefined) throw new Error('there is no pool north')
  return state
}
