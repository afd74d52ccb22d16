/** The commands as an importer sees them: a method each, what they answer, and input from anywhere. */
import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/Either'
import { permissions } from '../../src/domain/authorization'
import { commands, decodeCommand } from '../../src/domain/commands'
import { parsePosition, writePosition } from '../../src/domain/event/position'
import { stillRuntime } from '../../src/testing'
import { damage, done, events, give, instance, network, NOW, outcomes, refused, types } from './network'

const names = Object.keys(permissions)
const ann = { actor: 'driver/user:ann' }

/** One of each command, in an order in which each can be done, with what it writes. */
const everyCommand: readonly (readonly [string, Record<string, unknown>, readonly string[], string?])[] = [
  ['CreatePool', { pool: 'new', organization: 'O', name: 'new' }, ['PoolCreated']],
  ['RenamePool', { pool: 'new', name: 'Yard' }, ['PoolRenamed']],
  ['ChangeAccessLevel', { pool: 'new', level: 'Public' }, ['AccessLevelChanged']],
  ['SetFreeVend', { pool: 'new', freeVend: true }, ['FreeVendEnabled']],
  ['SetHidden', { pool: 'new', hidden: true }, ['PoolHidden']],
  ['SetMemberRate', { pool: 'new', memberRate: 'Free' }, ['MemberRateChanged']],
  ['EditPool', { pool: 'new', level: 'Restricted', hidden: false }, ['AccessLevelChanged', 'PoolShown']],
  ['ConfigureRequests', { pool: 'new', enabled: true, notify: ['a@example.com'] }, ['RequestsConfigured']],
  ['RegisterPartner', { partner: 'acme' }, ['PartnerRegistered']],
  [
    'SetPartnerAccess',
    { pool: 'new', partner: 'acme', visible: true, control: false },
    ['PartnerAccessChanged'],
  ],
  ['AllocateCharger', { charger: 'N', host: 'H', organization: 'O' }, ['ChargerAllocated']],
  ['AddChargers', { pool: 'new', chargers: ['N'] }, ['ChargerClaimed', 'ChargerAdded']],
  ['RegisterIdentity', { identity: 'user:bob' }, ['IdentityRegistered']],
  [
    'RequestAccess',
    { identity: 'user:bob', charger: 'N', request: 'r1' },
    ['AccessRequested'],
    'driver/user:bob',
  ],
  ['WithdrawRequest', { pool: 'new', request: 'r1' }, ['RequestWithdrawn'], 'driver/user:bob'],
  [
    'RequestAccess',
    { identity: 'user:bob', charger: 'N', request: 'r2' },
    ['AccessRequested'],
    'driver/user:bob',
  ],
  ['ApproveRequest', { pool: 'new', request: 'r2' }, ['RequestApproved', 'IdentityAdded']],
  [
    'ChangeMembership',
    { pool: 'new', identity: 'user:bob', until: '2026-01-01T00:00:00Z' },
    ['MembershipChanged'],
  ],
  ['RemoveIdentities', { pool: 'new', identities: ['user:bob'] }, ['IdentityRemoved']],
  [
    'RequestAccess',
    { identity: 'user:bob', charger: 'N', request: 'r3' },
    ['AccessRequested'],
    'driver/user:bob',
  ],
  ['DenyRequest', { pool: 'new', request: 'r3' }, ['RequestDenied']],
  ['AddIdentities', { pool: 'new', identities: ['user:bob'] }, ['IdentityAdded']],
  ['BlockIdentity', { identity: 'user:bob' }, ['IdentityBlocked']],
  ['UnblockIdentity', { identity: 'user:bob' }, ['IdentityUnblocked']],
  ['DeregisterIdentity', { identity: 'user:bob' }, ['IdentityDeregistered']],
  ['CloseExpiredRequests', { pool: 'new' }, []],
  ['RemoveChargers', { pool: 'new', chargers: ['N'] }, ['ChargerRemoved', 'ChargerReleased']],
  ['DeallocateCharger', { charger: 'N' }, ['ChargerDeallocated']],
  ['ArchivePool', { pool: 'new', force: true }, ['PoolArchived']],
  ['SkipEvent', { stream: 'identity-user:ann', revision: 1, reason: 'why' }, ['EventSkipped']],
]

describe('Every command', () => {
  test('is done through its method, and answers what it wrote and where', async () => {
    const { pools, store } = await network()
    await damage(store, 'identity-user:ann')
    for (const [name, data, written, actor] of everyCommand) {
      const answer = await done(pools, name, data, actor === undefined ? {} : { actor })
      expect([name, answer.events]).toEqual([name, written])
      if (answer.position === undefined) throw new Error(`${name} says no place`)
      expect(parsePosition(writePosition(answer.position))).toEqual({ _tag: 'Right', right: answer.position })
    }
    expect(names.filter((name) => !everyCommand.some(([one]) => one === name))).toEqual([])
  })

  test('has a method of its own', async () => {
    const { pools } = await network()
    const methods = Object.keys(pools).filter((key) => key !== 'execute')
    const expected = names.map((name) => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`)
    expect(methods.sort()).toEqual(expected.sort())
    const command = decodeCommand('RenamePool', { pool: 'P', name: 'by its method' })
    if (isLeft(command) || command.right.type !== 'RenamePool') throw new Error('it is one')
    const answer = await pools.renamePool(command.right.data, {
      actor: { type: 'Operator', id: 'op' as never },
    })()
    expect(isRight(answer) && answer.right.events).toEqual(['PoolRenamed'])
  })

  test('does nothing before its task is run', async () => {
    const { pools, store } = await network()
    const command = decodeCommand('RenamePool', { pool: 'P', name: 'never' })
    if (isLeft(command)) throw new Error('it is one')
    pools.execute(command.right, { actor: { type: 'Operator', id: 'op' as never } })
    expect(await types(store, 'accessPool-P')).toHaveLength(2)
  })

  test('leaves who, when, why and by what it was caused with each event', async () => {
    const { pools, store } = await network()
    const rename = { pool: 'P', name: 'Yard', note: 'the sign was repainted' }
    const more = { id: 'a1', actor: 'admin/O/ada', correlationId: 'ticket-7' }
    await done(pools, 'RenamePool', rename, more)
    const [event] = (await events(store, 'accessPool-P')).slice(-1)
    expect(event?.metadata).toMatchObject({
      actor: { type: 'Administrator', id: 'ada', organization: 'O' },
      occurredAt: '2025-01-01T00:00:00.000Z',
      note: 'the sign was repainted',
      $causationId: 'a1',
      $correlationId: 'ticket-7',
    })
  })
})

describe('RequestAccess', () => {
  test('goes to the pool that the charger is in', async () => {
    const { pools } = await network()
    const ask = { identity: 'user:ann', charger: 'C1' }
    expect((await refused(pools, 'RequestAccess', ask, ann)).type).toBe('ChargerNotInPool')
    expect((await refused(pools, 'RequestAccess', { ...ask, charger: 'unknown' }, ann)).type).toBe(
      'ChargerNotInPool',
    )
    await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1'] })
    const { value } = await done(pools, 'RequestAccess', ask, ann)
    expect(value.request).toBeDefined()
    await done(pools, 'AddChargers', { pool: 'Q', chargers: ['C2'] })
    expect((await refused(pools, 'RequestAccess', { ...ask, charger: 'C2' }, ann)).type).toBe(
      'RequestsNotOffered',
    )
  })

  test('of a charger that is claimed and not yet confirmed is refused', async () => {
    const { store } = await network()
    const half = instance({
      ...store,
      append: (stream, ...call) =>
        stream === 'accessPool-P'
          ? () => Promise.resolve({ _tag: 'Left', left: { type: 'Unavailable', reason: 'unplugged' } })
          : store.append(stream, ...call),
    })
    expect(outcomes(await done(half, 'AddChargers', { pool: 'P', chargers: ['C1'] }))).toEqual(['Pending'])
    const ask = { identity: 'user:ann', charger: 'C1' }
    expect((await refused(instance(store), 'RequestAccess', ask, ann)).type).toBe('ChargerNotInPool')
  })

  test('is a driver’s own: for another one it is not permitted, and nothing is said about the charger', async () => {
    const { pools } = await network()
    const ask = { identity: 'user:ann', charger: 'unknown' }
    for (const actor of ['operator/op', 'admin/O/ada', 'driver/user:eve'])
      expect((await refused(pools, 'RequestAccess', ask, { actor })).type).toBe('NotPermitted')
  })

  test('made again from another charger of the pool is noted; expired ones are closed by the system', async () => {
    const { pools, store } = await network()
    await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1', 'C2'] })
    const first = await done(pools, 'RequestAccess', { identity: 'user:ann', charger: 'C1' }, ann)
    const again = await done(pools, 'RequestAccess', { identity: 'user:ann', charger: 'C2' }, ann)
    expect(again).toMatchObject({ events: ['RequestChargerNoted'], value: first.value })
    const later = instance(store, { runtime: stillRuntime(NOW + 31 * 86_400_000) })
    const closed = await done(later, 'CloseExpiredRequests', { pool: 'P' }, { actor: 'system/reactions' })
    expect(closed.events).toEqual(['RequestClosed'])
  })
})

describe('SetPartnerAccess', () => {
  test('knows the partners that were registered, by whichever process', async () => {
    const { pools, store } = await network()
    const access = { pool: 'P', partner: 'acme', visible: true, control: false }
    expect(await refused(pools, 'SetPartnerAccess', access)).toEqual({
      type: 'UnknownPartner',
      partner: 'acme',
    })
    await done(instance(store), 'RegisterPartner', { partner: 'acme' })
    expect((await done(pools, 'SetPartnerAccess', access)).events).toEqual(['PartnerAccessChanged'])
    expect((await done(pools, 'RegisterPartner', { partner: 'chargehub' })).events).toEqual([])
    expect((await refused(pools, 'RegisterPartner', { partner: 'x' }, { actor: 'admin/O/ada' })).type).toBe(
      'NotPermitted',
    )
  })
})

describe('A revision that was looked at', () => {
  test('holds where nothing that was looked at changed: requests do not count', async () => {
    const { pools } = await network()
    const { revision } = await done(pools, 'AddChargers', { pool: 'P', chargers: ['C1'] })
    await done(pools, 'RequestAccess', { identity: 'user:ann', charger: 'C1' }, ann)
    const looked = { ifRevision: revision }
    expect((await done(pools, 'SetHidden', { pool: 'P', hidden: true }, looked)).events).toEqual([
      'PoolHidden',
    ])
    expect((await refused(pools, 'SetHidden', { pool: 'P', hidden: false }, looked)).type).toBe(
      'StaleRevision',
    )
    expect((await refused(pools, 'AddChargers', { pool: 'P', chargers: ['C2'] }, looked)).type).toBe(
      'StaleRevision',
    )
    expect((await refused(pools, 'RemoveChargers', { pool: 'P', chargers: ['C1'] }, looked)).type).toBe(
      'StaleRevision',
    )
  })
})

describe('Input from anywhere', () => {
  /** Values as they come: any JSON, near-valid ones, and what JavaScript holds beside JSON. */
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      'P',
      'C1',
      'user:ann',
      'rfid:card',
      ' rfid:x',
      '2025-01-01T00:00:00Z',
      'Public',
      '__proto__',
      '',
    ),
  )
  const value: fc.Arbitrary<unknown> = fc.oneof(
    text,
    fc.array(text, { maxLength: 4 }),
    fc.boolean(),
    fc.double(),
    fc.bigInt(),
    fc.constantFrom(null, undefined, Symbol('s'), Number.NaN, () => 1),
    fc.jsonValue({ maxDepth: 3 }),
    fc.dictionary(text, fc.anything({ maxDepth: 1 }), { maxKeys: 4 }),
  )
  const fields = [
    ...[
      'pool',
      'organization',
      'name',
      'level',
      'charger',
      'chargers',
      'identity',
      'identities',
      'host',
      'partner',
    ],
    ...[
      'visible',
      'control',
      'request',
      'from',
      'until',
      'requests',
      'partners',
      'hidden',
      'note',
      'sourceVersion',
    ],
  ]
  const data = fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 8 }) },
    { weight: 1, arbitrary: fc.anything() },
    { weight: 1, arbitrary: fc.record({ pool: fc.constant('P'), name: text }) },
    { weight: 1, arbitrary: fc.record({ identity: text, sourceVersion: fc.nat() }) },
  )

  test('never throws: it is a command in its canonical form, or sentences that say what is wrong', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...names), text), data, (name, given) => {
        const decoded = decodeCommand(name, given)
        if (isLeft(decoded)) {
          expect(decoded.left.length).toBeGreaterThan(0)
          for (const sentence of decoded.left) expect(typeof sentence).toBe('string')
          return
        }
        taken += 1
        expect(commands[decoded.right.type].is(decoded.right.data)).toBe(true)
      }),
      { numRuns: 5000 },
    )
    expect(taken).toBeGreaterThan(0)
  })

  test('that is a command is answered, whatever it says', async () => {
    const { pools } = await network()
    const id = fc.constantFrom('P', 'Q', 'none', 'C1', 'r1')
    const plausible = fc.record(
      {
        pool: id,
        chargers: fc.array(fc.constantFrom('C1', 'C2', 'C9'), { maxLength: 3 }),
        identities: fc.array(fc.constantFrom('user:ann', 'rfid:CARD', 'user:nobody'), { maxLength: 3 }),
        identity: fc.constantFrom('user:ann', 'rfid:CARD', 'user:nobody'),
        charger: fc.constantFrom('C1', 'C2', 'C9'),
        organization: fc.constantFrom('O', 'X'),
        host: id,
        request: id,
        name: fc.string({ minLength: 1, maxLength: 5 }),
        level: fc.constantFrom('Public', 'Private', 'Restricted'),
        hidden: fc.boolean(),
        freeVend: fc.boolean(),
        enabled: fc.boolean(),
        force: fc.boolean(),
        memberRate: fc.constantFrom('Free', 'Standard'),
        partner: fc.constantFrom('ampup', 'acme'),
        visible: fc.boolean(),
        control: fc.boolean(),
        stream: fc.constantFrom('accessPool-P', 'skips', '', '-'),
        revision: fc.nat(3),
        reason: fc.constant('why'),
      },
      { requiredKeys: [] },
    )
    const actors = fc.constantFrom('operator/op', 'admin/O/ada', 'system/feed', 'driver/user:ann')
    let answered = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), plausible, actors, async (name, all, actor) => {
        // Only the fields that the command knows: a field that is not its own is refused before anything else.
        const codec = commands[name as keyof typeof commands]
        const known =
          'required' in codec ? Object.keys({ ...codec.required, ...codec.optional }) : Object.keys(all)
        const given = Object.fromEntries(Object.entries(all).filter(([key]) => known.includes(key)))
        const decoded = decodeCommand(name, given)
        if (isLeft(decoded)) return
        const answer = await give(pools, name, given, { actor })
        answered += 1
        if (isLeft(answer)) expect(answer.left.type).toBe('Refused')
      }),
      { numRuns: 2000 },
    )
    expect(answered).toBeGreaterThan(100)
  })
})
