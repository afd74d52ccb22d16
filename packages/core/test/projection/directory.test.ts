import type { PendingChange } from '../../src/projection/pending-requests'
import type { ReadModel } from '../../src/projection/read-model'
import {
  actor,
  added,
  allocated,
  claimed,
  created,
  inPool,
  joined,
  ofCharger,
  ofIdentity,
  type Raw,
  registered,
  rightOf,
  setting,
  type Setting,
  write,
} from './support'

const DAY = 86_400_000

const asked = (pool: string, request: string, identity: string, at = '2025-01-01T00:00:00.000Z'): Raw => ({
  ...inPool(pool, 'AccessRequested', {
    request,
    identity,
    generation: 1,
    charger: 'n1',
    expiresAt: '2025-01-31T00:00:00.000Z',
  }),
  metadata: { occurredAt: at },
})

const NETWORK: readonly Raw[] = [
  created('north', 'Restricted'),
  inPool('north', 'RequestsConfigured', {
    enabled: true,
    notify: ['desk@acme.example'],
    expiresAfterDays: 30,
    waitAfterDenialHours: 24,
  }),
  inPool('north', 'PartnerAccessChanged', { partner: 'ampup', visible: true, control: false }),
  created('south'),
  inPool('south', 'PoolHidden'),
  created('east', 'Public', 'zenith'),
  created('old'),
  inPool('old', 'PoolArchived'),
  allocated('n1', { label: 'Göteborg 1', hostLabel: 'Harbour' }),
  allocated('n2', { host: 'h2' }),
  allocated('s1'),
  allocated('free', { label: 'Spare' }),
  allocated('pending'),
  allocated('dead'),
  allocated('e1', { organization: 'zenith' }),
  allocated('gone'),
  ...['n1', 'n2', 'pending'].map((id) => claimed(id, 'north')),
  claimed('s1', 'south'),
  claimed('dead', 'old'),
  claimed('e1', 'east'),
  added('n1', 'north'),
  added('n2', 'north'),
  added('s1', 'south'),
  added('e1', 'east'),
  ofCharger('gone', 'ChargerDeallocated'),
  ...['user:ann', 'user:bob', 'user:cy', 'user:dan'].map((id) => registered(id)),
  registered('rfid:0A', 1, { organization: 'acme', tokenType: 'ISO14443' }),
  registered('rfid:0Z', 1, { organization: 'zenith' }),
  registered('user:left'),
  joined('user:ann', 'north', { until: '2025-02-01T00:00:00.000Z' }),
  joined('rfid:0A', 'north'),
  joined('user:left', 'north'),
  joined('user:ann', 'east'),
  ofIdentity('user:left', 'IdentityDeregistered', { generation: 1 }),
  ofIdentity('rfid:0A', 'IdentityBlocked'),
  asked('north', 'r1', 'user:bob', '2025-01-01T09:00:00.000Z'),
  asked('north', 'r2', 'user:cy', '2025-01-01T08:00:00.000Z'),
  asked('north', 'r3', 'user:dan'),
  inPool('north', 'RequestDenied', {
    request: 'r3',
    identity: 'user:dan',
    retryAfter: '2025-01-02T00:00:00.000Z',
  }),
]

let here: Setting
let model: ReadModel
const say = async (...events: readonly Raw[]) =>
  rightOf(await model.whenProcessed(await write(here.memory, ...events)))

beforeEach(async () => {
  here = setting()
  model = await here.start()
  await say(...NETWORK)
})
afterEach(() => here.close())

type Row<F> = readonly [string, string, F, string]

describe('Lists: pools', () => {
  test.each<Row<Record<string, unknown>>>([
    ['of all organizations, for an operator', 'operator/o', {}, 'east north south'],
    ['of its own, for an administrator', 'admin/acme/ada', {}, 'north south'],
    ['none of another organization', 'admin/acme/ada', { organization: 'zenith' }, ''],
    ['none for a driver', 'driver/user:ann', {}, ''],
    ['of an organization', 'operator/o', { organization: 'zenith' }, 'east'],
    ['with a charger of a host', 'operator/o', { host: 'h2' }, 'north'],
    ['by text in the name, whatever the case', 'operator/o', { text: 'THE nor' }, 'north'],
    ['by text that is nowhere', 'operator/o', { text: 'nowhere' }, ''],
    ['one', 'operator/o', { pool: 'south' }, 'south'],
    ['one that there is not', 'operator/o', { pool: 'nowhere' }, ''],
    ['one that is named like what objects inherit', 'operator/o', { pool: 'constructor' }, ''],
    ['archived ones too', 'operator/o', { archived: true }, 'east north old south'],
  ])('%s', (_, who, filter, ids) => {
    const listed = model.directory.pools(actor(who), filter)
    expect(listed.map(({ id }) => id).join(' ')).toBe(ids)
  })

  test('with their settings, counts and revision', () => {
    const [north] = model.directory.pools(actor('admin/acme/ada'), { pool: 'north' as never })
    expect(north).toEqual({
      id: 'north',
      organization: 'acme',
      name: 'The north',
      level: 'Restricted',
      hidden: false,
      freeVend: false,
      memberRate: 'Standard',
      requests: {
        enabled: true,
        notify: ['desk@acme.example'],
        expiresAfterDays: 30,
        waitAfterDenialHours: 24,
      },
      partners: { ampup: { visible: true, control: false } },
      chargers: 2,
      members: 2,
      pendingRequests: 2,
      archived: false,
      suspended: false,
      revision: 11,
    })
  })

  test('suspended ones say so, and keep what is known', async () => {
    await say(inPool('north', 'NobodyKnows'))
    const [north] = model.directory.pools(actor('operator/o'), { pool: 'north' as never })
    expect(north).toMatchObject({ suspended: true, chargers: 2, members: 2, revision: 11 })
  })
})

describe('Lists: chargers', () => {
  test.each<Row<Record<string, unknown>>>([
    ['allocated ones', 'operator/o', {}, 'dead e1 free n1 n2 pending s1'],
    ['of its own organization', 'admin/acme/ada', {}, 'dead free n1 n2 pending s1'],
    ['none for a driver', 'driver/user:ann', {}, ''],
    ['of a pool', 'admin/acme/ada', { pool: 'north' }, 'n1 n2'],
    ['of a pool of another organization', 'admin/acme/ada', { pool: 'east' }, ''],
    ['of a host', 'operator/o', { host: 'h2' }, 'n2'],
    ['by text in the label', 'operator/o', { text: 'göteborg' }, 'n1'],
    ['by text in a label written otherwise', 'operator/o', { text: 'GO\u0308TE' }, 'n1'],
    ['by text in the label of the host', 'operator/o', { text: 'harb' }, 'n1'],
    ['by text in the id', 'operator/o', { text: 's1' }, 's1'],
    ['available: in no pool, and held by no live claim', 'admin/acme/ada', { available: true }, 'dead free'],
    ['available by text', 'admin/acme/ada', { available: true, text: 'spare' }, 'free'],
    ['shown in the app', 'operator/o', { shownInApp: true }, 'e1 n1 n2'],
    ['shown in the app, to an administrator', 'admin/acme/ada', { shownInApp: true }, 'n1 n2'],
    ['shown in the app, to a driver', 'driver/user:ann', { shownInApp: true }, 'e1 n1 n2'],
    [
      'shown in the app, of an organization',
      'driver/user:ann',
      { shownInApp: true, organization: 'zenith' },
      'e1',
    ],
  ])('%s', (_, who, filter, ids) => {
    const listed = model.directory.chargers(actor(who), filter)
    expect(listed.map(({ id }) => id).join(' ')).toBe(ids)
  })

  test('with label, host, organization and pool', () => {
    const listed = model.directory.chargers(actor('operator/o'))
    const of = (id: string) => listed.find((one) => one.id === id)
    expect(of('n1')).toEqual({
      id: 'n1',
      label: 'Göteborg 1',
      host: 'h1',
      organization: 'acme',
      pool: 'north',
    })
    expect(of('pending')).toEqual({
      id: 'pending',
      label: 'pending',
      host: 'h1',
      organization: 'acme',
      pool: null,
    })
  })

  test('a suspended charger is not available', async () => {
    await say(ofCharger('free', 'NobodyKnows'))
    const listed = model.directory.chargers(actor('operator/o'), { available: true })
    expect(listed.map(({ id }) => id)).toEqual(['dead'])
  })
})

describe('Lists: identities', () => {
  test.each<Row<Record<string, unknown>>>([
    ['registered ones', 'operator/o', {}, 'rfid:0A rfid:0Z user:ann user:bob user:cy user:dan'],
    [
      'drivers, and cards of its own organization',
      'admin/acme/ada',
      {},
      'rfid:0A user:ann user:bob user:cy user:dan',
    ],
    ['itself', 'driver/user:ann', {}, 'user:ann'],
    ['members of a pool', 'admin/acme/ada', { pool: 'north' }, 'rfid:0A user:ann'],
    [
      'available to a pool',
      'admin/acme/ada',
      { pool: 'north', available: true },
      'user:bob user:cy user:dan',
    ],
    [
      'available to another',
      'operator/o',
      { pool: 'east', available: true },
      'rfid:0Z user:bob user:cy user:dan',
    ],
    ['available to an archived one', 'operator/o', { pool: 'old', available: true }, ''],
    ['by text', 'operator/o', { text: 'RFID' }, 'rfid:0A rfid:0Z'],
    ['of an organization', 'operator/o', { organization: 'acme' }, 'rfid:0A'],
  ])('%s', (_, who, filter, ids) => {
    const listed = model.directory.identities(actor(who), filter)
    expect(listed.map(({ id }) => id).join(' ')).toBe(ids)
  })

  test('with generation, blocking, and the pools that the actor may see', () => {
    const of = (who: string, id: string) =>
      model.directory.identities(actor(who)).find((one) => one.id === id)
    expect(of('admin/acme/ada', 'rfid:0A')).toEqual({
      id: 'rfid:0A',
      organization: 'acme',
      generation: 1,
      blocked: true,
      pools: ['north'],
    })
    expect(of('operator/o', 'user:ann')?.pools).toEqual(['east', 'north'])
    expect(of('admin/acme/ada', 'user:ann')).toEqual({
      id: 'user:ann',
      generation: 1,
      blocked: false,
      pools: ['north'],
    })
    expect(of('driver/user:ann', 'user:ann')?.pools).toEqual(['east', 'north'])
  })

  test('members with their windows, of pools that the actor may see', () => {
    const members = (who: string, pool: string) => model.directory.members(actor(who), pool as never)
    expect(members('admin/acme/ada', 'north')).toEqual([
      { identity: 'rfid:0A', generation: 1 },
      { identity: 'user:ann', generation: 1, until: '2025-02-01T00:00:00.000Z' },
    ])
    expect([members('admin/acme/ada', 'east'), members('operator/o', 'nowhere')]).toEqual([[], []])
  })
})

describe('Lists: requests', () => {
  test.each<Row<Record<string, unknown>>>([
    ['pending ones, oldest first', 'operator/o', {}, 'r2:Pending r1:Pending'],
    ['of its own organization', 'admin/acme/ada', {}, 'r2:Pending r1:Pending'],
    ['none of another one', 'admin/zenith/zoe', {}, ''],
    ["a driver's own", 'driver/user:bob', {}, 'r1:Pending'],
    ['all', 'operator/o', { all: true }, 'r3:Denied r2:Pending r1:Pending'],
    ['of a pool', 'operator/o', { pool: 'south' }, ''],
    ['of an organization', 'operator/o', { organization: 'acme' }, 'r2:Pending r1:Pending'],
  ])('%s', (_, who, filter, rows) => {
    const listed = model.requests.list(actor(who), filter)
    expect(listed.map(({ id, status }) => `${id}:${status}`).join(' ')).toBe(rows)
  })

  test('with who, where and until when', () => {
    expect(model.requests.list(actor('driver/user:bob'))).toEqual([
      {
        id: 'r1',
        pool: 'north',
        identity: 'user:bob',
        charger: 'n1',
        status: 'Pending',
        requestedAt: '2025-01-01T09:00:00.000Z',
        expiresAt: '2025-01-31T00:00:00.000Z',
      },
    ])
  })

  test('one that has expired is pending no more, though nothing was written', () => {
    here.runtime.setNow(here.runtime.now() + 31 * DAY)
    expect(model.requests.count(actor('operator/o'))).toBe(0)
    expect(model.requests.list(actor('operator/o'), { all: true }).map(({ status }) => status)).toEqual([
      'Denied',
      'Expired',
      'Expired',
    ])
    expect(model.directory.pools(actor('operator/o'), { pool: 'north' as never })[0]?.pendingRequests).toBe(0)
  })

  test('changes are told with the count: made, decided, ended by a level or an archiving', async () => {
    const told: PendingChange[] = []
    const end = model.requests.onChange((change) => told.push(change))
    await say(asked('north', 'r4', 'user:dan'))
    await say(
      inPool('north', 'RequestApproved', { request: 'r4', identity: 'user:dan' }),
      joined('user:dan', 'north'),
    )
    await say(inPool('north', 'PoolRenamed', { name: 'Other' }))
    await say(inPool('north', 'AccessLevelChanged', { from: 'Restricted', level: 'Private' }))
    await say(inPool('north', 'PoolArchived'))
    expect(told).toEqual([3, 2, 0].map((pending) => ({ pool: 'north', organization: 'acme', pending })))
    expect(model.requests.count(actor('operator/o'))).toBe(0)
    end()
    await say(
      inPool('south', 'AccessLevelChanged', { from: 'Private', level: 'Restricted' }),
      asked('south', 'r9', 'user:dan'),
    )
    expect(told).toHaveLength(3)
    expect(model.requests.count(actor('operator/o'))).toBe(1)
  })
})
