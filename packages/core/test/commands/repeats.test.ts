/** Repeats and command ids, through the commands as they are imported. */
import { countAll, done, instance, network, outcomes, refused, types } from './network'

describe('The same command with the same id', () => {
  test('writes nothing, and answers with the first place', async () => {
    const { pools, store } = await network()
    const rename = { pool: 'P', name: 'Yard' }
    const first = await done(pools, 'RenamePool', rename, { id: 'a1' })
    await done(pools, 'RenamePool', { pool: 'P', name: 'Gate' })
    const before = await countAll(store)
    const again = await done(pools, 'RenamePool', rename, { id: 'a1' })
    expect(await countAll(store)).toBe(before)
    expect(again).toMatchObject({ events: [], revision: first.revision, position: first.position })
  })

  test('of a bulk command answers how each item stands now', async () => {
    const { pools } = await network()
    const add = { pool: 'P', chargers: ['C1', 'C2'] }
    const first = await done(pools, 'AddChargers', add, { id: 'a1' })
    expect(outcomes(first)).toEqual(['Added', 'Added'])
    await done(pools, 'RemoveChargers', { pool: 'P', chargers: ['C2'] })
    const again = await done(pools, 'AddChargers', add, { id: 'a1' })
    expect(outcomes(again)).toEqual(['AlreadyThere', 'NotThere'])
    expect(again.revision).toBe(first.revision)
  })

  test('of a removal leaves a charger in the pool that was added again since', async () => {
    const { pools, store } = await network()
    const chargers = { pool: 'P', chargers: ['C1'] }
    await done(pools, 'AddChargers', chargers)
    await done(pools, 'RemoveChargers', chargers, { id: 'r1' })
    await done(pools, 'AddChargers', chargers)
    const before = await countAll(store)
    expect(outcomes(await done(pools, 'RemoveChargers', chargers, { id: 'r1' }))).toEqual(['AlreadyThere'])
    expect(await countAll(store)).toBe(before)
  })

  test('of a request is answered by the first, though the pool has let go of the charger since', async () => {
    const { pools } = await network()
    await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1'] })
    const ask = { identity: 'user:ann', charger: 'C1' }
    const ann = { id: 'q1', actor: 'driver/user:ann' }
    const first = await done(pools, 'RequestAccess', ask, ann)
    await done(pools, 'ArchivePool', { pool: 'P', force: true })
    expect(await done(pools, 'RequestAccess', ask, ann)).toMatchObject({ events: [], value: first.value })
    expect((await refused(pools, 'RequestAccess', ask, { ...ann, id: 'q2' })).type).toBe('ChargerNotInPool')
  })

  test('of a driver who asked is answered by the pool it asked, wherever the charger is now', async () => {
    const { pools, store } = await network()
    await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1'] })
    const ask = { identity: 'user:ann', charger: 'C1' }
    const ann = { id: 'q1', actor: 'driver/user:ann' }
    const first = await done(pools, 'RequestAccess', ask, ann)
    await done(pools, 'RemoveChargers', { pool: 'P', chargers: ['C1'] })
    for (const process of [pools, instance(store)])
      expect(await done(process, 'RequestAccess', ask, ann)).toMatchObject({ events: [], value: first.value })
    await done(pools, 'EditPool', {
      pool: 'Q',
      level: 'Restricted',
      requests: { enabled: true, notify: ['site@example.com'] },
    })
    await done(pools, 'AddChargers', { pool: 'Q', chargers: ['C1'] })
    expect(await done(pools, 'RequestAccess', ask, ann)).toMatchObject({ events: [], value: first.value })
    expect(await types(store, 'accessPool-Q')).not.toContain('AccessRequested')
  })

  test('under the id of another bulk command is refused, and names the id as it was given', async () => {
    const { pools } = await network()
    await done(pools, 'AddIdentities', { pool: 'P', identities: ['user:ann'] }, { id: 'b1' })
    const other = { pool: 'P', identities: ['rfid:CARD'] }
    expect(await refused(pools, 'AddIdentities', other, { id: 'b1' })).toEqual({
      type: 'CommandIdReused',
      commandId: 'b1',
    })
  })

  test('is recognised by another process', async () => {
    const { pools, store } = await network()
    const other = instance(store)
    const rename = { pool: 'P', name: 'Yard' }
    await done(pools, 'RenamePool', rename, { id: 'a1' })
    await done(pools, 'RenamePool', { pool: 'P', name: 'Gate' })
    expect(await done(other, 'RenamePool', rename, { id: 'a1' })).toMatchObject({ events: [] })
    expect((await types(store, 'accessPool-P')).filter((type) => type === 'PoolRenamed')).toHaveLength(2)
  })

  test('given twice at once is done once', async () => {
    const { pools, store } = await network()
    const add = { pool: 'P', chargers: ['C1', 'C2', 'C3'] }
    const both = await Promise.all([
      done(pools, 'AddChargers', add, { id: 'a1' }),
      done(pools, 'AddChargers', add, { id: 'a1' }),
    ])
    expect(both.map(outcomes).flat().sort()).toEqual(
      [...Array<string>(3).fill('Added'), ...Array<string>(3).fill('AlreadyThere')].sort(),
    )
    expect(await types(store, 'charger-C1')).toEqual(['ChargerAllocated', 'ChargerClaimed'])
  })
})

describe('A command id', () => {
  test('is refused for another command', async () => {
    const { pools } = await network()
    await done(pools, 'RenamePool', { pool: 'P', name: 'Yard' }, { id: 'a1' })
    expect(await refused(pools, 'SetHidden', { pool: 'P', hidden: true }, { id: 'a1' })).toEqual({
      type: 'CommandIdReused',
      commandId: 'a1',
    })
  })

  test('of a bulk command is refused for one that comes whole, and the other way round', async () => {
    const { pools } = await network()
    const add = { pool: 'P', identities: ['user:ann'] }
    await done(pools, 'AddIdentities', add, { id: 'a1' })
    await done(pools, 'RenamePool', { pool: 'P', name: 'Yard' }, { id: 'a2' })
    expect((await refused(pools, 'RenamePool', { pool: 'P', name: 'Gate' }, { id: 'a1' })).type).toBe(
      'CommandIdReused',
    )
    expect((await refused(pools, 'RemoveIdentities', add, { id: 'a2' })).type).toBe('CommandIdReused')
  })

  test('that a charger knows from another command refuses that charger', async () => {
    const { pools } = await network()
    await done(pools, 'AddChargers', { pool: 'Q', chargers: ['C1'] }, { id: 'a1' })
    await done(pools, 'RemoveChargers', { pool: 'Q', chargers: ['C1'] })
    const { items } = await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1', 'C2'] }, { id: 'a1' })
    expect(items).toMatchObject([
      { id: 'C1', outcome: 'Refused', refusal: { type: 'CommandIdReused' } },
      { id: 'C2', outcome: 'Added' },
    ])
  })

  test('is remembered by a stream for 256 commands, whatever reactions wrote there', async () => {
    const { pools, store } = await network()
    const rename = (n: number) => ({ pool: 'P', name: `name ${n}` })
    for (let n = 0; n < 256; n += 1) await done(pools, 'RenamePool', rename(n), { id: `n${n}` })
    const before = await countAll(store)
    expect(await done(pools, 'RenamePool', rename(0), { id: 'n0' })).toMatchObject({ events: [] })
    await done(pools, 'RenamePool', rename(256), { id: 'n256' })
    expect(await countAll(store)).toBe(before + 1)
    expect(await done(pools, 'RenamePool', rename(1), { id: 'n1' })).toMatchObject({ events: [] })
    expect(await done(pools, 'RenamePool', rename(0), { id: 'n0' })).toMatchObject({
      events: ['PoolRenamed'],
    })
  })

  test('that is absent is drawn by chance, and names of pools and requests are made of it', async () => {
    const { pools } = await network()
    const made = await done(pools, 'CreatePool', { organization: 'O', name: 'new' }, { id: 'c1' })
    const again = await done(pools, 'CreatePool', { organization: 'O', name: 'new' }, { id: 'c1' })
    expect(made.value.pool).toMatch(/^[0-9a-f-]{36}$/)
    expect(again).toMatchObject({ events: [], value: made.value })
  })
})

describe('A source version', () => {
  test('at or below the last writes nothing and warns; a higher one is recorded, though nothing else changes', async () => {
    const { pools, store } = await network()
    const card = { identity: 'rfid:CARD' }
    await done(pools, 'BlockIdentity', { ...card, sourceVersion: 5 })
    const late = await done(pools, 'UnblockIdentity', { ...card, sourceVersion: 4 })
    expect(late).toMatchObject({ events: [], warnings: [{ type: 'SourceVersionOld', last: 5 }] })
    expect((await done(pools, 'BlockIdentity', { ...card, sourceVersion: 6 })).events).toEqual([
      'SourceVersionSeen',
    ])
    expect((await done(pools, 'UnblockIdentity', { ...card, sourceVersion: 6 })).events).toEqual([])
    expect(await types(store, 'identity-rfid:CARD')).toEqual([
      'IdentityRegistered',
      'IdentityBlocked',
      'SourceVersionSeen',
    ])
  })

  test('holds for chargers alike', async () => {
    const { pools } = await network()
    await done(pools, 'DeallocateCharger', { charger: 'C1', sourceVersion: 2 })
    const late = await done(pools, 'AllocateCharger', {
      charger: 'C1',
      host: 'H',
      organization: 'O',
      sourceVersion: 1,
    })
    expect(late).toMatchObject({ events: [], warnings: [{ type: 'SourceVersionOld', last: 2 }] })
  })
})
