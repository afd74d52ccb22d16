/** Pools: made, edited, archived, and what their administrators are warned of. */
import { given, inPool } from '../../src/testing'
import {
  ada,
  added,
  asked,
  blocked,
  created,
  member,
  north,
  olga,
  registered,
  standing,
  stateOfNorth,
  takesRequests,
  user,
} from './cast'
import { ofIdentity } from '../../src/testing'

const create = (data = {}) => ({
  type: 'CreatePool',
  data: { pool: 'north', organization: 'acme', name: 'North', ...data },
})
const edit = (data: Readonly<Record<string, unknown>>) => ({
  type: 'EditPool',
  data: { pool: 'north', ...data },
})
const archive = (data = {}) => ({ type: 'ArchivePool', data: { pool: 'north', ...data } })
const rename = (name: string) => ({ type: 'RenamePool', data: { pool: 'north', name } })

describe('A pool', () => {
  test('is Private unless something else is said', () => {
    given()
      .when(create(), ada)
      .then([created('Private')], { value: { pool: 'north' } })
    given()
      .when(create({ level: 'Public' }), ada)
      .then([created('Public')])
  })

  test('is made once', () => {
    given(north()).when(create(), olga).then({ type: 'PoolExists', pool: 'north' })
  })

  test('may have the name that another has', () => {
    given(inPool('south', created())).when(create(), ada).then([created()])
  })

  test('that was never made is not found', () => {
    given().when(rename('Yard'), ada).then({ type: 'PoolNotFound', pool: 'north' })
  })

  test('is renamed; to the name that it has: nothing', () => {
    given(north())
      .when(rename('Yard'), ada)
      .then([{ type: 'PoolRenamed', data: { name: 'Yard' } }])
      .when(rename('Yard'), ada)
      .then([])
  })

  test('is of one organization: an administrator of another one is not permitted', () => {
    given(north())
      .when(rename('Yard'), 'admin/zenith/zoe')
      .then({ type: 'NotPermitted', command: 'RenamePool' })
  })
})

describe('An edit', () => {
  test('of nothing is nothing', () => {
    given(north()).when(edit({}), ada).then([])
  })

  test('decides its parts in their order, each on what the parts before it leave', () => {
    given(north('Private', member('user:ann')))
      .when(
        edit({
          partners: { ampup: { visible: true, control: false } },
          requests: { enabled: true, notify: ['desk@acme.example'] },
          memberRate: 'Staff',
          freeVend: false,
          hidden: false,
          level: 'Restricted',
          name: 'Yard',
        }),
        ada,
      )
      .then([
        { type: 'PoolRenamed', data: { name: 'Yard' } },
        { type: 'AccessLevelChanged', data: { from: 'Private', level: 'Restricted' } },
        { type: 'MemberRateChanged', data: { memberRate: 'Staff' } },
        takesRequests(),
        { type: 'PartnerAccessChanged', data: { partner: 'ampup', visible: true, control: false } },
      ])
  })

  test('to a level and what that level allows succeeds at once; what its old level allowed is refused', () => {
    given(north('Private'))
      .when(edit({ level: 'Public', freeVend: true }), ada)
      .then([
        { type: 'AccessLevelChanged', data: { from: 'Private', level: 'Public' } },
        { type: 'FreeVendEnabled' },
      ])
    given(north('Public', member('user:ann')))
      .when(edit({ level: 'Private', freeVend: true }), ada)
      .then({ type: 'LevelForbids', pool: 'north', capability: 'freeVend' })
  })

  test('away from Public need not switch off what the level ends', () => {
    given(north('Public', { type: 'FreeVendEnabled' }, member('user:ann')))
      .when(edit({ level: 'Private', freeVend: false }), ada)
      .then([{ type: 'AccessLevelChanged', data: { from: 'Public', level: 'Private' } }])
  })

  test('is all or nothing', () => {
    const { world } = given(north('Private'))
      .when(edit({ name: 'Yard', partners: { ampup: { visible: false, control: true } } }), ada)
      .then({ type: 'ControlNeedsVisible', pool: 'north', partner: 'ampup' })
    expect(stateOfNorth(world).settings.name).toBe('North')
  })
})

describe('Archiving', () => {
  test('an empty pool ends it', () => {
    given(north())
      .when(archive(), ada)
      .then([{ type: 'PoolArchived' }])
  })

  test('a pool that has chargers or members needs force', () => {
    given(north('Private', added('c1'), member('user:ann'), member('user:bob')))
      .when(archive(), ada)
      .then({ type: 'PoolNotEmpty', pool: 'north', chargers: 1, members: 2 })
      .when(archive({ force: true }), ada)
      .then([{ type: 'PoolArchived' }])
  })

  test('ends what the pool gave, in one event', () => {
    const { world } = given(
      north('Restricted', takesRequests(), added('c1'), member('user:bob'), asked(), {
        type: 'PartnerAccessChanged',
        data: { partner: 'ampup', visible: true, control: true },
      }),
    )
      .when(archive({ force: true }), ada)
      .then([{ type: 'PoolArchived' }])
    const { settings, chargers, members, pendingOf, requests } = stateOfNorth(world)
    expect(settings).toMatchObject({
      archived: true,
      freeVend: false,
      requests: { enabled: false },
      partners: new Map(),
    })
    expect([chargers.size, members.size, pendingOf.size]).toEqual([0, 0, 0])
    expect([...requests.values()].map(({ status }) => status)).toEqual(['Closed'])
  })

  test('again is already true; everything else about an archived pool is refused', () => {
    const archived = given(north('Private', { type: 'PoolArchived' }), user())
    archived.when(archive(), ada).then([])
    for (const command of [
      rename('Yard'),
      edit({}),
      { type: 'AddIdentities', data: { pool: 'north', identities: ['user:ann'] } },
      { type: 'RemoveIdentities', data: { pool: 'north', identities: ['user:ann'] } },
      { type: 'AddChargers', data: { pool: 'north', chargers: ['c1'] } },
      { type: 'RemoveChargers', data: { pool: 'north', chargers: ['c1'] } },
      { type: 'CloseExpiredRequests', data: { pool: 'north' } },
      { type: 'ApproveRequest', data: { pool: 'north', request: 'r1' } },
    ])
      archived.when(command, olga).then({ type: 'PoolArchived', pool: 'north' })
    archived.when(create(), olga).then({ type: 'PoolExists', pool: 'north' })
  })
})

describe('Warnings', () => {
  const toLevel = (level: string) => ({ type: 'ChangeAccessLevel', data: { pool: 'north', level } })
  const changed = (from: string, level: string) => ({ type: 'AccessLevelChanged', data: { from, level } })
  const remove = (...identities: string[]) => ({
    type: 'RemoveIdentities',
    data: { pool: 'north', identities },
  })
  const removed = (identity: string) => ({ type: 'IdentityRemoved', data: { identity, generation: 1 } })

  test('are never given by a creation', () => {
    given()
      .when(create({ level: 'Private' }), ada)
      .then([created('Private')], { warnings: [] })
    given()
      .when(create({ level: 'Restricted' }), ada)
      .then([created('Restricted')], { warnings: [] })
  })

  test('Private without members: by the level, or by removing the last', () => {
    const warnings = [{ type: 'PrivateWithoutMembers' }]
    given(north('Public'))
      .when(toLevel('Private'), ada)
      .then([changed('Public', 'Private')], { warnings })
    given(north('Private', member('user:ann'), member('user:bob')))
      .when(remove('user:ann'), ada)
      .then([removed('user:ann')])
      .when(remove('user:bob'), ada)
      .then([removed('user:bob')], { warnings })
  })

  test('Restricted without a way in: no member, and no offered request', () => {
    const warnings = [{ type: 'RestrictedWithoutWayIn' }]
    given(north('Public'))
      .when(toLevel('Restricted'), ada)
      .then([changed('Public', 'Restricted')], { warnings })
    given(north('Restricted', takesRequests()))
      .when({ type: 'ConfigureRequests', data: { pool: 'north', enabled: true, notify: [] } }, ada)
      .then([takesRequests({ notify: [] })], { warnings })
    given(north('Restricted', takesRequests(), member('user:ann')))
      .when(remove('user:ann'), ada)
      .then([removed('user:ann')])
  })

  test('hidden together with requests: whichever came second', () => {
    const warnings = [{ type: 'HiddenWithRequests' }]
    given(north('Restricted', takesRequests()))
      .when({ type: 'SetHidden', data: { pool: 'north', hidden: true } }, ada)
      .then([{ type: 'PoolHidden' }], { warnings })
    given(north('Restricted', { type: 'PoolHidden' }))
      .when(
        { type: 'ConfigureRequests', data: { pool: 'north', enabled: true, notify: ['desk@acme.example'] } },
        ada,
      )
      .then([takesRequests()], { warnings })
  })

  test('partner control past a membership: by the control, or by the level; once a partner', () => {
    const control = (partner: string) => ({
      type: 'SetPartnerAccess',
      data: { pool: 'north', partner, visible: true, control: true },
    })
    const given1 = (partner: string) => ({
      type: 'PartnerAccessChanged',
      data: { partner, visible: true, control: true },
    })
    const past = (partner: string) => ({ type: 'PartnerControlPastMembership', partner })
    given(north('Private', member('user:ann')))
      .when(control('ampup'), ada)
      .then([given1('ampup')], { warnings: [past('ampup')] })
      .when(control('chargehub'), ada)
      .then([given1('chargehub')], { warnings: [past('chargehub')] })
    given(north('Public', member('user:ann'), given1('ampup'), given1('chargehub')))
      .when(toLevel('Restricted'), ada)
      .then([changed('Public', 'Restricted')], { warnings: [past('ampup'), past('chargehub')] })
    given(north('Public'))
      .when(control('ampup'), ada)
      .then([given1('ampup')])
  })

  test('an approval of a blocked identity, also by adding it directly', () => {
    const story = () =>
      given(north('Restricted', takesRequests(), asked()), ofIdentity('user:ann', registered(), blocked))
    const approved = { type: 'RequestApproved', data: { request: 'r1', identity: 'user:ann' } }
    const warnings = [{ type: 'ApprovedWhileBlocked', request: 'r1', identity: 'user:ann' }]
    story()
      .when({ type: 'ApproveRequest', data: { pool: 'north', request: 'r1' } }, ada)
      .then([approved, member('user:ann', { request: 'r1' })], { warnings })
    story()
      .when({ type: 'AddIdentities', data: { pool: 'north', identities: ['user:ann'] } }, ada)
      .then([approved, member('user:ann', { request: 'r1' })], { warnings })
  })

  test('are given when a command brings their state about, not while it holds', () => {
    given(north('Private'))
      .when(rename('Yard'), ada)
      .then([{ type: 'PoolRenamed', data: { name: 'Yard' } }])
    given(north('Restricted', takesRequests(), { type: 'PoolHidden' }))
      .when(edit({ name: 'Yard', hidden: true }), ada)
      .then([{ type: 'PoolRenamed', data: { name: 'Yard' } }])
  })

  test('an edit that brings two states about warns of both', () => {
    given(north('Public'))
      .when(edit({ level: 'Restricted', hidden: true, requests: { enabled: true, notify: [] } }), ada)
      .then([changed('Public', 'Restricted'), { type: 'PoolHidden' }, takesRequests({ notify: [] })], {
        warnings: [{ type: 'RestrictedWithoutWayIn' }, { type: 'HiddenWithRequests' }],
      })
  })

  test('are none after archiving', () => {
    given(north('Private', ...[member('user:ann')]), ...standing('c1', 'north'))
      .when(archive({ force: true }), ada)
      .then([{ type: 'PoolArchived' }], { warnings: [] })
  })
})

describe('Configuring requests', () => {
  const configure = (data: Readonly<Record<string, unknown>>) => ({
    type: 'ConfigureRequests',
    data: { pool: 'north', ...data },
  })
  const set = { notify: ['desk@acme.example'], expiresAfterDays: 7, waitAfterDenialHours: 48 }
  const configured = (more: Readonly<Record<string, unknown>>) => takesRequests({ ...set, ...more })
  const story = () => given(north('Restricted', member('user:ann'), configured({ enabled: true })))

  test('changes what is given, and leaves the rest as it is', () => {
    story()
      .when(configure({ enabled: false }), ada)
      .then([configured({ enabled: false })])
      .when(configure({ enabled: true, expiresAfterDays: 14 }), ada)
      .then([configured({ enabled: true, expiresAfterDays: 14 })])
      .when(edit({ requests: { enabled: true, waitAfterDenialHours: 0 } }), ada)
      .then([configured({ enabled: true, expiresAfterDays: 14, waitAfterDenialHours: 0 })])
  })

  test('as they are is nothing', () => {
    story()
      .when(configure({ enabled: true }), ada)
      .then([])
    story()
      .when(configure({ enabled: true, ...set }), ada)
      .then([])
    story()
      .when(edit({ requests: { enabled: true, ...set } }), ada)
      .then([])
  })

  test('names each address once, in the order given; another order is a change', () => {
    const [desk, night] = ['desk@acme.example', 'night@acme.example']
    story()
      .when(configure({ enabled: true, notify: [night, desk, night] }), ada)
      .then([configured({ notify: [night, desk] })])
      .when(configure({ enabled: true, notify: [desk, night] }), ada)
      .then([configured({ notify: [desk, night] })])
      .when(configure({ enabled: true, notify: [desk, night, desk] }), ada)
      .then([])
  })

  test('keeps why they were changed out of what was changed', () => {
    story()
      .when(configure({ enabled: false, note: 'Desk is closed' }), ada)
      .then([configured({ enabled: false })])
  })

  test('begins with 30 days and 24 hours', () => {
    given(north('Restricted', member('user:ann')))
      .when(configure({ enabled: true }), ada)
      .then([takesRequests({ notify: [], expiresAfterDays: 30, waitAfterDenialHours: 24 })])
  })
})
