import { byIdentity, NO_CREDENTIAL } from '../../src/decision/credential'
import { ChargerId, IdentityId, named } from '../../src/domain/language/ids'
import { OUR_STREAMS } from '../../src/domain/event/streams'
import type { ReadModel, ToldChange } from '../../src/projection/read-model'
import { AccessProjection } from '../../src/projection/to-access-changes'
import {
  added,
  allocated,
  claimed,
  created,
  inPool,
  joined,
  moving,
  ofCharger,
  ofIdentity,
  type Raw,
  registered,
  rightOf,
  setting,
  type Setting,
  skip,
  SMALL,
  UNAVAILABLE,
  until,
  write,
} from './support'

const charger = named(ChargerId, 'C')
const ann = byIdentity(named(IdentityId, 'user:ann'))

/** A second pool, charger and driver, which must go on whatever happens to the first. */
const OTHERS: readonly Raw[] = [
  created('Q'),
  allocated('D'),
  claimed('D', 'Q'),
  added('D', 'Q'),
  registered('user:bob'),
  joined('user:bob', 'Q'),
]

const decided = (model: ReadModel, at = 'C', who = 'user:ann') => {
  const answer = model.decide(named(ChargerId, at), byIdentity(named(IdentityId, who)))
  return answer.decision === 'Denied' ? answer.reason : answer.decision
}

describe('What cannot be read closes its own stream, and no other', () => {
  let here: Setting
  let model: ReadModel
  beforeEach(async () => {
    here = setting()
    await write(here.memory, ...SMALL, ...OTHERS)
    model = await here.start()
    rightOf(await model.whenCaughtUp())
    expect(decided(model)).toBe('Granted')
  })
  afterEach(() => here.close())

  const say = async (...events: readonly Raw[]) =>
    rightOf(await model.whenProcessed(await write(here.memory, ...events)))

  const damaged: readonly (readonly [string, Raw, string])[] = [
    ['an unknown type', inPool('P', 'NobodyKnows'), 'UnknownType'],
    ['malformed data', inPool('P', 'AccessLevelChanged', { level: 'Secret' }), 'Malformed'],
    ['a body that is no JSON', { ...inPool('P', 'PoolHidden'), body: '{"cut": ' }, 'Malformed'],
    [
      'an unknown version',
      { ...inPool('P', 'PoolHidden'), metadata: { schemaVersion: 2 } },
      'UnknownVersion',
    ],
    ['an envelope that is none', { ...inPool('P', 'PoolHidden'), metadata: { actor: 'ada' } }, 'Malformed'],
    ['an event that breaks an invariant', inPool('P', 'FreeVendEnabled'), 'BrokenInvariant'],
  ]

  test.each(damaged)('%s suspends its pool, and says so', async (_, event, kind) => {
    const told: ToldChange[] = []
    model.onChange((change) => told.push(change))
    await say(event)
    expect(decided(model)).toBe('PoolSuspended')
    expect(decided(model, 'D', 'user:bob')).toBe('Granted')
    expect(model.parked()).toMatchObject([{ stream: 'accessPool-P', revision: 3, kind }])
    expect(told).toMatchObject([
      { type: 'Pool', pool: 'P', value: { suspended: true }, before: { suspended: false }, initial: false },
    ])
    await say(joined('user:bob', 'P'))
    expect(decided(model, 'C', 'user:bob')).toBe('PoolSuspended')
    expect(told).toHaveLength(1)
  })

  test('an event of an unknown type that may be passed over is passed over', async () => {
    await say({ ...inPool('P', 'NobodyKnows'), metadata: { optional: true } })
    expect([decided(model), model.parked()]).toEqual(['Granted', []])
  })

  test('a charger, an identity: each alone', async () => {
    await say(ofCharger('C', 'NobodyKnows'))
    expect(decided(model)).toBe('ChargerSuspended')
    await say(skip('charger-C', 2), ofIdentity('user:ann', 'NobodyKnows'))
    expect([decided(model), decided(model, 'D', 'user:bob')]).toEqual(['IdentitySuspended', 'Granted'])
  })

  test('what a suspended charger or pool lost elsewhere is lost', async () => {
    await say(inPool('P', 'NobodyKnows'), ofCharger('C', 'ChargerDeallocated'))
    expect(decided(model)).toBe('NotInPool')
    await say(ofCharger('D', 'NobodyKnows'), inPool('Q', 'PoolArchived'))
    expect(decided(model, 'D', 'user:bob')).toBe('NotInPool')
  })

  test('a stream whose first event cannot be read', async () => {
    await say(
      inPool('R', 'NobodyKnows'),
      ofIdentity('user:eve', 'NobodyKnows'),
      ofCharger('E', 'NobodyKnows'),
    )
    expect(model.parked().map(({ stream }) => stream)).toEqual([
      'accessPool-R',
      'identity-user:eve',
      'charger-E',
    ])
    expect(decided(model, 'C', 'user:eve')).toBe('IdentitySuspended')
    expect(decided(model, 'E')).toBe('NotInPool')
    expect(model.index.pool('R' as never)?.suspended).toBe(true)
    expect(model.directory.pools({ type: 'Operator', id: 'o' as never }).map(({ id }) => id)).toEqual([
      'P',
      'Q',
    ])
  })

  test('a skip is honoured where it is reached: what waited before it is applied, in one go', async () => {
    await say(
      inPool('P', 'NobodyKnows'),
      inPool('P', 'IdentityRemoved', { identity: 'user:ann', generation: 1 }),
    )
    await say(joined('user:bob', 'P'))
    const told: ToldChange[] = []
    model.onChange((change) => told.push(change))
    await say(skip('accessPool-P', 3))
    expect([decided(model), decided(model, 'C', 'user:bob')]).toEqual(['NotAMember', 'Granted'])
    expect(model.parked()).toEqual([])
    // The pool opens after what waited in it, so that nobody is let in by what it looked like before.
    expect(told.map(({ type, value }) => [type, value === null])).toEqual([
      ['Member', true],
      ['Member', false],
      ['Pool', false],
    ])
    await say(inPool('P', 'IdentityRemoved', { identity: 'user:bob', generation: 1 }))
    expect(decided(model, 'C', 'user:bob')).toBe('NotAMember')
  })

  test('a pool that is closed again by what waited stays closed', async () => {
    await say(inPool('P', 'NobodyKnows'), inPool('P', 'NobodyEither'), skip('accessPool-P', 3))
    expect(decided(model)).toBe('PoolSuspended')
    expect(model.parked()).toMatchObject([{ revision: 4 }])
    await say(skip('accessPool-P', 4))
    expect(decided(model)).toBe('Granted')
  })

  test('a skip of an event that can be read changes nothing, and one that comes before its event holds', async () => {
    await say(skip('accessPool-P', 2), skip('accessPool-P', 3), skip('accessPool-P', 4))
    await say(
      inPool('P', 'NobodyKnows'),
      inPool('P', 'IdentityRemoved', { identity: 'user:ann', generation: 1 }),
    )
    expect([decided(model), model.parked()]).toEqual(['NotAMember', []])
  })

  test('events that come after the skip while what waited is being read are taken once', async () => {
    const waiting = Array.from({ length: 1_200 }, (_, n) => joined(`user:w${n}`, 'P'))
    await write(here.memory, inPool('P', 'NobodyKnows'), ...waiting, skip('accessPool-P', 3))
    await say(
      inPool('P', 'IdentityRemoved', { identity: 'user:w0', generation: 1 }),
      joined('user:last', 'P'),
    )
    expect(model.parked()).toEqual([])
    const restarted = await here.start({ batch: 3 })
    rightOf(await restarted.whenCaughtUp())
    const members = (of: ReadModel) => {
      const member = (id: string) => of.index.member('P' as never, named(IdentityId, id))?.access
      return [member('user:w0'), member('user:w1'), member('user:w1199'), member('user:last')]
    }
    expect(members(model).map((one) => one !== undefined)).toEqual([false, true, true, true])
    expect(members(restarted)).toEqual(members(model))
  })

  test('a store that does not answer while what waited is read is asked again', async () => {
    await say(inPool('P', 'NobodyKnows'))
    here.store.faults.read = UNAVAILABLE
    const position = await write(here.memory, skip('accessPool-P', 3))
    await here.runtime.advance(20_000)
    expect([decided(model), model.parked().length]).toEqual(['ReadModelStale', 1])
    delete here.store.faults.read
    rightOf(await moving(here.runtime, model.whenProcessed(position, { within: 60_000 })))
    await until(here.runtime, () => decided(model) === 'Granted')
  })

  test('a malformed skip stops everything: decisions become stale', async () => {
    await write(here.memory, { ...skip('accessPool-P', 3), data: { stream: 'accessPool-P' } })
    await until(here.runtime, () => model.state().type === 'Stopped')
    expect(model.state()).toMatchObject({ failure: { type: 'UnreadableSkip', revision: 0 } })
    await here.runtime.advance(11_000)
    expect([decided(model), model.decide(charger, NO_CREDENTIAL)]).toMatchObject([
      'ReadModelStale',
      { reason: 'ReadModelStale' },
    ])
    expect(await model.whenCaughtUp()).toMatchObject({ left: { type: 'Stopped' } })
  })

  test('a malformed event of partners or epoch parks that stream only, and can be skipped', async () => {
    await say({ stream: 'partners', type: 'PartnerRegistered', data: { partner: 'Not One' } })
    await say({ stream: 'epoch-', type: 'EpochBegan' })
    await say({ stream: 'charger-', type: 'NobodyKnows' }, { stream: 'charger-a/b', type: 'NobodyKnows' })
    expect(decided(model)).toBe('Granted')
    expect(model.parked()).toMatchObject([{ stream: 'partners', revision: 0, kind: 'Malformed' }])
    await say(skip('partners', 0))
    expect(model.parked()).toEqual([])
  })

  test('a listener that throws harms nobody', async () => {
    const failures: unknown[] = []
    const careful = await here.start({ listenerFailed: (thrown) => failures.push(thrown) })
    rightOf(await careful.whenCaughtUp())
    careful.onChange(() => {
      throw new Error('mine')
    })
    const told: ToldChange[] = []
    const end = careful.onChange((change) => told.push(change))
    rightOf(await careful.whenProcessed(await write(here.memory, joined('user:bob', 'P'))))
    expect([failures.length, told.length, careful.decide(charger, ann).decision]).toEqual([1, 1, 'Granted'])
    end()
    rightOf(await careful.whenProcessed(await write(here.memory, joined('user:zed', 'P'))))
    expect(told).toHaveLength(1)
  })
})

describe('A released stream is resumed as far as the skip', () => {
  test('and no further: what comes after it comes in the order of all events', async () => {
    const { memory, close } = setting()
    const waiting = joined('user:bob', 'P')
    const later = inPool('P', 'IdentityRemoved', { identity: 'user:bob', generation: 1 })
    await write(memory, created('P'), inPool('P', 'NobodyKnows'), waiting, skip('accessPool-P', 1), later)
    const told: string[] = []
    const projection = new AccessProjection({
      changed: (change) => told.push(`${change.type}${change.value === null ? ' gone' : ''}`),
      requestsChanged: () => undefined,
    })
    const { events } = rightOf(await memory.readAll({ filter: OUR_STREAMS, most: 100 })())
    for (const event of events) {
      const outcome = projection.take(event)
      told.push(`after ${event.type}`)
      if (outcome?.type !== 'Release') continue
      const from = projection.resumesAt(outcome)
      projection.resume(outcome, rightOf(await memory.readStream(outcome.stream, from, 100)()).events)
    }
    expect(told.slice(told.indexOf('after NobodyKnows'))).toEqual([
      'after NobodyKnows',
      'after IdentityAdded',
      'after EventSkipped',
      'Member',
      'Pool',
      'Member gone',
      'after IdentityRemoved',
    ])
    await close()
  })
})

describe('Events become access changes', () => {
  const changesOf = async (...events: readonly Raw[]) => {
    const here = setting()
    const model = await here.start()
    rightOf(await model.whenCaughtUp())
    const told: string[] = []
    model.onChange((change) => {
      const { type, value } = change
      const of = 'charger' in change ? change.charger : 'identity' in change ? change.identity : ''
      const pool = 'pool' in change ? change.pool : ''
      told.push(
        `${type} ${[pool, of].filter((part) => part !== '').join('/')}${value === null ? ' gone' : ''}`,
      )
    })
    rightOf(await model.whenProcessed(await write(here.memory, ...events)))
    await here.close()
    return told
  }
  const small = ['Pool P', 'Charger P/C', 'Identity user:ann', 'Member P/user:ann']

  test('a charger is said when its stream and its pool agree', async () => {
    expect(await changesOf(...SMALL)).toEqual(small)
  })

  test('a level change is one record, however many members there are', async () => {
    const members = Array.from({ length: 50 }, (_, n) => joined(`user:m${n}`, 'P'))
    const told = await changesOf(
      ...SMALL,
      ...members,
      inPool('P', 'AccessLevelChanged', { from: 'Private', level: 'Public' }),
    )
    expect(told.slice(54)).toEqual(['Pool P'])
  })

  test('an archived pool: its tombstone, then those of its chargers and members', async () => {
    const told = await changesOf(...SMALL, allocated('D'), claimed('D', 'P'), inPool('P', 'PoolArchived'))
    expect(told.slice(4)).toEqual(['Pool P gone', 'Charger P/C gone', 'Member P/user:ann gone'])
  })

  test('a charger that is released, claimed by another pool, and confirmed there', async () => {
    const told = await changesOf(
      ...SMALL,
      created('Q'),
      ofCharger('C', 'ChargerReleased', { pool: 'P', claim: 1 }),
      claimed('C', 'Q', 2),
      inPool('P', 'ChargerRemoved', { charger: 'C', claim: 1, reason: 'ClaimLost' }),
      added('C', 'Q', 2),
    )
    expect(told.slice(4)).toEqual(['Pool Q', 'Charger P/C gone', 'Charger Q/C'])
  })

  test('a confirmation that comes before what it confirms is said when both are there', async () => {
    expect(await changesOf(created('P'), added('C', 'P'), allocated('C'), claimed('C', 'P'))).toEqual([
      'Pool P',
      'Charger P/C',
    ])
  })

  test('what changes no access is not said', async () => {
    const told = await changesOf(
      ...SMALL,
      inPool('P', 'PoolRenamed', { name: 'Other' }),
      ofCharger('C', 'ChargerRelabelled', { label: 'L' }),
      ofIdentity('user:ann', 'SourceVersionSeen', { sourceVersion: 4 }),
      inPool('P', 'RequestsConfigured', {
        enabled: false,
        notify: [],
        expiresAfterDays: 3,
        waitAfterDenialHours: 1,
      }),
    )
    expect(told).toEqual(small)
  })
})
