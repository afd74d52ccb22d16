/** Sessions as a network with members, lists of members, and the backtest. */
import { file } from './files'
import { type Said, type Shell, shell } from './shell'

const HEADER = 'sessionId,created,userId,stationId,locationId'
const SESSIONS = [
  HEADER,
  // Not in the order of time: the membership begins with the earliest.
  '11,0015-03-02 10:00:00,1,70,500',
  '12,0014-11-18 15:40:26,1,70,500',
  '13,0015-01-01 00:00:00,2,71,500',
  '14,0015-01-02 00:00:00,1,72,600',
  '',
].join('\n')

const sessions = (s: Shell, text: string, ...options: readonly string[]): Promise<Said> =>
  s.json('import', 'sessions', file('sessions.csv', text), ...options)
const backtest = (s: Shell, text: string): Promise<Said> => s.json('backtest', file('sessions.csv', text))
const members = (s: Shell, text: string, ...options: readonly string[]): Promise<Said> =>
  s.json('import', 'members', file('members.csv', text), ...options)

describe('Sessions', () => {
  test('make a Private pool a site, of its stations, with those who charged there from their first session on', async () => {
    const s = shell()
    const done = await sessions(s, SESSIONS)
    expect([done.code, done.doc]).toEqual([
      0,
      {
        stations: 3,
        chargers: 3,
        organizations: 1,
        pools: 2,
        members: 3,
        events: 16,
        rejected: [],
        skipped: {},
        differs: [],
      },
    ])
    expect((await s.json('pools')).doc).toEqual([
      expect.objectContaining({ id: 'site-500', level: 'Private', chargers: 2, members: 2 }),
      expect.objectContaining({ id: 'site-600', level: 'Private', chargers: 1, members: 1 }),
    ])
    expect((await s.json('identities')).doc).toEqual([
      { id: 'user:1', generation: 1, blocked: false, pools: ['site-500', 'site-600'] },
      { id: 'user:2', generation: 1, blocked: false, pools: ['site-500'] },
    ])
    const early = await s.json('decide', 'station-70', '--user', '1', '--at', '2014-11-18T15:40:25Z')
    expect(early.doc.reason).toBe('OutsideValidity')
    expect((await s.json('decide', 'station-70', '--user', '1', '--at', '2014-11-18T15:40:26Z')).code).toBe(0)
  })

  test('are granted when they are decided again, until a membership is ended; an import does not bring it back', async () => {
    const s = shell()
    await sessions(s, SESSIONS)
    expect((await backtest(s, SESSIONS)).doc).toEqual({ sessions: 4, granted: 4, denied: {} })
    await s.run('ChangeMembership', { pool: 'site-500', identity: 'user:1', until: '2015-01-01T00:00:00Z' })
    await s.run('RemoveIdentities', { pool: 'site-500', identities: ['user:2'] })
    const denied = { sessions: 4, granted: 2, denied: { OutsideValidity: 1, NotAMember: 1 } }
    expect((await backtest(s, SESSIONS)).doc).toEqual(denied)
    const again = await sessions(s, SESSIONS)
    expect(again.doc.events).toBe(0)
    expect(again.doc.differs.map(({ id, reason }: { id: string; reason: string }) => [id, reason])).toEqual([
      ['site-500/user:1', 'Window'],
      ['site-500/user:2', 'Removed'],
    ])
    expect((await backtest(s, SESSIONS)).doc).toEqual(denied)
    await sessions(s, SESSIONS, '--update')
    expect((await backtest(s, SESSIONS)).doc).toEqual({ sessions: 4, granted: 4, denied: {} })
  })

  test('give nothing to whoever was deregistered and registered anew', async () => {
    const s = shell()
    await sessions(s, SESSIONS)
    await s.run('DeregisterIdentity', { identity: 'user:2' })
    expect((await sessions(s, SESSIONS)).doc).toMatchObject({
      events: 0,
      differs: [{ id: 'user:2', reason: 'Deregistered' }],
    })
    await s.run('RegisterIdentity', { identity: 'user:2' })
    expect((await sessions(s, SESSIONS)).doc).toMatchObject({
      events: 0,
      differs: [{ id: 'site-500/user:2', reason: 'Removed' }],
    })
  })

  test('that are faulty are left out, each with its reason', async () => {
    const text = [
      HEADER,
      '1,0015-01-01 00:00:00,1,70,500',
      '1,0015-01-01 00:00:00,1,70,500',
      'x y,0015-01-01 00:00:00,1,70,500',
      '2,0015-02-30 00:00:00,1,70,500',
      '3,0015-01-01 00:00:00,,70,500',
      '4,0015-01-01 00:00:00,1,,500',
      '5,0015-01-01 00:00:00,1,70,a/b',
      '6,0015-01-01 00:00:00,1,70,600',
      '7,0015-01-01 00:00:00,1,70',
      '8,2015-01-01 00:00:00,1,70,500',
    ].join('\r\n')
    const s = shell()
    const done = await sessions(s, text)
    expect(done.code).toBe(6)
    expect(done.doc.rejected).toEqual(
      [
        'DuplicateId',
        'BadId',
        'BadInstant',
        'BadIdentity',
        'BadStation',
        'BadSite',
        'StationElsewhere',
        'ColumnCount',
      ].map((reason, index) => expect.objectContaining({ line: index + 3, reason })),
    )
    const back = await backtest(s, text)
    expect([back.code, back.doc]).toEqual([6, { sessions: 2, granted: 2, denied: {} }])
    expect(back.err).toContain('line 3 (1): DuplicateId')
  })
})

describe('A list of members', () => {
  const withPools = async (): Promise<Shell> => {
    const s = shell()
    await s.run('CreatePool', { pool: 'p', organization: 'o', name: 'P' })
    await s.run('CreatePool', { pool: 'q', organization: 'o2', name: 'Q' })
    await s.run('RegisterIdentity', { identity: 'user:known' })
    await s.run('RegisterIdentity', { identity: 'rfid:FF', organization: 'o' })
    return s
  }

  test('adds those who are registered, each with its window', async () => {
    const s = await withPools()
    const text =
      'pool,until,identity,from\np,2025-06-01T00:00:00+02:00,user:known,2025-01-01T00:00Z\np,,rfid: ff ,\n'
    const done = await members(s, text)
    expect([done.code, done.doc]).toEqual([
      0,
      expect.objectContaining({ members: 2, pools: 1, events: 2, rejected: [] }),
    ])
    const added = (await s.json('history', '--identity', 'user:known')).doc[1]
    expect(added).toMatchObject({
      type: 'IdentityAdded',
      actor: 'operator/import',
      data: { from: '2025-01-01T00:00:00.000Z', until: '2025-05-31T22:00:00.000Z' },
    })
    expect((await members(s, text)).doc).toMatchObject({ events: 0, differs: [] })
  })

  test("registers the others where that is asked: a card as its first pool's organization's", async () => {
    const s = await withPools()
    const text = 'identity,pool\nuser:new,p\nrfid:AA,q\n'
    const refused = await members(s, text)
    expect([refused.code, refused.doc.rejected.map(({ reason }: { reason: string }) => reason)]).toEqual([
      6,
      ['IdentityNotRegistered', 'IdentityNotRegistered'],
    ])
    expect((await members(s, text, '--register', '--dry-run')).doc.events).toBe(4)
    expect((await members(s, text, '--register')).doc).toMatchObject({ events: 4, rejected: [] })
    const [card] = (await s.json('identities', '--pool', 'q')).doc
    expect(card).toEqual({ id: 'rfid:AA', organization: 'o2', generation: 1, blocked: false, pools: ['q'] })
  })

  test('is taken but for its faulty rows, the first reason of each', async () => {
    const s = await withPools()
    await s.run('CreatePool', { pool: 'old', organization: 'o', name: 'Old' })
    await s.run('ArchivePool', { pool: 'old' })
    const text = [
      'identity,pool,from,until',
      'nobody,nowhere,x,y',
      'user:known,nowhere,x,y',
      'user:known,p,x,2025-01-01T00:00:00Z',
      'user:known,p,2025-01-01T00:00:00,',
      'user:known,p,2025-01-02T00:00:00Z,2025-01-02T00:00:00Z',
      'user:known,p,,',
      'user:known,p,,',
      'rfid:FF,q,,',
      'user:known,old,,',
      'user:known',
    ].join('\n')
    const done = await members(s, text)
    expect(done.code).toBe(6)
    expect(done.doc.rejected).toEqual([
      { line: 2, id: 'nobody', reason: 'BadIdentity' },
      { line: 3, id: 'user:known', reason: 'UnknownPool' },
      { line: 4, id: 'user:known', reason: 'BadInstant' },
      { line: 5, id: 'user:known', reason: 'BadInstant' },
      { line: 6, id: 'user:known', reason: 'InvalidWindow' },
      { line: 8, id: 'user:known', reason: 'DuplicateRow' },
      { line: 9, id: 'rfid:FF', reason: 'IdentityOfOtherOrganization' },
      { line: 10, id: 'user:known', reason: 'PoolArchived' },
      { line: 11, id: 'user:known', reason: 'ColumnCount' },
    ])
    expect((await s.json('identities', '--pool', 'p')).doc).toHaveLength(1)
  })

  test('without its columns is refused', async () => {
    const done = await members(await withPools(), 'identity;pool\nuser:known;p\n')
    expect([done.code, done.out]).toEqual([1, ''])
  })
})
