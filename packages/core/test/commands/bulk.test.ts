/** Bulk commands: cut into parts of 150, each done once, however often it is begun. */
import {
  appendingBy,
  done,
  events,
  failed,
  instance,
  network,
  outcomes,
  refused,
  types,
  unavailable,
} from './network'

const numbered = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n + 1}`)

const withChargers = async (count: number) => {
  const made = await network()
  const chargers = numbered(count, 'N')
  for (const charger of chargers)
    await done(made.pools, 'AllocateCharger', { charger, host: 'H', organization: 'O' })
  return { ...made, chargers }
}

const withUsers = async (count: number) => {
  const made = await network()
  const identities = numbered(count, 'user:n')
  for (const identity of identities) await done(made.pools, 'RegisterIdentity', { identity })
  return { ...made, identities }
}

describe('A bulk command', () => {
  test('is cut into parts of 150, each a command and an append of its own', async () => {
    const { pools, store, identities } = await withUsers(301)
    let appends = 0
    const counted = instance(
      appendingBy(store, (next, ...call) => {
        appends += 1
        return next(...call)
      }),
    )
    const { items } = await done(counted, 'AddIdentities', { pool: 'Q', identities }, { id: 'b1' })
    expect(items?.map(({ id }) => id)).toEqual(identities)
    expect(appends).toBe(3)
    const causes = (await events(store, 'accessPool-Q'))
      .slice(1)
      .map(({ metadata }) => (metadata as { $causationId: string }).$causationId)
    expect([...new Set(causes)]).toEqual(['b1/1', 'b1/2', 'b1/3'])
    expect(causes.filter((cause) => cause === 'b1/2')).toHaveLength(150)
    const add = { pool: 'Q', identities }
    const again = await done(counted, 'AddIdentities', add, { id: 'b1' })
    expect(outcomes(again)).toEqual(Array(301).fill('AlreadyThere'))
    // A process that knows the pool as it was then makes the same appends, which are the first ones.
    const elsewhere = await done(pools, 'AddIdentities', add, { id: 'b1' })
    expect(elsewhere).toMatchObject({ revision: again.revision, position: again.position })
    expect(await types(store, 'accessPool-Q')).toHaveLength(302)
  })

  test('that was interrupted is finished by its repeat, and nothing is done twice', async () => {
    const { store, identities } = await withUsers(301)
    let appends = 0
    const failing = instance(
      appendingBy(store, (next, ...call) => {
        appends += 1
        return appends === 2 ? unavailable : next(...call)
      }),
    )
    const add = { pool: 'Q', identities }
    expect(await failed(failing, 'AddIdentities', add, { id: 'b1' })).toMatchObject({ type: 'Unavailable' })
    const again = await done(failing, 'AddIdentities', add, { id: 'b1' })
    expect(outcomes(again).filter((outcome) => outcome === 'AlreadyThere')).toHaveLength(150)
    expect(outcomes(again).filter((outcome) => outcome === 'Added')).toHaveLength(151)
    expect((await types(store, 'accessPool-Q')).filter((type) => type === 'IdentityAdded')).toHaveLength(301)
  })

  test('with chargers claims all of a part, then confirms it in one append', async () => {
    const { store, chargers } = await withChargers(160)
    const appended: string[] = []
    const watched = instance(
      appendingBy(store, (next, stream, expected, written) => {
        appended.push(stream.startsWith('accessPool') ? `${stream} ${written.length}` : 'claim')
        return next(stream, expected, written)
      }),
    )
    const added = await done(watched, 'AddChargers', { pool: 'P', chargers }, { id: 'b1' })
    expect(outcomes(added)).toEqual(Array(160).fill('Added'))
    expect(appended.slice(0, 151)).toEqual([...Array<string>(150).fill('claim'), 'accessPool-P 150'])
    expect(appended.slice(151)).toEqual([...Array<string>(10).fill('claim'), 'accessPool-P 10'])
  })

  test('answers Pending for chargers that are claimed while their pool does not answer; its repeat confirms them', async () => {
    const { store } = await network()
    let down = true
    const half = instance(
      appendingBy(store, (next, ...call) =>
        down && call[0] === 'accessPool-P' ? unavailable : next(...call),
      ),
    )
    const add = { pool: 'P', chargers: ['C1', 'C2', 'unknown'] }
    const pending = await done(half, 'AddChargers', add, { id: 'b1' })
    expect(pending.items).toMatchObject([
      { id: 'C1', outcome: 'Pending' },
      { id: 'C2', outcome: 'Pending' },
      { id: 'unknown', outcome: 'Refused', refusal: { type: 'ChargerNotAllocated' } },
    ])
    expect(pending.events).toEqual(['ChargerClaimed', 'ChargerClaimed'])
    down = false
    expect(outcomes(await done(half, 'AddChargers', add, { id: 'b1' }))).toEqual([
      'Added',
      'Added',
      'Refused',
    ])
    expect(await types(store, 'charger-C1')).toEqual(['ChargerAllocated', 'ChargerClaimed'])
  })

  test('does not claim anew what its first attempt claimed and somebody removed since', async () => {
    const { pools, store } = await network()
    const half = instance(
      appendingBy(store, (next, ...call) => (call[0] === 'accessPool-P' ? unavailable : next(...call))),
    )
    const add = { pool: 'P', chargers: ['C1'] }
    expect(outcomes(await done(half, 'AddChargers', add, { id: 'b1' }))).toEqual(['Pending'])
    expect(outcomes(await done(pools, 'RemoveChargers', add))).toEqual(['Removed'])
    expect(outcomes(await done(pools, 'AddChargers', add, { id: 'b1' }))).toEqual(['NotThere'])
    expect((await types(store, 'charger-C1')).filter((type) => type === 'ChargerClaimed')).toHaveLength(1)
  })

  test('says how each item came out, one after the other', async () => {
    const { pools } = await network()
    await done(pools, 'AddChargers', { pool: 'Q', chargers: ['C1'] })
    await done(pools, 'AddChargers', { pool: 'P', chargers: ['C2'] })
    await done(pools, 'AllocateCharger', { charger: 'far', host: 'H', organization: 'X' })
    const chargers = ['C1', 'C2', 'C3', 'C3', 'far', 'unknown']
    const { items } = await done(pools, 'AddChargers', { pool: 'P', chargers })
    expect(items).toMatchObject([
      { id: 'C1', refusal: { type: 'ChargerInAnotherPool', pool: 'Q' } },
      { id: 'C2', outcome: 'AlreadyThere' },
      { id: 'C3', outcome: 'Added' },
      { id: 'C3', outcome: 'AlreadyThere' },
      { id: 'far', refusal: { type: 'ChargerOfOtherOrganization', organization: 'X' } },
      { id: 'unknown', refusal: { type: 'ChargerNotAllocated' } },
    ])
    const removed = await done(pools, 'RemoveChargers', {
      pool: 'P',
      chargers: ['C1', 'C2', 'C2', 'unknown'],
    })
    expect(outcomes(removed)).toEqual(['NotThere', 'Removed', 'NotThere', 'NotThere'])
  })

  test('checks the revision that was looked at in its first part', async () => {
    const { pools, identities } = await withUsers(200)
    const { revision } = await done(pools, 'RenamePool', { pool: 'Q', name: 'looked at' })
    const add = { pool: 'Q', identities }
    await done(pools, 'SetHidden', { pool: 'Q', hidden: true })
    expect(await refused(pools, 'AddIdentities', add, { ifRevision: revision })).toMatchObject({
      type: 'StaleRevision',
      revision,
      changedAt: revision + 1,
    })
    const done2 = await done(pools, 'AddIdentities', add, { ifRevision: revision + 1 })
    expect(outcomes(done2)).toEqual(Array(200).fill('Added'))
  })

  test('of nothing does nothing', async () => {
    const { pools } = await network()
    expect(await done(pools, 'AddChargers', { pool: 'P', chargers: [] })).toMatchObject({
      items: [],
      events: [],
    })
    expect(await done(pools, 'AddIdentities', { pool: 'P', identities: [] })).toMatchObject({
      items: [],
      events: [],
    })
  })

  test('adds a charger whose pool was archived before it could confirm', async () => {
    const { pools, store } = await network()
    const half = instance(
      appendingBy(store, (next, ...call) => (call[0] === 'accessPool-Q' ? unavailable : next(...call))),
    )
    await done(half, 'AddChargers', { pool: 'Q', chargers: ['C1'] })
    await done(pools, 'ArchivePool', { pool: 'Q' })
    expect(outcomes(await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1'] }))).toEqual(['Added'])
    expect((await types(store, 'charger-C1')).slice(2)).toEqual(['ChargerReleased', 'ChargerClaimed'])
  })
})
