/** What an import counts, tells before it writes, and refuses as a whole. */
import { file, type Station, stations } from './files'
import { type Said, type Shell, shell } from './shell'

const members = (s: Shell, rows: readonly string[], ...options: readonly string[]): Promise<Said> =>
  s.json(
    'import',
    'members',
    file('members.csv', ['identity,pool,from,until', ...rows, ''].join('\n')),
    ...options,
  )
const network = (s: Shell, given: readonly Station[], ...options: readonly string[]): Promise<Said> =>
  s.json(...options, 'import', 'stations', file('stations.csv', stations(...given)))

const withPools = async (): Promise<Shell> => {
  const s = shell()
  await s.run('CreatePool', { pool: 'p', organization: 'o', name: 'P' })
  await s.run('CreatePool', { pool: 'q', organization: 'o2', name: 'Q' })
  await s.run('CreatePool', { pool: 'old', organization: 'o', name: 'Old' })
  await s.run('ArchivePool', { pool: 'old' })
  await s.run('RegisterIdentity', { identity: 'user:known' })
  await s.run('RegisterIdentity', { identity: 'rfid:FF', organization: 'o' })
  return s
}

/** The dry run, which writes nothing, and then the run, which answers the same. */
const told = async (s: Shell, importing: (...options: readonly string[]) => Promise<Said>): Promise<Said> => {
  const before = await s.events()
  const dry = await importing('--dry-run')
  expect(await s.events()).toBe(before)
  const done = await importing()
  expect([done.code, done.doc]).toEqual([dry.code, dry.doc])
  expect(await s.events()).toBe(before + done.doc.events)
  return done
}

describe('What is counted', () => {
  test('is what was taken: rows that the store refuses are rejected alone, in the dry run too', async () => {
    const s = await withPools()
    const rows = ['user:known,p,,', 'user:no,p,,', 'user:known,old,,', 'rfid:FF,q,,']
    const done = await told(s, (...options) => members(s, rows, ...options))
    expect([done.code, done.doc]).toMatchObject([
      6,
      {
        members: 1,
        pools: 1,
        events: 1,
        rejected: [
          { line: 3, id: 'user:no', reason: 'IdentityNotRegistered' },
          { line: 4, id: 'user:known', reason: 'PoolArchived' },
          { line: 5, id: 'rfid:FF', reason: 'IdentityOfOtherOrganization' },
        ],
      },
    ])
  })

  test("is told before: a card that is registered is the first pool's, and refused by the next organization's", async () => {
    const s = await withPools()
    const rows = ['rfid:AA,q,,', 'rfid:AA,p,,']
    const done = await told(s, (...options) => members(s, rows, '--register', ...options))
    expect(done.doc).toMatchObject({ members: 1, pools: 1, events: 2, rejected: [{ line: 3 }] })
  })

  test('is told before, of entries that are dead and of claims that are pending', async () => {
    const s = shell()
    const given = [{ ID: '1', 'EV Level2 EVSE Num': '3' }]
    const again = (...options: readonly string[]): Promise<Said> =>
      s.json('import', 'stations', file('stations.csv', stations(...given)), '--update', ...options)
    await network(s, given)
    await s.run('DeallocateCharger', { charger: 'afdc-1-L2-1' })
    await s.run('AllocateCharger', { charger: 'afdc-1-L2-2', host: 'h', organization: 'network-one' })
    await s.run('RemoveChargers', { pool: 'network-one-public', chargers: ['afdc-1-L2-3'] })
    // Allocated, claimed, and the dead entry ended for another; the same, deallocated first; claimed and entered.
    expect((await told(s, again)).doc.events).toBe(4 + 5 + 2)
    expect((await again()).doc).toMatchObject({ events: 0, differs: [] })
  })
})

describe('Nothing is written', () => {
  test('where a partner is named that is not registered', async () => {
    const s = shell()
    const named = (...options: readonly string[]): Promise<Said> =>
      s.json(
        'import',
        'stations',
        file('stations.csv', stations({})),
        '--partner',
        'acme=visible',
        ...options,
      )
    const before = await s.events()
    for (const options of [['--dry-run'], []]) {
      const refused = await named(...options)
      expect([refused.code, refused.out]).toEqual([2, ''])
      expect(refused.err).toContain('--partner acme')
    }
    expect(await s.events()).toBe(before)
    await s.run('RegisterPartner', { partner: 'acme' })
    expect((await named()).doc.events).toBe(8)
  })

  const actors: readonly [string, string][] = [
    ['admin/network-one/a', 'AllocateCharger'],
    ['admin/other/a', 'CreatePool'],
    ['driver/user:1', 'CreatePool'],
    ['system/s', 'CreatePool'],
  ]
  test.each(actors)('by %s, who may not do all of it: %s', async (actor, command) => {
    const s = shell()
    const before = await s.events()
    const refused = await network(s, [{}], '--as', actor)
    expect([refused.code, refused.out]).toEqual([5, ''])
    expect(refused.err).toContain(command)
    expect(await s.events()).toBe(before)
  })

  test('of memberships by the administrator of another organization, or of whom only an operator registers', async () => {
    const s = await withPools()
    const before = await s.events()
    const as = ['--as', 'admin/o/a']
    expect((await members(s, ['user:known,p,,', 'user:known,q,,'], ...as)).code).toBe(5)
    expect((await members(s, ['user:new,p,,'], '--register', ...as)).code).toBe(5)
    expect((await members(s, ['user:known,p,,'], '--as', 'driver/user:known')).code).toBe(5)
    expect(await s.events()).toBe(before)
    const done = await members(s, ['user:known,p,,', 'rfid:AA,p,,'], '--register', ...as)
    expect([done.code, done.doc.events]).toEqual([0, 3])
  })
})

describe('A row of a list of members', () => {
  test('may end before the columns that are optional, and before no other', async () => {
    const s = await withPools()
    for (const identity of ['user:a', 'user:b', 'user:c']) await s.run('RegisterIdentity', { identity })
    const rows = ['user:a,p', 'user:b,p,2020-01-01T00:00:00Z', 'user:c', '', 'user:c,p,,,', 'user:c,"p"x']
    const done = await told(s, (...options) => members(s, rows, ...options))
    expect(done.doc).toMatchObject({ members: 2, events: 2 })
    expect(done.doc.rejected).toEqual(
      [4, 5, 6, 7].map((line) => expect.objectContaining({ line, reason: 'ColumnCount' })),
    )
  })
})

describe('A membership', () => {
  const ENDED = 'user:known,p,,2020-01-01T00:00:00Z'

  test('whose window has ended is renewed, where the row has another', async () => {
    const s = await withPools()
    await members(s, [ENDED])
    expect((await members(s, [ENDED])).doc).toMatchObject({ events: 0, differs: [] })
    const rows = ['user:known,p,2030-01-01T00:00:00Z,']
    const done = await told(s, (...options) => members(s, rows, ...options))
    expect(done.doc).toMatchObject({ events: 1, differs: [] })
    const { doc } = await s.json('history', '--identity', 'user:known')
    expect(doc.at(-1)).toMatchObject({ type: 'IdentityAdded', data: { from: '2030-01-01T00:00:00.000Z' } })
  })

  test('whose window has not ended, or that was removed, is changed with --update only', async () => {
    const s = await withPools()
    await s.run('RegisterIdentity', { identity: 'user:gone' })
    await members(s, ['user:known,p,,', 'user:gone,p,,'])
    await s.run('RemoveIdentities', { pool: 'p', identities: ['user:gone'] })
    const rows = ['user:known,p,,2090-01-01T00:00:00Z', 'user:gone,p,,']
    const left = await told(s, (...options) => members(s, rows, ...options))
    expect(left.doc).toMatchObject({ events: 0, differs: [{ reason: 'Window' }, { reason: 'Removed' }] })
    expect((await told(s, (...options) => members(s, rows, '--update', ...options))).doc.events).toBe(2)
  })

  test('of a pool that was archived is left as it is: its row is rejected where it differs', async () => {
    const s = await withPools()
    await members(s, ['user:known,p,,'])
    await s.run('ArchivePool', { pool: 'p', force: true })
    const rows = ['user:known,p,,2090-01-01T00:00:00Z']
    const done = await told(s, (...options) => members(s, rows, '--update', ...options))
    expect(done.doc).toMatchObject({ events: 0, rejected: [{ line: 2, reason: 'PoolArchived' }] })
  })
})
