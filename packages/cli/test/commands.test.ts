/** Each command's document, whole: what scripts rely on. */
import { type Runtime, systemRuntime } from '@access-pools/core'
import { file } from './files'
import { type Shell, shell } from './shell'

/** A clock that stands, so that documents are the same each time. */
const NOW = Date.parse('2025-03-01T12:00:00Z')
const standing = (): Runtime => {
  let drawn = 0
  return {
    now: () => NOW,
    monotonic: () => performance.now(),
    sleep: systemRuntime.sleep,
    // Every number is another one, so that no id comes twice.
    random: () => ((drawn += 1) * 0.618_033_988_75) % 1,
  }
}

const WHERE = { host: 'h', organization: 'o' }

/** A Restricted pool with two chargers, one member, one driver who asks. */
const network = async (): Promise<Shell> => {
  const s = shell({ runtime: standing() })
  const lines = [
    ['CreatePool', { pool: 'p', organization: 'o', name: 'Pool', level: 'Restricted' }],
    ['AllocateCharger', { charger: 'c1', ...WHERE, label: 'One' }],
    ['AllocateCharger', { charger: 'c2', ...WHERE }],
    ['AllocateCharger', { charger: 'c3', host: 'h3', organization: 'o' }],
    ['AddChargers', { pool: 'p', chargers: ['c1', 'c2'] }],
    ['RegisterIdentity', { identity: 'rfid:AA', organization: 'o' }],
    ['RegisterIdentity', { identity: 'user:1' }],
    [
      'AddIdentities',
      { pool: 'p', identities: [{ identity: 'rfid:AA', until: '2026-01-01T00:00:00Z' }], note: 'staff' },
    ],
    ['ConfigureRequests', { pool: 'p', enabled: true, notify: ['desk@example.org'] }],
    ['RequestAccess', { request: 'r', identity: 'user:1', charger: 'c1' }, 'driver/user:1'],
  ] as const
  const text = lines
    .map(([command, data, as]) => JSON.stringify({ command, data, ...(as ? { as } : {}) }))
    .join('\n')
  const said = await s.fed(text, 'apply', '-', '--json')
  if (said.code !== 0) throw new Error(said.out + said.err)
  return s
}

const POSITION = expect.stringMatching(/^[0-9a-f]{32}:\d+$/)

describe('run', () => {
  test('answers what was done', async () => {
    const s = shell({ runtime: standing() })
    expect(await s.run('CreatePool', { pool: 'p', organization: 'o', name: 'Pool' })).toMatchObject({
      code: 0,
      doc: {
        outcome: 'Done',
        events: ['PoolCreated'],
        value: { pool: 'p' },
        warnings: [],
        revision: 0,
        position: POSITION,
      },
    })
  })

  test('answers what was refused, and why', async () => {
    const said = await (await network()).run('CreatePool', { pool: 'p', organization: 'o', name: 'Again' })
    expect([said.code, said.doc]).toEqual([
      5,
      {
        outcome: 'Refused',
        refusal: { type: 'PoolExists', pool: 'p' },
        events: [],
        warnings: [],
        revision: null,
        position: null,
      },
    ])
  })

  test('answers each item of a bulk command: 6 where some were refused, 5 where all were', async () => {
    const s = await network()
    const some = await s.run('AddChargers', { pool: 'p', chargers: ['c1', 'c3', 'c9'] })
    expect([some.code, some.doc.items]).toEqual([
      6,
      [
        { id: 'c1', outcome: 'AlreadyThere' },
        { id: 'c3', outcome: 'Added' },
        { id: 'c9', outcome: 'Refused', reason: 'ChargerNotAllocated' },
      ],
    ])
    const all = await s.run('AddChargers', { pool: 'p', chargers: ['c9'] })
    expect([all.code, all.doc.outcome]).toEqual([5, 'Done'])
  })

  test('reads its data from standard input, is done once by an id, and holds against a revision', async () => {
    const s = await network()
    const data = JSON.stringify({ pool: 'p', name: 'New' })
    const first = await s.fed(data, '--json', 'run', 'RenamePool', '-', '--id', 'once')
    const again = await s.fed(data, '--json', 'run', 'RenamePool', '-', '--id', 'once')
    expect([first.doc.events, again.doc.events, again.doc.position]).toEqual([
      ['PoolRenamed'],
      [],
      first.doc.position,
    ])
    const stale = await s.run('RenamePool', { pool: 'p', name: 'Newer' }, '--if-revision', '0')
    expect([stale.code, stale.doc.refusal.type]).toEqual([5, 'StaleRevision'])
  })

  test('tells people in sentences', async () => {
    const s = await network()
    const run = (command: string, data: object) => s.call('run', command, JSON.stringify(data))
    expect((await run('SetHidden', { pool: 'p', hidden: true })).out).toBe(
      'Done: PoolHidden.\nNote: The pool takes requests, but is hidden from the app where drivers make them.\n',
    )
    expect((await run('SetHidden', { pool: 'p', hidden: true })).out).toBe('Done: it was so already.\n')
    expect((await run('SetHidden', { pool: 'q', hidden: true })).out).toBe('There is no pool q.\n')
    expect((await run('AddChargers', { pool: 'p', chargers: ['c3', 'c9'] })).out).toBe(
      'Done: ChargerClaimed, ChargerAdded.\nc3: Added\nc9: refused. Charger c9 is allocated to no host.\n',
    )
  })
})

describe('apply', () => {
  test('answers each line in order, whatever the others say', async () => {
    const s = await network()
    const lines = [
      '{"command":"RenamePool","data":{"pool":"p","name":"A"},"id":"a"}',
      '{"command":"RenamePool","data":{"pool":"p","name":"A"},"id":"a"}',
      '',
      '{"command":"RenamePool","data":{"pool":"q","name":"A"}}',
      '{"command":"RenamePool","data":{"pool":"p","nmae":"A"}}',
      'not JSON',
      '{"command":"RenamePool","data":{"pool":"p","name":"B"},"as":"admin/other/x"}',
      '{"command":"RenamePool","data":{"pool":"p","name":"B"},"as":"nobody"}',
      '{"command":"RenamePool","data":{"pool":"p","name":"B"},"at":"noon"}',
      '{"command":"Nonsense","data":{}}',
      '[]',
    ]
    const said = await s.fed(lines.join('\r\n'), 'apply', '-', '--json')
    expect(said.code).toBe(6)
    expect(
      said.docs.map(({ outcome, refusal, errors, events }) => [outcome, refusal?.type ?? errors ?? events]),
    ).toEqual([
      ['Done', ['PoolRenamed']],
      ['Done', []],
      ['Refused', 'PoolNotFound'],
      ['Invalid', ['data: name: is missing', 'data: nmae: is not a field here']],
      ['Invalid', [expect.stringContaining('is no JSON')]],
      ['Refused', 'NotPermitted'],
      ['Invalid', [expect.stringContaining('as: ')]],
      ['Invalid', ['at: is not a field here']],
      ['Invalid', ['command: there is no command "Nonsense"']],
      ['Invalid', ['the value: must be an object']],
    ])
  })

  test('ends by what most lines came to', async () => {
    const s = await network()
    const rename = '{"command":"RenamePool","data":{"pool":"p","name":"A"}}'
    const refused = '{"command":"RenamePool","data":{"pool":"q","name":"A"}}'
    const codes: readonly [string, number][] = [
      ['', 0],
      [rename, 0],
      [`${rename}\n${refused}`, 6],
      [refused, 5],
      ['x', 2],
      [`x\n${refused}`, 5],
    ]
    for (const [text, code] of codes) expect((await s.fed(text, 'apply', '-')).code).toBe(code)
    expect((await s.json('apply', file('lines.jsonl', rename))).code).toBe(0)
    expect((await s.json('apply', file('missing.jsonl'))).code).toBe(1)
  })
})

describe('decide', () => {
  const cases: readonly (readonly [readonly string[], number, object])[] = [
    [
      ['c1', '--rfid', 'aa'],
      0,
      {
        decision: 'Granted',
        basis: 'Membership',
        pool: 'p',
        rate: 'Standard',
        until: '2026-01-01T00:00:00.000Z',
      },
    ],
    [
      ['c1', '--rfid', 'aa', '--at', '2026-01-01T01:00:00+01:00'],
      3,
      { decision: 'Denied', reason: 'OutsideValidity', next: [], pool: 'p' },
    ],
    [['c1', '--user', '1'], 3, { decision: 'Denied', reason: 'NotAMember', next: ['request'], pool: 'p' }],
    [
      ['c1', '--user', '2'],
      3,
      { decision: 'Denied', reason: 'UnknownIdentity', next: ['request'], pool: 'p' },
    ],
    [['c1', '--pin'], 3, { decision: 'Denied', reason: 'PinNotAvailable', next: [], pool: 'p' }],
    [
      ['c1', '--pin', '--user', '1'],
      3,
      { decision: 'Denied', reason: 'PinNotAvailable', next: ['request'], pool: 'p' },
    ],
    [
      ['c1', '--partner', 'ampup'],
      3,
      { decision: 'Denied', reason: 'PartnerNotPermitted', next: [], pool: 'p' },
    ],
    [['c1', '--none'], 3, { decision: 'Denied', reason: 'CredentialRequired', next: [], pool: 'p' }],
    [['c3', '--none'], 3, { decision: 'Denied', reason: 'NotInPool', next: [] }],
  ]
  test.each(cases)('%j', async (args, code, document) => {
    const s = await network()
    const said = await s.json('decide', ...args)
    expect([said.code, said.doc]).toEqual([code, { ...document, position: POSITION }])
    expect((await s.json('decide', '--plain', ...args)).doc).toEqual(document)
  })

  test('tells people in sentences', async () => {
    const s = await network()
    expect((await s.call('decide', 'c1', '--rfid', 'AA')).out).toBe(
      'Granted by pool p (Membership), rate Standard, until 2026-01-01T00:00:00.000Z.\n',
    )
    expect((await s.call('decide', 'c1', '--user', '1')).out).toBe(
      'Denied by pool p: NotAMember (access can be requested).\n',
    )
  })

  test('answers a batch line by line, and each wrong line with what is wrong', async () => {
    const s = await network()
    const lines = [
      '{"charger":"c1","rfid":"aa"}',
      '{"charger":"c1","rfid":"aa","at":"2026-01-01T00:00:00Z"}',
      '{"charger":"c1","none":true}',
      '{"charger":"c1"}',
      '{"charger":"c1","none":true,"when":"now"}',
      '{"charger":1,"none":true}',
      'x',
    ]
    const said = await s.fed(lines.join('\n'), 'decide', '--batch', '-', '--plain', '--json')
    expect(said.code).toBe(6)
    expect(said.docs.map(({ decision, outcome }) => decision ?? outcome)).toEqual([
      'Granted',
      'Denied',
      'Denied',
      'Invalid',
      'Invalid',
      'Invalid',
      'Invalid',
    ])
    expect(said.docs[0]).not.toHaveProperty('position')
    expect((await s.fed('x', 'decide', '--batch', '-')).code).toBe(2)
    expect((await s.fed('', 'decide', '--batch', '-')).code).toBe(0)
  })

  test('answers on what was known at a position, or at an instant', async () => {
    const s = await network()
    const before = (await s.json('decide', 'c1', '--rfid', 'aa')).doc.position
    await s.run('RemoveIdentities', { pool: 'p', identities: ['rfid:AA'] })
    expect((await s.json('decide', 'c1', '--rfid', 'aa')).doc.reason).toBe('NotAMember')
    const then = await s.json('decide', 'c1', '--rfid', 'aa', '--known', before)
    expect(then.doc).toMatchObject({ decision: 'Granted', position: before })
    const long = await s.json('decide', 'c1', '--rfid', 'aa', '--known', '2020-01-01T00:00:00Z')
    expect(long.doc.reason).toBe('NotInPool')
    const now = await s.json('decide', 'c1', '--rfid', 'aa', '--known', '2025-03-01T12:00:00Z')
    expect(now.doc.reason).toBe('NotAMember')
    const later = await s.json(
      'decide',
      'c1',
      '--rfid',
      'aa',
      '--known',
      before,
      '--at',
      '2027-01-01T00:00:00Z',
    )
    expect(later.doc.reason).toBe('OutsideValidity')
    const [batch] = (
      await s.fed(`{"charger":"c1","rfid":"aa","known":"${before}"}`, 'decide', '--batch', '-', '--json')
    ).docs
    expect(batch.decision).toBe('Granted')
    const place = before.replace(/\d+$/, '99999')
    expect((await s.json('decide', 'c1', '--none', '--known', place)).code).toBe(1)
    expect((await s.json('decide', 'c1', '--none', '--known', 'other:1')).code).toBe(1)
  })
})

describe('Lists', () => {
  test('pools', async () => {
    expect((await (await network()).json('pools')).doc).toEqual([
      {
        id: 'p',
        organization: 'o',
        name: 'Pool',
        level: 'Restricted',
        hidden: false,
        freeVend: false,
        memberRate: 'Standard',
        requests: {
          enabled: true,
          notify: ['desk@example.org'],
          expiresAfterDays: 30,
          waitAfterDenialHours: 24,
        },
        partners: {},
        chargers: 2,
        members: 1,
        pendingRequests: 1,
        archived: false,
        suspended: false,
        revision: 5,
      },
    ])
  })

  test('chargers, by pool, host, text, and where they are free or shown', async () => {
    const s = await network()
    const ids = async (...args: readonly string[]) =>
      (await s.json('chargers', ...args)).doc.map(({ id }: { id: string }) => id)
    expect((await s.json('chargers', '--pool', 'p')).doc).toEqual([
      { id: 'c1', label: 'One', host: 'h', organization: 'o', pool: 'p' },
      { id: 'c2', label: 'c2', host: 'h', organization: 'o', pool: 'p' },
    ])
    expect((await s.json('chargers', '--host', 'h3')).doc).toEqual([
      { id: 'c3', label: 'c3', host: 'h3', organization: 'o', pool: null },
    ])
    expect(await ids()).toEqual(['c1', 'c2', 'c3'])
    expect(await ids('--available')).toEqual(['c3'])
    expect(await ids('--text', 'ONE')).toEqual(['c1'])
    expect(await ids('--shown-in-app')).toEqual(['c1', 'c2'])
    expect(await ids('--as', 'admin/other/x')).toEqual([])
  })

  test('identities, and those that a pool could take', async () => {
    const s = await network()
    expect((await s.json('identities')).doc).toEqual([
      { id: 'rfid:AA', organization: 'o', generation: 1, blocked: false, pools: ['p'] },
      { id: 'user:1', generation: 1, blocked: false, pools: [] },
    ])
    const available = await s.json('identities', '--available', '--pool', 'p')
    expect(available.doc.map(({ id }: { id: string }) => id)).toEqual(['user:1'])
  })

  test('requests, as far as the actor may see them', async () => {
    const s = await network()
    const request = {
      id: 'r',
      pool: 'p',
      identity: 'user:1',
      charger: 'c1',
      status: 'Pending',
      requestedAt: '2025-03-01T12:00:00.000Z',
      expiresAt: '2025-03-31T12:00:00.000Z',
    }
    expect((await s.json('requests')).doc).toEqual([request])
    expect((await s.json('requests', '--as', 'driver/user:2')).doc).toEqual([])
    await s.run('DenyRequest', { pool: 'p', request: 'r' })
    expect((await s.json('requests')).doc).toEqual([])
    expect((await s.json('requests', '--all')).doc).toEqual([{ ...request, status: 'Denied' }])
  })

  test.each([['pools'], ['chargers'], ['identities'], ['requests'], ['history', '--pool', 'p']])(
    'are tables for people, and say where they are empty: %s',
    async (...args) => {
      const words = args.filter((arg) => typeof arg === 'string')
      const full = await (await network()).call(...words)
      expect(full.out.split('\n').length).toBeGreaterThan(2)
      expect(full.out).not.toMatch(/[ \t]\n/)
      const empty = await shell().call(...words)
      expect([empty.code, empty.out.trim().split('\n').length]).toEqual([0, 1])
    },
  )
})

describe('history', () => {
  const told = async (s: Shell, ...args: readonly string[]): Promise<string[]> =>
    (await s.json('history', ...args)).doc.map(
      ({ stream, type, actor }: { stream: string; type: string; actor: string }) =>
        `${stream} ${type} ${actor}`,
    )

  test('of an identity: its own events and those of pools that concern it, with who, when and why', async () => {
    const s = await network()
    await s.run('ApproveRequest', { pool: 'p', request: 'r' }, '--as', 'admin/o/desk')
    expect(await told(s, '--identity', 'user:1')).toEqual([
      'identity-user:1 IdentityRegistered operator/cli',
      'accessPool-p AccessRequested driver/user:1',
      'accessPool-p RequestApproved admin/o/desk',
      'accessPool-p IdentityAdded admin/o/desk',
    ])
    const [, added] = (await s.json('history', '--identity', 'rfid:aa')).doc
    expect(added).toEqual({
      position: POSITION,
      stream: 'accessPool-p',
      revision: 3,
      type: 'IdentityAdded',
      data: { identity: 'rfid:AA', generation: 1, until: '2026-01-01T00:00:00.000Z' },
      actor: 'operator/cli',
      at: '2025-03-01T12:00:00.000Z',
      note: 'staff',
    })
  })

  test('of a charger and of a pool', async () => {
    const s = await network()
    expect(await told(s, '--charger', 'c1')).toEqual([
      'charger-c1 ChargerAllocated operator/cli',
      'charger-c1 ChargerClaimed operator/cli',
      'accessPool-p ChargerAdded operator/cli',
      'accessPool-p AccessRequested driver/user:1',
    ])
    expect(await told(s, '--pool', 'p')).toHaveLength(6)
    expect(await told(s, '--pool', 'p', '--as', 'admin/other/x')).toEqual([])
  })
})

describe('epoch new', () => {
  test('tells positions of before from those that come', async () => {
    const s = await network()
    const before = (await s.json('decide', 'c1', '--none')).doc.position
    const said = await s.json('epoch', 'new')
    expect([said.code, said.doc]).toEqual([0, { epoch: expect.any(String), before: before.split(':')[0] }])
    expect(said.doc.epoch).not.toBe(said.doc.before)
  })
})

describe('worker', () => {
  test('does what is due, once', async () => {
    const s = await network()
    await s.run('DeregisterIdentity', { identity: 'user:1' })
    const said = await s.json('worker', '--once')
    expect([said.code, said.doc]).toEqual([0, { reactions: 1 }])
    expect(said.err).toContain('TidyDeregistered')
    expect((await s.json('worker', '--once')).doc).toEqual({ reactions: 0 })
    expect((await s.json('requests', '--all')).doc[0].status).toBe('Closed')
  })
})
