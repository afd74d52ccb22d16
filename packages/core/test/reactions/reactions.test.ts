import { isRight } from 'fp-ts/Either'
import { by, type Command, decodeCommand, parseActor } from '../../src'
import { inMemoryAccessPools, type InMemoryAccessPools } from '../../src/testing'
import { named } from '../../src/domain/language/ids'
import { Instant } from '../../src/domain/language/window'
import { chargerStream, poolStream } from '../../src/domain/event/streams'
import { ChargerId, IdentityId, PoolId, RequestId } from '../../src/domain/language/ids'

const NOW = named(Instant, '2025-03-01T12:00:00Z')
const pool = named(PoolId, 'p1')
const charger = named(ChargerId, 'c1')
const user = named(IdentityId, 'user:u1')

const actor = (text: string) => {
  const parsed = parseActor(text)
  if (!isRight(parsed)) throw new Error(parsed.left)
  return parsed.right
}
const command = (type: string, data: unknown): Command => {
  const decoded = decodeCommand(type, data)
  if (!isRight(decoded)) throw new Error(decoded.left.join('; '))
  return decoded.right
}

describe('what the system does by itself', () => {
  let t: InMemoryAccessPools
  const run = async (type: string, data: unknown, as = 'operator/o1') => {
    const done = await t.pools.execute(command(type, data), by(actor(as)))()
    if (!isRight(done)) throw new Error(JSON.stringify(done.left))
    return done.right
  }
  const typesOf = async (stream: string): Promise<readonly string[]> => {
    const slice = await t.store.readStream(stream, 0, 500)()
    if (!isRight(slice)) throw new Error(JSON.stringify(slice.left))
    return slice.right.events.map(({ type }) => type)
  }
  /** Appends an event as a process would that died right after. */
  const left = async (stream: string, expected: number, type: string, data: Record<string, unknown>) => {
    const metadata = {
      schemaVersion: 1,
      actor: actor('operator/o1'),
      occurredAt: NOW,
      $correlationId: 'x',
      $causationId: 'x',
    }
    const id = '00000000-0000-5000-8000-000000000001'
    const appended = await t.store.append(stream, expected, [{ id, type, data, metadata }])()
    if (!isRight(appended) || appended.right.type !== 'Written') throw new Error(JSON.stringify(appended))
    await t.readModel.whenProcessed(appended.right.position)
  }

  beforeEach(async () => {
    t = await inMemoryAccessPools({ now: NOW })
    await run('CreatePool', { pool: 'p1', organization: 'o', name: 'One', level: 'Restricted' })
    await run('AllocateCharger', { charger: 'c1', host: 'h', organization: 'o' }, 'system/s')
    await run('RegisterIdentity', { identity: 'user:u1' }, 'system/s')
  })
  afterEach(() => t.stop())

  it('confirms a claim whose command died before it told the pool', async () => {
    await left(chargerStream(charger), 0, 'ChargerClaimed', { pool: 'p1', claim: 1 })
    expect(t.readModel.index.poolOf(charger)).toBeUndefined()
    expect(await t.reactions.settle()).toBe(1)
    expect(await typesOf(poolStream(pool))).toEqual(['PoolCreated', 'ChargerAdded'])
  })

  it('leaves a young claim to the command that made it, and finishes it after ten seconds', async () => {
    await left(chargerStream(charger), 0, 'ChargerClaimed', { pool: 'p1', claim: 1 })
    await t.runtime.advance(2_000)
    expect(await typesOf(poolStream(pool))).toEqual(['PoolCreated'])
    expect(t.reactions.pending().count).toBe(1)
    await t.runtime.advance(12_000)
    expect(await typesOf(poolStream(pool))).toEqual(['PoolCreated', 'ChargerAdded'])
    await t.runtime.advance(2_000)
    expect(t.reactions.pending().count).toBe(0)
  })

  it('releases a charger whose pool was archived', async () => {
    await run('AddChargers', { pool: 'p1', chargers: ['c1'] })
    await run('ArchivePool', { pool: 'p1', force: true })
    await t.reactions.settle()
    expect((await typesOf(chargerStream(charger))).at(-1)).toBe('ChargerReleased')
  })

  it('ends the entry of a charger that was deallocated', async () => {
    await run('AddChargers', { pool: 'p1', chargers: ['c1'] })
    await run('DeallocateCharger', { charger: 'c1' }, 'system/s')
    await t.reactions.settle()
    expect((await typesOf(poolStream(pool))).at(-1)).toBe('ChargerRemoved')
    expect(await t.reactions.settle()).toBeLessThanOrEqual(1)
    expect((await typesOf(poolStream(pool))).filter((type) => type === 'ChargerRemoved')).toHaveLength(1)
  })

  it('ends what a deregistered identity had, and only that', async () => {
    await run('AddIdentities', { pool: 'p1', identities: ['user:u1'] })
    await run('DeregisterIdentity', { identity: 'user:u1' }, 'system/s')
    await run('RegisterIdentity', { identity: 'user:u1' }, 'system/s')
    await t.reactions.settle()
    expect((await typesOf(poolStream(pool))).at(-1)).toBe('IdentityRemoved')
    await run('AddIdentities', { pool: 'p1', identities: ['user:u1'] })
    await t.reactions.settle()
    expect((await typesOf(poolStream(pool))).at(-1)).toBe('IdentityAdded')
    expect(t.decide(charger, { type: 'Identity', identity: user })).toMatchObject({ reason: 'NotInPool' })
  })

  it('closes requests that expired, once', async () => {
    await run('AddChargers', { pool: 'p1', chargers: ['c1'] })
    await run('ConfigureRequests', {
      pool: 'p1',
      enabled: true,
      notify: ['desk@example.org'],
      expiresAfterDays: 1,
    })
    await run('RequestAccess', { request: 'r1', identity: 'user:u1', charger: 'c1' }, 'driver/user:u1')
    expect(await t.reactions.settle()).toBe(0)
    t.runtime.setNow(t.runtime.now() + 24 * 3_600_000)
    await t.runtime.advance(2_000)
    const closed = (await typesOf(poolStream(pool))).filter((type) => type === 'RequestClosed')
    expect(closed).toHaveLength(1)
    expect(
      t.readModel.directory.streams.pools.get(pool)?.folded.state?.requests.get(named(RequestId, 'r1'))
        ?.status,
    ).toBe('Closed')
  })

  it('does nothing where nothing is due', async () => {
    await run('AddChargers', { pool: 'p1', chargers: ['c1'] })
    expect(await t.reactions.settle()).toBe(0)
  })
})
