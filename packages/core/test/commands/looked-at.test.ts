/** The revision that an administrator looked at, and who is told what of a pool that cannot be read. */
import { isRight } from 'fp-ts/Either'
import { appendingBy, damage, done, give, instance, network, refused, types } from './network'

describe('Chargers added on the strength of what was looked at', () => {
  test('are refused where the pool changes while they are claimed, and are free again', async () => {
    const { pools, store } = await network()
    const { revision } = await done(pools, 'RenamePool', { pool: 'P', name: 'Looked at' })
    let changed = false
    const changing = appendingBy(store, (next, stream, expected, events) => async () => {
      if (stream === 'charger-C1' && !changed) {
        changed = true
        await done(pools, 'RenamePool', { pool: 'P', name: 'Changed meanwhile' })
      }
      return next(stream, expected, events)()
    })
    const add = { pool: 'P', chargers: ['C1'] }
    expect(await refused(instance(changing), 'AddChargers', add, { ifRevision: revision })).toMatchObject({
      type: 'StaleRevision',
      revision,
    })
    expect(changed).toBe(true)
    expect(await types(store, 'charger-C1')).toEqual([
      'ChargerAllocated',
      'ChargerClaimed',
      'ChargerReleased',
    ])
    expect(await types(store, 'accessPool-P')).not.toContain('ChargerAdded')
  })
})

describe('Of a pool that cannot be read', () => {
  test('an administrator of another organization is told nothing but that it may not ask', async () => {
    const { pools, store } = await network()
    await damage(store, 'accessPool-P')
    const other = { actor: 'admin/elsewhere/a' }
    for (const [type, data] of [
      ['RenamePool', { pool: 'P', name: 'x' }],
      ['AddChargers', { pool: 'P', chargers: ['C1'] }],
      ['RemoveChargers', { pool: 'P', chargers: ['C1'] }],
    ] as const)
      expect((await refused(pools, type, data, other)).type).toBe('NotPermitted')
    expect(isRight(await give(pools, 'RenamePool', { pool: 'Q', name: 'x' }))).toBe(true)
  })
})
