/** An event that cannot be read suspends its stream, for commands too; an operator decides to pass it over. */
import { isLeft } from 'fp-ts/Either'
import type { MemoryStore } from '../../src/store/memory-store'
import { damage, done, failed, give, instance, network, outcomes, refused, types } from './network'

const why = { reason: 'written by a version that was withdrawn' }
const ann = { actor: 'driver/user:ann' }

const appendRaw = async (
  store: MemoryStore,
  stream: string,
  expected: number,
  events: Parameters<MemoryStore['appendRaw']>[2],
) => {
  const appended = await store.appendRaw(stream, expected, events)()
  if (isLeft(appended) || appended.right.type !== 'Written') throw new Error('it was not appended')
}

describe('A pool that holds an event that cannot be read', () => {
  test('takes no command, and says at which event', async () => {
    const { pools, store } = await network()
    await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1'] })
    const revision = await damage(store, 'accessPool-P')
    const suspended = { type: 'PoolSuspended', pool: 'P', revision }
    const commands: [string, Record<string, unknown>][] = [
      ['RenamePool', { pool: 'P', name: 'x' }],
      ['ArchivePool', { pool: 'P', force: true }],
      ['AddChargers', { pool: 'P', chargers: ['C2'] }],
      ['RemoveChargers', { pool: 'P', chargers: ['C1'] }],
      ['AddIdentities', { pool: 'P', identities: ['user:ann'] }],
      ['CloseExpiredRequests', { pool: 'P' }],
    ]
    for (const [type, data] of commands) {
      expect(await refused(pools, type, data)).toEqual(suspended)
      expect(await refused(instance(store), type, data)).toEqual(suspended)
    }
    expect(await refused(pools, 'RequestAccess', { identity: 'user:ann', charger: 'C1' }, ann)).toEqual(
      suspended,
    )
  })

  test('keeps its chargers: no other pool takes over what it may have confirmed', async () => {
    const { pools, store } = await network()
    await done(pools, 'AddChargers', { pool: 'Q', chargers: ['C1'] })
    await damage(store, 'accessPool-Q')
    const { items } = await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1', 'C2'] })
    expect(items).toMatchObject([
      { refusal: { type: 'ChargerInAnotherPool', pool: 'Q' } },
      { outcome: 'Added' },
    ])
  })

  test('does not suspend others', async () => {
    const { pools, store } = await network()
    await damage(store, 'accessPool-P')
    expect(await done(pools, 'RenamePool', { pool: 'Q', name: 'x' })).toMatchObject({
      events: ['PoolRenamed'],
    })
  })
})

describe('A charger, an identity, the partners that cannot be read', () => {
  test('a charger is refused by itself, and can still be taken out of its pool', async () => {
    const { pools, store } = await network()
    await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1'] })
    const revision = await damage(store, 'charger-C1')
    const suspended = { type: 'ChargerSuspended', charger: 'C1', revision }
    const { items } = await done(pools, 'AddChargers', { pool: 'Q', chargers: ['C1', 'C2'] })
    expect(items).toMatchObject([{ outcome: 'Refused', refusal: suspended }, { outcome: 'Added' }])
    expect(await refused(pools, 'DeallocateCharger', { charger: 'C1' })).toEqual(suspended)
    expect(await refused(pools, 'RequestAccess', { identity: 'user:ann', charger: 'C1' }, ann)).toEqual(
      suspended,
    )
    expect(outcomes(await done(pools, 'RemoveChargers', { pool: 'P', chargers: ['C1'] }))).toEqual([
      'Removed',
    ])
  })

  test('an identity is refused by itself, and can still be taken out of its pool', async () => {
    const { pools, store } = await network()
    await done(pools, 'AddIdentities', { pool: 'P', identities: ['rfid:CARD'] })
    const revision = await damage(store, 'identity-rfid:CARD')
    const suspended = { type: 'IdentitySuspended', identity: 'rfid:CARD', revision }
    const { items } = await done(pools, 'AddIdentities', { pool: 'Q', identities: ['rfid:CARD', 'user:ann'] })
    expect(items).toMatchObject([{ outcome: 'Refused', refusal: suspended }, { outcome: 'Added' }])
    expect(await refused(pools, 'BlockIdentity', { identity: 'rfid:CARD' })).toEqual(suspended)
    expect(await refused(pools, 'ChangeMembership', { pool: 'P', identity: 'rfid:CARD' })).toEqual(suspended)
    expect(outcomes(await done(pools, 'RemoveIdentities', { pool: 'P', identities: ['rfid:CARD'] }))).toEqual(
      ['Removed'],
    )
  })

  test('is refused to each of many that read it at once', async () => {
    const { store } = await network()
    await damage(store, 'identity-rfid:CARD')
    const pools = instance(store)
    const add = (pool: string) => done(pools, 'AddIdentities', { pool, identities: ['rfid:CARD'] })
    const answers = await Promise.all(['P', 'Q', 'P', 'Q', 'P', 'Q'].map(add))
    expect(answers.flatMap(outcomes)).toEqual(Array(6).fill('Refused'))
  })

  test('partners: only what asks for them is refused', async () => {
    const { pools, store } = await network()
    await done(pools, 'RegisterPartner', { partner: 'acme' })
    await damage(store, 'partners')
    const suspended = { type: 'PartnersSuspended', revision: 1 }
    const access = { pool: 'P', partner: 'ampup', visible: true, control: false }
    expect(await refused(pools, 'SetPartnerAccess', access)).toEqual(suspended)
    expect(await refused(pools, 'RegisterPartner', { partner: 'other' })).toEqual(suspended)
    const partners = { ampup: { visible: true, control: false } }
    expect(await refused(pools, 'EditPool', { pool: 'P', partners })).toEqual(suspended)
    expect(await done(pools, 'EditPool', { pool: 'P', name: 'x' })).toMatchObject({ events: ['PoolRenamed'] })
  })
})

describe('SkipEvent', () => {
  test('passes over an event that is parked: commands go on, in this process and in others', async () => {
    const { pools, store } = await network()
    const other = instance(store)
    for (const stream of ['accessPool-P', 'charger-C1', 'identity-user:ann', 'partners']) {
      const revision = await damage(store, stream)
      expect(await done(pools, 'SkipEvent', { stream, revision, ...why })).toMatchObject({
        events: ['EventSkipped'],
      })
    }
    for (const one of [pools, other, instance(store)]) {
      expect(outcomes(await done(one, 'AddChargers', { pool: 'P', chargers: ['C1'] }))).toHaveLength(1)
      expect(
        outcomes(await done(one, 'AddIdentities', { pool: 'P', identities: ['user:ann'] })),
      ).toHaveLength(1)
      await done(one, 'SetPartnerAccess', { pool: 'P', partner: 'ampup', visible: true, control: false })
    }
    expect(await types(store, 'accessPool-P')).toEqual([
      'PoolCreated',
      'RequestsConfigured',
      'Garbled',
      'ChargerAdded',
      'IdentityAdded',
      'PartnerAccessChanged',
    ])
  })

  test('is refused for an event that is not parked: one that can be read, one that waits, one that is not there', async () => {
    const { pools, store } = await network()
    const revision = await damage(store, 'accessPool-P')
    await damage(store, 'accessPool-P')
    const skip = (stream: string, at: number) => refused(pools, 'SkipEvent', { stream, revision: at, ...why })
    expect(await skip('accessPool-P', 0)).toEqual({ type: 'NotParked', stream: 'accessPool-P', revision: 0 })
    expect((await skip('accessPool-P', revision + 1)).type).toBe('NotParked')
    expect((await skip('accessPool-Q', 0)).type).toBe('NotParked')
    expect((await skip('accessPool-none', 0)).type).toBe('NotParked')
    expect((await skip('skips', 0)).type).toBe('NotParked')
    expect((await skip('epoch', 0)).type).toBe('NotParked')
    expect((await skip('somebody else', 0)).type).toBe('NotParked')
    expect((await skip('', 0)).type).toBe('NotParked')
  })

  test('of an event that is skipped already is nothing; the next one is parked then', async () => {
    const { pools, store } = await network()
    const stream = 'accessPool-P'
    const first = await damage(store, stream)
    const second = await damage(store, stream)
    await done(pools, 'SkipEvent', { stream, revision: first, ...why })
    expect(await done(pools, 'SkipEvent', { stream, revision: first, ...why })).toMatchObject({ events: [] })
    expect(await refused(pools, 'RenamePool', { pool: 'P', name: 'x' })).toMatchObject({ revision: second })
    await done(pools, 'SkipEvent', { stream, revision: second, ...why })
    expect(await done(pools, 'RenamePool', { pool: 'P', name: 'x' })).toMatchObject({
      events: ['PoolRenamed'],
    })
  })

  test('an event that breaks what its pool promises is parked and skipped alike', async () => {
    const { pools, store } = await network()
    const id = '00000000-0000-4000-8000-000000000001'
    const metadata = JSON.stringify({
      schemaVersion: 1,
      actor: { type: 'Operator', id: 'op' },
      occurredAt: '2025-01-01T00:00:00.000Z',
      $correlationId: id,
      $causationId: id,
    })
    const data = JSON.stringify({ charger: 'C1', claim: 3, reason: 'Removed' })
    await appendRaw(store, 'accessPool-P', 1, [{ id, type: 'ChargerRemoved', data, metadata }])
    expect(await refused(pools, 'RenamePool', { pool: 'P', name: 'x' })).toMatchObject({
      type: 'PoolSuspended',
    })
    await done(pools, 'SkipEvent', { stream: 'accessPool-P', revision: 2, ...why })
    expect(await done(pools, 'RenamePool', { pool: 'P', name: 'x' })).toMatchObject({ revision: 3 })
  })

  test('is consulted only where an event cannot be read', async () => {
    const { store } = await network()
    const reads: string[] = []
    const pools = instance({
      ...store,
      readStream: (stream, from, most) => {
        reads.push(stream)
        return store.readStream(stream, from, most)
      },
    })
    await done(pools, 'AddIdentities', { pool: 'P', identities: ['user:ann'] })
    expect(reads).not.toContain('skips')
    await damage(store, 'identity-user:ann')
    await done(pools, 'AddIdentities', { pool: 'Q', identities: ['user:ann'] })
    expect(reads).toContain('skips')
  })

  /** Reads that take turns of different length, so that they overtake each other. */
  const staggered = (store: MemoryStore, by: number): MemoryStore => {
    let calls = 0
    return {
      ...store,
      readStream:
        (...call) =>
        async () => {
          calls += 1
          for (let turn = (calls * by) % 7; turn > 0; turn -= 1) await Promise.resolve()
          return store.readStream(...call)()
        },
    }
  }

  const addAtOnce = async (store: MemoryStore) => {
    const pools = instance(store)
    const add = (pool: string) => done(pools, 'AddIdentities', { pool, identities: ['user:ann'] })
    return (await Promise.all(['P', 'Q', 'R', 'S', 'P', 'Q'].map(add))).flatMap(outcomes)
  }

  const withMorePools = async () => {
    const { pools, store } = await network()
    for (const pool of ['R', 'S']) await done(pools, 'CreatePool', { pool, organization: 'O', name: pool })
    return { pools, store, revision: await damage(store, 'identity-user:ann') }
  }

  test('commands that wait on a skipped event at the same time all go on, whoever reads first', async () => {
    for (let by = 1; by <= 12; by += 1) {
      const { pools, store, revision } = await withMorePools()
      await done(pools, 'SkipEvent', { stream: 'identity-user:ann', revision, ...why })
      const added = await addAtOnce(staggered(store, by))
      expect(added.sort()).toEqual(['Added', 'Added', 'Added', 'Added', 'AlreadyThere', 'AlreadyThere'])
    }
  })

  test('commands that meet a parked event at the same time are all refused, whoever reads first', async () => {
    for (let by = 1; by <= 12; by += 1) {
      const { store } = await withMorePools()
      expect(await addAtOnce(staggered(store, by))).toEqual(Array(6).fill('Refused'))
    }
  })
})

describe('The stream of skips', () => {
  test('that cannot be read stops everything that asks it, and nothing else', async () => {
    const { pools, store } = await network()
    await damage(store, 'accessPool-P')
    await damage(store, 'skips')
    const error = await failed(pools, 'RenamePool', { pool: 'P', name: 'x' })
    expect(error).toMatchObject({ type: 'Unavailable' })
    expect(JSON.stringify(error)).toContain('event 0 of stream skips cannot be read')
    const skip = await give(pools, 'SkipEvent', { stream: 'accessPool-P', revision: 2, ...why })
    expect(isLeft(skip) && skip.left.type).toBe('Unavailable')
    expect(await done(pools, 'RenamePool', { pool: 'Q', name: 'x' })).toMatchObject({
      events: ['PoolRenamed'],
    })
  })

  test('may be full of events that a reader may pass over', async () => {
    const { pools, store } = await network()
    const optional = Array.from({ length: 1200 }, (_, n) => ({
      id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      type: 'NoteOfNextYear',
      data: '{}',
      metadata: '{"optional":true}',
    }))
    for (const [at, one] of optional.entries()) await appendRaw(store, 'skips', at - 1, [one])
    const revision = await damage(store, 'accessPool-P')
    await done(pools, 'SkipEvent', { stream: 'accessPool-P', revision, ...why })
    expect(await done(pools, 'RenamePool', { pool: 'P', name: 'x' })).toMatchObject({
      events: ['PoolRenamed'],
    })
  })
})
