/** What a store may answer to an append, and what a command makes of it: conflicts, unknown outcomes, errors. */
import { isRight, right } from 'fp-ts/Either'
import type { AppendResult, EventStore } from '../../src/store/event-store'
import {
  appendingBy,
  countAll,
  damage,
  done,
  events,
  failed,
  give,
  instance,
  network,
  outcomes,
  types,
  unavailable,
  unknownOutcome,
} from './network'

/** Lets so many appends to a stream come together before any of them is made, and counts their conflicts. */
const barrier = (store: EventStore, stream: string, parties: number) => {
  let waiting: (() => void)[] = []
  let conflicts = 0
  let open = false
  const meeting = appendingBy(store, (next, to, expected, written) => async () => {
    if (to === stream && !open)
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length < parties) return
        open = true
        for (const go of waiting) go()
        waiting = []
      })
    const appended = await next(to, expected, written)()
    if (isRight(appended) && appended.right.type === 'Conflict') conflicts += 1
    return appended
  })
  return { store: meeting, conflicts: () => conflicts }
}

describe('Where several processes write to one pool', () => {
  test('one of two conflicts, reads the tail, decides again, and both are done', async () => {
    const { store } = await network()
    const race = barrier(store, 'accessPool-P', 2)
    const [a, b] = [instance(race.store), instance(race.store)]
    await Promise.all([
      done(a, 'AddIdentities', { pool: 'P', identities: ['user:ann'] }),
      done(b, 'RenamePool', { pool: 'P', name: 'Yard' }),
    ])
    expect(race.conflicts()).toBe(1)
    expect((await types(store, 'accessPool-P')).slice(2).sort()).toEqual(['IdentityAdded', 'PoolRenamed'])
  })

  test('the second of two that want the same is answered that it is so already', async () => {
    const { store } = await network()
    const race = barrier(store, 'accessPool-P', 2)
    const add = { pool: 'P', identities: ['user:ann'] }
    const both = await Promise.all([
      done(instance(race.store), 'AddIdentities', add),
      done(instance(race.store), 'AddIdentities', add),
    ])
    expect(race.conflicts()).toBe(1)
    expect(both.flatMap(outcomes).sort()).toEqual(['Added', 'AlreadyThere'])
  })

  test('of two that create it one is told that it exists', async () => {
    const { store } = await network()
    const race = barrier(store, 'accessPool-new', 2)
    const create = { pool: 'new', organization: 'O', name: 'new' }
    const both = await Promise.all([
      give(instance(race.store), 'CreatePool', create),
      give(instance(race.store), 'CreatePool', create),
    ])
    expect(race.conflicts()).toBe(1)
    expect(both.filter(isRight)).toHaveLength(1)
    expect(await types(store, 'accessPool-new')).toEqual(['PoolCreated'])
  })

  test('a charger that two pools claim at once is in one of them', async () => {
    const { store } = await network()
    const race = barrier(store, 'charger-C1', 2)
    const both = await Promise.all(
      ['P', 'Q'].map((pool) => done(instance(race.store), 'AddChargers', { pool, chargers: ['C1'] })),
    )
    expect(race.conflicts()).toBe(1)
    expect(both.flatMap(outcomes).sort()).toEqual(['Added', 'Refused'])
  })

  test('ten processes lose nothing', async () => {
    const { store } = await network()
    const race = barrier(store, 'accessPool-P', 10)
    const names = Array.from({ length: 10 }, (_, n) => `name ${n}`)
    await Promise.all(names.map((name) => done(instance(race.store), 'RenamePool', { pool: 'P', name })))
    expect(race.conflicts()).toBeGreaterThanOrEqual(9)
    expect((await types(store, 'accessPool-P')).filter((type) => type === 'PoolRenamed')).toHaveLength(10)
  })

  test('commands of one process wait for each other and never conflict', async () => {
    const { store } = await network()
    let conflicts = 0
    const pools = instance(
      appendingBy(store, (next, ...call) => async () => {
        const appended = await next(...call)()
        if (isRight(appended) && appended.right.type === 'Conflict') conflicts += 1
        return appended
      }),
    )
    const names = Array.from({ length: 50 }, (_, n) => `name ${n}`)
    await Promise.all(names.map((name) => done(pools, 'RenamePool', { pool: 'P', name })))
    expect(conflicts).toBe(0)
    const renamed = (await events(store, 'accessPool-P')).slice(2)
    expect(renamed.map(({ data }) => (data as { name: string }).name)).toEqual(names)
  })

  test('a command that conflicts again and again gives up, and has changed nothing', async () => {
    const { store } = await network()
    const before = await countAll(store)
    let tries = 0
    const conflict: AppendResult = { type: 'Conflict', actual: 99 }
    const pools = instance(
      appendingBy(store, () => () => {
        tries += 1
        return Promise.resolve(right(conflict))
      }),
    )
    expect(await failed(pools, 'RenamePool', { pool: 'P', name: 'Yard' })).toEqual({
      type: 'Conflict',
      stream: 'accessPool-P',
    })
    expect(tries).toBe(12)
    expect(await countAll(store)).toBe(before)
  })
})

describe('Where the outcome of an append is unknown', () => {
  const lostOnce = (store: EventStore, written: boolean) => {
    const calls: string[] = []
    const pools = instance(
      appendingBy(store, (next, ...call) => async () => {
        const [stream, expected, said] = call
        calls.push(`${stream}@${expected} ${said.map(({ id }) => id).join(' ')}`)
        if (calls.length > 1) return next(...call)()
        if (written) await next(...call)()
        return unknownOutcome()
      }),
    )
    return { pools, calls }
  }

  for (const written of [true, false])
    test(`it is repeated with the same ids at the same revision, where it was ${written ? '' : 'not '}written`, async () => {
      const { store } = await network()
      const before = await countAll(store)
      const { pools, calls } = lostOnce(store, written)
      expect(await done(pools, 'RenamePool', { pool: 'P', name: 'Yard' })).toMatchObject({
        events: ['PoolRenamed'],
        revision: 2,
      })
      expect(calls).toHaveLength(2)
      expect(calls[1]).toBe(calls[0])
      expect(await countAll(store)).toBe(before + 1)
    })

  test('and somebody else wrote meanwhile, it counts as the first', async () => {
    const { store, pools: other } = await network()
    let calls = 0
    const pools = instance(
      appendingBy(store, (next, ...call) => async () => {
        calls += 1
        if (calls > 1) return next(...call)()
        await next(...call)()
        await done(other, 'SetHidden', { pool: 'P', hidden: true })
        return unknownOutcome()
      }),
    )
    expect(await done(pools, 'RenamePool', { pool: 'P', name: 'Yard' })).toMatchObject({ revision: 2 })
    expect(await done(pools, 'RenamePool', { pool: 'P', name: 'Yard' })).toMatchObject({
      revision: 3,
      events: [],
    })
  })

  test('and stays so, the answer says it, and the repeat of the command finds out', async () => {
    const { store } = await network()
    let lose = true
    const pools = instance(
      appendingBy(store, (next, ...call) => async () => {
        const appended = await next(...call)()
        return lose ? unknownOutcome() : appended
      }),
    )
    const rename = { pool: 'P', name: 'Yard' }
    expect(await failed(pools, 'RenamePool', rename, { id: 'a1' })).toEqual({
      type: 'OutcomeUnknown',
      commandId: 'a1',
    })
    lose = false
    expect(await done(pools, 'RenamePool', rename, { id: 'a1' })).toMatchObject({ events: [], revision: 2 })
    expect((await types(store, 'accessPool-P')).filter((type) => type === 'PoolRenamed')).toHaveLength(1)
  })

  test('an error of its repeat does not make it known', async () => {
    const { store } = await network()
    let calls = 0
    const pools = instance(
      appendingBy(store, (next, ...call) => async () => {
        calls += 1
        if (calls > 1) return unavailable()
        await next(...call)()
        return unknownOutcome()
      }),
    )
    expect((await failed(pools, 'RenamePool', { pool: 'P', name: 'Yard' })).type).toBe('OutcomeUnknown')
  })
})

describe('Where the store fails', () => {
  test('to append, nothing is changed, and the next command goes on', async () => {
    const { store } = await network()
    let down = true
    const pools = instance(appendingBy(store, (next, ...call) => (down ? unavailable : next(...call))))
    const before = await countAll(store)
    expect(await failed(pools, 'RenamePool', { pool: 'P', name: 'Yard' })).toEqual({
      type: 'Unavailable',
      reason: 'the store does not answer: it was unplugged',
    })
    expect(await countAll(store)).toBe(before)
    down = false
    expect(await done(pools, 'RenamePool', { pool: 'P', name: 'Yard' })).toMatchObject({
      events: ['PoolRenamed'],
    })
  })

  test('to read, no command is answered as refused or as already true', async () => {
    const { store, pools: other } = await network()
    let down = false
    const pools = instance({
      ...store,
      readStream: (...call) => (down ? () => unavailableRead() : store.readStream(...call)),
    })
    const unavailableRead = () =>
      Promise.resolve({ _tag: 'Left', left: { type: 'Unavailable', reason: 'unplugged' } } as const)
    await done(pools, 'SetHidden', { pool: 'P', hidden: true })
    down = true
    const commands: [string, Record<string, unknown>][] = [
      ['SetHidden', { pool: 'P', hidden: true }],
      ['SetFreeVend', { pool: 'P', freeVend: true }],
      ['AddIdentities', { pool: 'P', identities: ['user:ann'] }],
      ['AddChargers', { pool: 'P', chargers: ['C1'] }],
      ['RemoveChargers', { pool: 'P', chargers: ['C1'] }],
      ['BlockIdentity', { identity: 'user:ann' }],
      ['SetPartnerAccess', { pool: 'P', partner: 'ampup', visible: true, control: false }],
      ['SkipEvent', { stream: 'accessPool-P', revision: 1, reason: 'why' }],
      ['RegisterPartner', { partner: 'acme' }],
    ]
    for (const [type, data] of commands) expect((await failed(pools, type, data)).type).toBe('Unavailable')
    expect(
      (
        await failed(
          pools,
          'RequestAccess',
          { identity: 'user:ann', charger: 'C1' },
          { actor: 'driver/user:ann' },
        )
      ).type,
    ).toBe('Unavailable')
    expect(await done(other, 'SetHidden', { pool: 'P', hidden: true })).toMatchObject({ events: [] })
  })

  test('for good, it is said so', async () => {
    const { store, pools } = await network()
    await store.close()
    expect(await failed(pools, 'RenamePool', { pool: 'P', name: 'Yard' })).toEqual({
      type: 'Unavailable',
      reason: 'the store was closed',
    })
  })
})

describe('A command that throws', () => {
  test('does not stop those that wait behind it', async () => {
    const { store } = await network()
    let calls = 0
    const pools = instance(
      appendingBy(store, (next, ...call) => async () => {
        calls += 1
        if (calls === 1) throw new Error('a store must not throw, but one did')
        return next(...call)()
      }),
    )
    const first = give(pools, 'RenamePool', { pool: 'P', name: 'Yard' })
    const second = give(pools, 'RenamePool', { pool: 'P', name: 'Gate' })
    await expect(first).rejects.toThrow('a store must not throw')
    expect(isRight(await second)).toBe(true)
  })
})

describe('The cache of folds', () => {
  const readsOf = (store: EventStore) => {
    const reads: string[] = []
    const watched: EventStore = {
      ...store,
      readStream: (stream, from, most) => {
        reads.push(`${stream}@${from}`)
        return store.readStream(stream, from, most)
      },
    }
    return { reads, store: watched }
  }

  test('spares reading what is known: a command that writes reads nothing, one that does not reads the tail', async () => {
    const { store } = await network()
    const watched = readsOf(store)
    const pools = instance(watched.store)
    await done(pools, 'RenamePool', { pool: 'P', name: 'one' })
    expect(watched.reads).toEqual(['accessPool-P@0'])
    await done(pools, 'RenamePool', { pool: 'P', name: 'two' })
    expect(watched.reads).toEqual(['accessPool-P@0'])
    await done(pools, 'RenamePool', { pool: 'P', name: 'two' })
    expect(watched.reads).toEqual(['accessPool-P@0', 'accessPool-P@4'])
  })

  test('forgets the streams that were not used for longest, within its bound', async () => {
    const { store } = await network()
    const watched = readsOf(store)
    const pools = instance(watched.store, { cacheWeight: 20 })
    const rename = (pool: string, name: string) => done(pools, 'RenamePool', { pool, name })
    for (const n of [1, 2, 3]) {
      await rename('P', `P${n}`)
      await rename('Q', `Q${n}`)
    }
    expect(watched.reads).toEqual(['accessPool-P@0', 'accessPool-Q@0'])
    for (let n = 4; n <= 20; n += 1) await rename('Q', `Q${n}`)
    expect(watched.reads).toHaveLength(2)
    await rename('P', 'P4')
    expect(watched.reads.slice(2)).toEqual(['accessPool-P@0'])
  })

  test('of no room at all changes no answer', async () => {
    const { store } = await network()
    const pools = instance(store, { cacheWeight: 0 })
    expect(outcomes(await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1', 'C2'] }))).toEqual([
      'Added',
      'Added',
    ])
    expect(outcomes(await done(pools, 'RemoveChargers', { pool: 'P', chargers: ['C1'] }))).toEqual([
      'Removed',
    ])
    expect(outcomes(await done(pools, 'AddChargers', { pool: 'Q', chargers: ['C1', 'C2'] }))).toEqual([
      'Added',
      'Refused',
    ])
  })

  test('is not taken for the truth about other streams: two processes, one of which revokes', async () => {
    const { store } = await network()
    const [desk, feed] = [instance(store), instance(store)]
    const add = { pool: 'P', identities: ['user:ann'] }
    // The desk knows ann as registered and not yet a member.
    await give(desk, 'ChangeMembership', { pool: 'P', identity: 'user:ann' })
    await done(feed, 'DeregisterIdentity', { identity: 'user:ann' })
    const { items } = await done(desk, 'AddIdentities', add)
    expect(items).toMatchObject([{ outcome: 'Refused', refusal: { type: 'IdentityNotRegistered' } }])
  })
})

describe('Nothing is answered "already true" or "refused" from the cache: what two processes would do to each other', () => {
  test('a revocation is not swallowed by a process that has not seen what it revokes', async () => {
    const { store } = await network()
    const [desk, other] = [instance(store), instance(store)]
    await done(desk, 'RenamePool', { pool: 'P', name: 'known to the desk' })
    await done(other, 'AddIdentities', { pool: 'P', identities: ['user:ann'] })
    await done(other, 'AddChargers', { pool: 'P', chargers: ['C1'] })
    await done(other, 'SetPartnerAccess', { pool: 'P', partner: 'ampup', visible: true, control: true })
    expect(outcomes(await done(desk, 'RemoveIdentities', { pool: 'P', identities: ['user:ann'] }))).toEqual([
      'Removed',
    ])
    await done(other, 'ChangeAccessLevel', { pool: 'P', level: 'Public' })
    expect(await done(desk, 'ChangeAccessLevel', { pool: 'P', level: 'Restricted' })).toMatchObject({
      events: ['AccessLevelChanged'],
    })
    expect(outcomes(await done(desk, 'RemoveChargers', { pool: 'P', chargers: ['C1'] }))).toEqual(['Removed'])
    expect(
      await done(desk, 'SetPartnerAccess', { pool: 'P', partner: 'ampup', visible: false, control: false }),
    ).toMatchObject({ events: ['PartnerAccessChanged'] })
  })

  test('a block is not swallowed by a process that knew the card as blocked before it was unblocked', async () => {
    const { store } = await network()
    const [desk, other] = [instance(store), instance(store)]
    const card = { identity: 'rfid:CARD' }
    await done(desk, 'BlockIdentity', card)
    await done(other, 'UnblockIdentity', card)
    expect(await done(desk, 'BlockIdentity', card)).toMatchObject({ events: ['IdentityBlocked'] })
  })

  test('a charger is not refused for a pool that it has left', async () => {
    const { store } = await network()
    const [desk, other] = [instance(store), instance(store)]
    await done(other, 'AddChargers', { pool: 'Q', chargers: ['C1'] })
    expect(outcomes(await done(desk, 'AddChargers', { pool: 'P', chargers: ['C1'] }))).toEqual(['Refused'])
    await done(other, 'RemoveChargers', { pool: 'Q', chargers: ['C1'] })
    expect(outcomes(await done(desk, 'AddChargers', { pool: 'P', chargers: ['C1'] }))).toEqual(['Added'])
  })

  test('a pool that was created since is found', async () => {
    const { store } = await network()
    const [desk, other] = [instance(store), instance(store)]
    expect((await failed(desk, 'RenamePool', { pool: 'new', name: 'x' })).type).toBe('Refused')
    await done(other, 'CreatePool', { pool: 'new', organization: 'O', name: 'new' })
    expect(await done(desk, 'RenamePool', { pool: 'new', name: 'x' })).toMatchObject({
      events: ['PoolRenamed'],
    })
  })

  test('a stream that another process damaged is not written to', async () => {
    const { store, pools } = await network()
    await done(pools, 'RenamePool', { pool: 'P', name: 'known here' })
    await damage(store, 'accessPool-P')
    expect(await failed(pools, 'RenamePool', { pool: 'P', name: 'x' })).toMatchObject({
      type: 'Refused',
      refusal: { type: 'PoolSuspended' },
    })
  })
})
