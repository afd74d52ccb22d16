/** Folding a stream: what stops it, what is passed over, and what cannot have come about. */
import { chargerAggregate } from '../../src/domain/charger'
import { identityAggregate } from '../../src/domain/identity'
import { named, Note } from '../../src/domain/language/ids'
import { poolAggregate } from '../../src/domain/pool/evolve'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { type Skips, SkipSet } from '../../src/domain/event/skip'
import { foldOf, metadata, placed, recorded, type Told, toldIn } from './recorded'

describe('A stream', () => {
  const created = { organization: 'acme', name: 'North', level: 'Private' }
  const fold = (events: readonly RecordedEvent[], skips?: Skips) => foldOf(poolAggregate, events, skips)

  test('stops where an event cannot be read, and what comes after it waits', () => {
    const folded = fold([
      recorded('PoolCreated', created),
      recorded('PoolPainted', {}, { revision: 1 }),
      recorded('PoolRenamed', { name: 'Yard' }, { revision: 2 }),
    ])
    expect(folded).toMatchObject({
      revision: 0,
      suspended: { revision: 1, kind: 'UnknownType' },
      state: { settings: { name: 'North' } },
    })
  })

  test('goes on past an event that an operator decided to skip, and past one that may be passed over', () => {
    const skips = new SkipSet()
    skips.add({ stream: 'accessPool-north', revision: 1, reason: named(Note, 'Broken') }, placed('world:9'))
    const rest = (more: RecordedEvent) => [
      recorded('PoolCreated', created),
      more,
      recorded('PoolRenamed', { name: 'Yard' }, { revision: 2 }),
    ]
    const after = { revision: 2, suspended: undefined, state: { settings: { name: 'Yard' } } }
    expect(fold(rest(recorded('PoolPainted', {}, { revision: 1 })), skips)).toMatchObject(after)
    expect(
      fold(rest(recorded('PoolPainted', {}, { revision: 1, meta: metadata({ optional: true }) }))),
    ).toMatchObject(after)
    // It cannot have come about, as it stands: skipped, not applied.
    expect(fold(rest(recorded('FreeVendEnabled', {}, { revision: 1 })), skips)).toMatchObject(after)
  })

  test('remembers the first decision to skip an event: that holds at its place in the order of all events', () => {
    const skips = new SkipSet()
    const skip = { stream: 'accessPool-north', revision: 1, reason: named(Note, 'Broken') }
    skips.add(skip, placed('world:9'))
    skips.add(skip, placed('world:7'))
    skips.add(skip, placed('world:8'))
    expect(skips.at('accessPool-north', 1)).toEqual(placed('world:7'))
    expect([skips.at('accessPool-north', 2), skips.at('accessPool-south', 1)]).toEqual([undefined, undefined])
  })

  test('never skips an event that can be read and applied', () => {
    const skips = new SkipSet()
    skips.add({ stream: 'accessPool-north', revision: 1, reason: named(Note, 'Mistaken') }, placed('world:9'))
    const folded = fold(
      [recorded('PoolCreated', created), recorded('PoolRenamed', { name: 'Yard' }, { revision: 1 })],
      skips,
    )
    expect(folded).toMatchObject({ state: { settings: { name: 'Yard' } } })
  })

  test('stops where an event is missing, and takes none twice', () => {
    const twice = [recorded('PoolCreated', created), recorded('PoolCreated', created)]
    expect(fold(twice)).toMatchObject({ revision: 0, suspended: undefined })
    expect(
      fold([...twice, recorded('PoolRenamed', { name: 'Yard' }, { revision: 2 })]).suspended,
    ).toMatchObject({ kind: 'OutOfOrder' })
  })

  test.each<readonly [string, Told]>([
    ['anything before PoolCreated', [['PoolRenamed', { name: 'Yard' }]]],
    [
      'a second creation',
      [
        ['PoolCreated', created],
        ['PoolCreated', created],
      ],
    ],
    [
      'anything after PoolArchived',
      [
        ['PoolCreated', created],
        ['PoolArchived', {}],
        ['PoolRenamed', { name: 'Yard' }],
      ],
    ],
    [
      'free vend of a Private pool',
      [
        ['PoolCreated', created],
        ['FreeVendEnabled', {}],
      ],
    ],
    [
      'requests of a Private pool',
      [
        ['PoolCreated', created],
        ['RequestsConfigured', { enabled: true, notify: [], expiresAfterDays: 1, waitAfterDenialHours: 1 }],
      ],
    ],
    [
      'a request to a Private pool',
      [
        ['PoolCreated', created],
        [
          'AccessRequested',
          {
            request: 'r1',
            identity: 'user:ann',
            generation: 1,
            charger: 'c1',
            expiresAt: '2025-03-31T12:00:00.000Z',
          },
        ],
      ],
    ],
    [
      'control without sight',
      [
        ['PoolCreated', created],
        ['PartnerAccessChanged', { partner: 'ampup', visible: false, control: true }],
      ],
    ],
    [
      'a charger twice',
      [
        ['PoolCreated', created],
        ['ChargerAdded', { charger: 'c1', claim: 1 }],
        ['ChargerAdded', { charger: 'c1', claim: 2 }],
      ],
    ],
    [
      'a claim that was closed',
      [
        ['PoolCreated', created],
        ['ChargerClaimDeclined', { charger: 'c1', claim: 2, reason: 'Removed' }],
        ['ChargerAdded', { charger: 'c1', claim: 2 }],
      ],
    ],
    [
      'the removal of a charger that is not there',
      [
        ['PoolCreated', created],
        ['ChargerRemoved', { charger: 'c1', claim: 1, reason: 'Removed' }],
      ],
    ],
    [
      'a window that holds nothing',
      [
        ['PoolCreated', created],
        [
          'IdentityAdded',
          {
            identity: 'user:ann',
            generation: 1,
            from: '2025-03-31T12:00:00.000Z',
            until: '2025-03-31T12:00:00.000Z',
          },
        ],
      ],
    ],
    [
      'a membership of an older generation over a later',
      [
        ['PoolCreated', created],
        ['IdentityAdded', { identity: 'user:ann', generation: 2 }],
        ['IdentityAdded', { identity: 'user:ann', generation: 1 }],
      ],
    ],
    [
      'a change of a membership that is not there',
      [
        ['PoolCreated', created],
        ['MembershipChanged', { identity: 'user:ann', generation: 1 }],
      ],
    ],
    [
      'a decision of a request that is not pending',
      [
        ['PoolCreated', created],
        ['RequestApproved', { request: 'r1', identity: 'user:ann' }],
      ],
    ],
  ])('of a pool suspends at %s', (_, events) => {
    const folded = fold(toldIn('accessPool-north', events))
    expect(folded.suspended).toMatchObject({ kind: 'BrokenInvariant', revision: events.length - 1 })
  })

  test.each<readonly [string, Told]>([
    ['a claim of a charger that is not allocated', [['ChargerClaimed', { pool: 'north', claim: 1 }]]],
    [
      'a second allocation',
      [
        ['ChargerAllocated', { host: 'h1', organization: 'acme' }],
        ['ChargerAllocated', { host: 'h2', organization: 'acme' }],
      ],
    ],
    [
      'a claim of a claimed charger',
      [
        ['ChargerAllocated', { host: 'h1', organization: 'acme' }],
        ['ChargerClaimed', { pool: 'north', claim: 1 }],
        ['ChargerClaimed', { pool: 'south', claim: 2 }],
      ],
    ],
    [
      'a claim out of turn',
      [
        ['ChargerAllocated', { host: 'h1', organization: 'acme' }],
        ['ChargerClaimed', { pool: 'north', claim: 2 }],
      ],
    ],
    [
      'the release of another claim',
      [
        ['ChargerAllocated', { host: 'h1', organization: 'acme' }],
        ['ChargerReleased', { pool: 'north', claim: 1 }],
      ],
    ],
    ['labels of a charger that is not allocated', [['ChargerRelabelled', { label: 'Bay' }]]],
    ['a deallocation of a charger that is not allocated', [['ChargerDeallocated', {}]]],
  ])('of a charger suspends at %s', (_, events) => {
    const folded = foldOf(chargerAggregate, toldIn('charger-c1', events))
    expect(folded.suspended).toMatchObject({ kind: 'BrokenInvariant', revision: events.length - 1 })
  })

  test.each<readonly [string, Told]>([
    ['a generation out of turn', [['IdentityRegistered', { generation: 2 }]]],
    ['a blocking before registration', [['IdentityBlocked', {}]]],
    ['an unblocking before registration', [['IdentityUnblocked', {}]]],
    [
      'a deregistration of another generation',
      [
        ['IdentityRegistered', { generation: 1 }],
        ['IdentityDeregistered', { generation: 2 }],
      ],
    ],
  ])('of an identity suspends at %s', (_, events) => {
    const folded = foldOf(identityAggregate, toldIn('identity-user:ann', events))
    expect(folded.suspended).toMatchObject({ kind: 'BrokenInvariant', revision: events.length - 1 })
  })
})
