import { isRight } from 'fp-ts/Either'
import { by, decodeCommand, type HistorySubject, history, Instant, parseActor } from '../../src'
import { named } from '../../src/domain/language/ids'
import { ChargerId, IdentityId, PoolId } from '../../src/domain/language/ids'
import { inMemoryAccessPools, type InMemoryAccessPools } from '../../src/testing'

const actor = (text: string) => {
  const parsed = parseActor(text)
  if (!isRight(parsed)) throw new Error(parsed.left)
  return parsed.right
}

describe('history', () => {
  let t: InMemoryAccessPools
  const run = async (type: string, data: unknown, as = 'operator/o1') => {
    const command = decodeCommand(type, data)
    if (!isRight(command)) throw new Error(command.left.join('; '))
    const done = await t.pools.execute(command.right, by(actor(as)))()
    if (!isRight(done)) throw new Error(JSON.stringify(done.left))
  }
  const seen = async (subject: HistorySubject, as = 'operator/o1') => {
    const told = await history(t.store, subject, actor(as))()
    if (!isRight(told)) throw new Error(told.left.type)
    return told.right
  }
  const typesOf = async (subject: HistorySubject, as?: string) =>
    (await seen(subject, as)).map(({ type }) => type)
  const charger = { type: 'Charger', charger: named(ChargerId, 'c1') } as const
  const driver = { type: 'Identity', identity: named(IdentityId, 'user:u1') } as const
  const pool = { type: 'Pool', pool: named(PoolId, 'p1') } as const

  beforeEach(async () => {
    t = await inMemoryAccessPools({ now: named(Instant, '2025-03-01T12:00:00Z') })
    await run('CreatePool', {
      pool: 'p1',
      organization: 'north',
      name: 'One',
      level: 'Restricted',
      note: 'the yard',
    })
    await run('AllocateCharger', { charger: 'c1', host: 'h', organization: 'north' }, 'system/s')
    await run('AddChargers', { pool: 'p1', chargers: ['c1'] }, 'admin/north/a1')
    await run('RegisterIdentity', { identity: 'user:u1' }, 'system/s')
    await run(
      'ConfigureRequests',
      { pool: 'p1', enabled: true, notify: ['desk@example.org'] },
      'admin/north/a1',
    )
    await run('RequestAccess', { request: 'r1', identity: 'user:u1', charger: 'c1' }, 'driver/user:u1')
    await run('WithdrawRequest', { pool: 'p1', request: 'r1' }, 'driver/user:u1')
  })
  afterEach(() => t.stop())

  it('tells who did what to a pool, when and why, oldest first', async () => {
    const [created] = await seen(pool)
    expect(created).toMatchObject({
      type: 'PoolCreated',
      actor: { type: 'Operator', id: 'o1' },
      note: 'the yard',
    })
    expect(created?.at).toBe('2025-03-01T12:00:00.000Z')
    expect(await typesOf(pool)).toEqual([
      'PoolCreated',
      'ChargerAdded',
      'RequestsConfigured',
      'AccessRequested',
      'RequestWithdrawn',
    ])
  })

  it('tells of a charger what its own stream and its pools say', async () => {
    expect(await typesOf(charger)).toEqual([
      'ChargerAllocated',
      'ChargerClaimed',
      'ChargerAdded',
      'AccessRequested',
    ])
  })

  it('shows a driver its own requests and what came of them', async () => {
    const mine = ['IdentityRegistered', 'AccessRequested', 'RequestWithdrawn']
    expect(await typesOf(driver, 'driver/user:u1')).toEqual(mine)
    expect(await typesOf(pool, 'driver/user:u1')).toEqual(mine.slice(1))
    expect(await typesOf(pool, 'driver/user:u2')).toEqual([])
  })

  it('shows an administrator what was its organization’s when it happened, and nothing of another’s', async () => {
    await run('AllocateCharger', { charger: 'c1', host: 'h2', organization: 'south' }, 'system/s')
    expect(await typesOf(charger, 'admin/south/b1')).toEqual(['ChargerAllocated'])
    expect(await typesOf(charger, 'admin/north/a1')).toEqual([
      'ChargerAllocated',
      'ChargerClaimed',
      'ChargerAdded',
      'AccessRequested',
      'ChargerDeallocated',
    ])
    expect(await typesOf(pool, 'admin/south/b1')).toEqual([])
  })
})
