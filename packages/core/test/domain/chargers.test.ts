/** Chargers: allocated, claimed, in at most one pool. */
import { isDead, isPending, mayConfirm } from '../../src/domain/claim'
import { ChargerId, named, PoolId } from '../../src/domain/language/ids'
import { confirmClaim, declineClaim } from '../../src/domain/pool/chargers'
import { claiming } from '../../src/domain/pool/state'
import { given, inPool, ofCharger, type World } from '../../src/testing'
import { claimOnly, finishClaim, tidyPool } from '../../src/testing/world/chargers'
import { poolOf } from '../../src/testing/world/pools'
import { ada, added, allocated, claimed, created, feed, north, standing, stateOfNorth } from './cast'

const allocate = (data = {}) => ({
  type: 'AllocateCharger',
  data: { charger: 'c1', host: 'h1', organization: 'acme', ...data },
})
const deallocate = { type: 'DeallocateCharger', data: { charger: 'c1' } }
const add = (pool: string, ...chargers: readonly string[]) => ({
  type: 'AddChargers',
  data: { pool, chargers },
})
const remove = (pool: string, ...chargers: readonly string[]) => ({
  type: 'RemoveChargers',
  data: { pool, chargers },
})
const released = (pool: string, claim = 1) => ({ type: 'ChargerReleased', data: { pool, claim } })
const removed = (claim = 1, reason = 'Removed') => ({
  type: 'ChargerRemoved',
  data: { charger: 'c1', claim, reason },
})
const south = inPool('south', created())
const c1 = named(ChargerId, 'c1')
const N = named(PoolId, 'north')
const eventsOf = (world: World) => world.all.map(({ type }) => type)

describe('Allocating a charger', () => {
  test('gives it to a host of an organization, with labels where there are some', () => {
    given()
      .when(allocate({ label: 'Bay 1', hostLabel: 'Yard' }), feed)
      .then([
        {
          type: 'ChargerAllocated',
          data: { host: 'h1', organization: 'acme', label: 'Bay 1', hostLabel: 'Yard' },
        },
      ])
  })

  test('to the same host again changes its labels only, and only those that are given', () => {
    const { world } = given()
      .when(allocate({ label: 'Bay 1', hostLabel: 'Yard' }), feed)
      .then([
        {
          type: 'ChargerAllocated',
          data: { host: 'h1', organization: 'acme', label: 'Bay 1', hostLabel: 'Yard' },
        },
      ])
      .when(allocate(), feed)
      .then([])
      .when(allocate({ label: 'Bay 2' }), feed)
      .then([{ type: 'ChargerRelabelled', data: { label: 'Bay 2' } }])
    expect(world.charger(c1).state?.allocation).toEqual({
      host: 'h1',
      organization: 'acme',
      label: 'Bay 2',
      hostLabel: 'Yard',
    })
  })

  test('with labels leaves the pool that it is in', () => {
    const { world } = given(north(), ...standing('c1', 'north'))
      .when(allocate({ label: 'Bay 1' }), feed)
      .then([{ type: 'ChargerRelabelled', data: { label: 'Bay 1' } }])
    expect(poolOf(world, c1)).toBe('north')
  })

  test.each([
    ['host', { host: 'h2' }],
    ['organization', { organization: 'zenith' }],
  ])('to another %s is a deallocation and an allocation in one append', (_, other) => {
    const { world } = given(north(), ...standing('c1', 'north'))
      .when(allocate(other), feed)
      .then([
        { type: 'ChargerDeallocated' },
        { type: 'ChargerAllocated', data: { host: 'h1', organization: 'acme', ...other } },
      ])
    expect(poolOf(world, c1)).toBeUndefined()
  })

  test('with a source version keeps it in each event', () => {
    given(ofCharger('c1', allocated()))
      .when(allocate({ host: 'h2', sourceVersion: 4 }), feed)
      .then([
        { type: 'ChargerDeallocated', data: { sourceVersion: 4 } },
        { type: 'ChargerAllocated', data: { host: 'h2', organization: 'acme', sourceVersion: 4 } },
      ])
  })
})

describe('Deallocating a charger', () => {
  test('takes it out of its pool at that instant; allocating it again adds it nowhere', () => {
    const { world } = given(north(), ...standing('c1', 'north'))
      .when(deallocate, feed)
      .then([{ type: 'ChargerDeallocated' }])
    expect(poolOf(world, c1)).toBeUndefined()
  })

  test('and allocating it again to the same host leaves it in no pool, and free', () => {
    given(
      north(),
      south,
      ...standing('c1', 'north'),
      ofCharger('c1', { type: 'ChargerDeallocated' }, allocated()),
    )
      .when(add('south', 'c1'), ada)
      .then([claimed('south', 2), added('c1', 2)])
  })

  test('that is not allocated is nothing', () => {
    given().when(deallocate, feed).then([])
  })
})

describe('A charger that is added', () => {
  test('is claimed by its own stream and confirmed by the pool', () => {
    const { world } = given(north(), ofCharger('c1', allocated()))
      .when(add('north', 'c1'), ada)
      .then([claimed('north'), added('c1')], { items: [{ id: 'c1', outcome: 'Added' }] })
    expect(poolOf(world, c1)).toBe('north')
  })

  test('and is there already: nothing, be it named twice', () => {
    given(north(), ...standing('c1', 'north'), ofCharger('c2', allocated()))
      .when(add('north', 'c1', 'c2', 'c2'), ada)
      .then([claimed('north'), added('c2')], {
        items: [
          { id: 'c1', outcome: 'AlreadyThere' },
          { id: 'c2', outcome: 'Added' },
          { id: 'c2', outcome: 'AlreadyThere' },
        ],
      })
  })

  test('must be allocated, of the organization, and in no pool: each is answered on its own', () => {
    given(
      north(),
      south,
      ...standing('c2', 'south'),
      ofCharger('c3', allocated('zenith')),
      ofCharger('c4', allocated()),
    )
      .when(add('north', 'c1', 'c2', 'c3', 'c4'), ada)
      .then([claimed('north'), added('c4')], {
        items: [
          { id: 'c1', outcome: 'Refused', refusal: { type: 'ChargerNotAllocated', charger: 'c1' } },
          {
            id: 'c2',
            outcome: 'Refused',
            refusal: { type: 'ChargerInAnotherPool', charger: 'c2', pool: 'south' },
          },
          {
            id: 'c3',
            outcome: 'Refused',
            refusal: { type: 'ChargerOfOtherOrganization', charger: 'c3', organization: 'zenith' },
          },
          { id: 'c4', outcome: 'Added' },
        ],
      })
  })

  test('and removed is free to be added elsewhere', () => {
    given(north(), south, ...standing('c1', 'north'))
      .when(remove('north', 'c1', 'c9'), ada)
      .then([removed(), released('north')], {
        items: [
          { id: 'c1', outcome: 'Removed' },
          { id: 'c9', outcome: 'NotThere' },
        ],
      })
      .when(add('south', 'c1'), ada)
      .then([claimed('south', 2), added('c1', 2)])
  })

  test('is free when its pool is archived: the dead claim ends and the new one begins in one append', () => {
    given(north(), south, ...standing('c1', 'north'), inPool('north', { type: 'PoolArchived' }))
      .when(add('south', 'c1'), ada)
      .then([released('north'), claimed('south', 2), added('c1', 2)])
  })
})

describe('A claim', () => {
  const pending = () => given(north(), south, ofCharger('c1', allocated(), claimed('north')))

  test('that its pool has not confirmed keeps other pools out, and counts for none', () => {
    const { world } = pending()
      .when(add('south', 'c1'), ada)
      .then([], {
        items: [
          {
            id: 'c1',
            outcome: 'Refused',
            refusal: { type: 'ChargerInAnotherPool', charger: 'c1', pool: 'north' },
          },
        ],
      })
    expect(poolOf(world, c1)).toBeUndefined()
    expect(isPending(c1, { pool: N, claim: 1 }, claiming(stateOfNorth(world)))).toBe(true)
  })

  test('that stands half way is completed by the next who adds to the same pool, or by the system', () => {
    pending()
      .when(add('north', 'c1'), ada)
      .then([added('c1')], { items: [{ id: 'c1', outcome: 'Added' }] })
    const { world } = pending()
    finishClaim(world, c1)
    expect(poolOf(world, c1)).toBe('north')
  })

  test('that stands half way is declined by a removal, and can never be confirmed then', () => {
    const { world } = pending()
      .when(remove('north', 'c1'), ada)
      .then(
        [
          { type: 'ChargerClaimDeclined', data: { charger: 'c1', claim: 1, reason: 'Removed' } },
          released('north'),
        ],
        { items: [{ id: 'c1', outcome: 'Removed' }] },
      )
    expect(confirmClaim(stateOfNorth(world), c1, 1)).toBeUndefined()
    expect(declineClaim(stateOfNorth(world), c1, 1, 'Removed')).toEqual([])
  })

  test('of an archived pool is released by the system', () => {
    const { world } = pending().and(inPool('north', { type: 'PoolArchived' }))
    finishClaim(world, c1)
    expect(eventsOf(world).at(-1)).toBe('ChargerReleased')
    expect(world.charger(c1).state?.claim).toBeUndefined()
  })

  test('can be confirmed only where none such or later was closed or stands, in an open pool', () => {
    const pool = { archived: false, chargers: new Map([[c1, 4]]), closedClaims: new Map([[c1, 2]]) }
    expect([1, 2, 3, 4, 5].map((claim) => mayConfirm(c1, claim, pool))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ])
    expect(mayConfirm(c1, 5, { ...pool, archived: true })).toBe(false)
    expect([3, 4, 5].map((claim) => isDead(c1, { pool: N, claim }, pool))).toEqual([true, false, false])
    expect([3, 4, 5].map((claim) => isPending(c1, { pool: N, claim }, pool))).toEqual([false, false, true])
  })

  test('that comes late takes nobody out who was confirmed by a later one', () => {
    const { world } = given(north(), inPool('north', added('c1', 2)))
    expect(confirmClaim(stateOfNorth(world), c1, 1)).toBeUndefined()
    expect(confirmClaim(stateOfNorth(world), c1, 2)).toEqual([])
    expect(confirmClaim(stateOfNorth(world), c1, 3)).toEqual([removed(2, 'ClaimLost'), added('c1', 3)])
  })
})

describe('An entry whose claim is not the current one', () => {
  test('is tidied as lost where the charger was allocated anew, as deallocated where it was not', () => {
    const lost = given(
      north(),
      ...standing('c1', 'north'),
      ofCharger('c1', { type: 'ChargerDeallocated' }, allocated()),
    )
    tidyPool(lost.world, N)
    expect(lost.world.all.at(-1)).toMatchObject(removed(1, 'ClaimLost'))
    const gone = given(north(), ...standing('c1', 'north'), ofCharger('c1', { type: 'ChargerDeallocated' }))
    tidyPool(gone.world, N)
    expect(gone.world.all.at(-1)).toMatchObject(removed(1, 'Deallocated'))
  })

  test('gives way to a new claim of the same pool', () => {
    given(north(), ...standing('c1', 'north'), ofCharger('c1', { type: 'ChargerDeallocated' }, allocated()))
      .when(add('north', 'c1'), ada)
      .then([claimed('north', 2), removed(1, 'ClaimLost'), added('c1', 2)])
  })
})

describe('A pool that adds chargers', () => {
  test('of an adder that died after its claim: the same command again completes it, and claims nothing anew', () => {
    const { world } = given(north(), ofCharger('c1', allocated()))
    claimOnly(world, N, c1)
    expect(eventsOf(world).at(-1)).toBe('ChargerClaimed')
    tidyPool(world, N)
    finishClaim(world, c1)
    expect(eventsOf(world).filter((type) => type === 'ChargerClaimed')).toHaveLength(1)
    expect(poolOf(world, c1)).toBe('north')
  })
})
