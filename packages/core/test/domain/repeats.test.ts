/** A repeated command writes nothing; an id is not taken twice; what was looked at must still stand. */
import { given, inPool, ofCharger, ofIdentity } from '../../src/testing'
import {
  ada,
  allocated,
  ann,
  asked,
  card,
  created,
  feed,
  member,
  north,
  olga,
  registered,
  standing,
  stateOfNorth,
  takesRequests,
  user,
} from './cast'

const rename = (name: string) => ({ type: 'RenamePool', data: { pool: 'north', name } })
const renamed = (name: string) => ({ type: 'PoolRenamed', data: { name } })

describe('Repeats', () => {
  test('the same command with the same id writes nothing and answers as the first did, also after other commands', () => {
    const once = given(north())
      .when(rename('Yard'), ada, { id: 'a1' })
      .then([renamed('Yard')])
    const later = once.when(rename('Gate'), ada, { id: 'a2' }).then([renamed('Gate')])
    const { answer } = later.when(rename('Yard'), ada, { id: 'a1' })
    expect(answer).toMatchObject({ type: 'Done', events: [], repeated: true })
    expect(stateOfNorth(later.world).settings.name).toBe('Gate')
  })

  test('an id that was used for another command is refused', () => {
    given(north())
      .when(rename('Yard'), ada, { id: 'a1' })
      .then([renamed('Yard')])
      .when(rename('Gate'), ada, { id: 'a1' })
      .then({ type: 'CommandIdReused', commandId: 'a1' })
  })

  test('an id whose command wrote nothing may be used again', () => {
    given(north())
      .when(rename('North'), ada, { id: 'a1' })
      .then([])
      .when(rename('Gate'), ada, { id: 'a1' })
      .then([renamed('Gate')])
  })

  test('the partners of an edit are part of what tells two commands of one id apart', () => {
    const edit = (visible: boolean) => ({
      type: 'EditPool',
      data: { pool: 'north', partners: { ampup: { visible, control: false } } },
    })
    given(north('Public'))
      .when(edit(true), ada, { id: 'a1' })
      .then([{ type: 'PartnerAccessChanged', data: { partner: 'ampup', visible: true, control: false } }])
      .when(edit(false), ada, { id: 'a1' })
      .then({ type: 'CommandIdReused', commandId: 'a1' })
  })

  test('the last 256 ids are remembered, older ones are not', () => {
    let story = given(north())
    for (let n = 0; n < 257; n += 1)
      story = story.when(rename(`Name ${n}`), ada, { id: `a${n}` }).then([renamed(`Name ${n}`)])
    story
      .when(rename('Name 1'), ada, { id: 'a1' })
      .then([], { repeated: true })
      .when(rename('Name 0'), ada, { id: 'a0' })
      .then([renamed('Name 0')])
  })

  test('a repeated creation answers the same pool', () => {
    const create = { type: 'CreatePool', data: { organization: 'acme', name: 'North' } }
    const first = given().when(create, ada, { id: 'a1' })
    const value = first.answer.type === 'Done' ? first.answer.value : undefined
    expect(value?.pool).toMatch(/^[0-9a-f-]{36}$/)
    first
      .then([{ ...created('Private') }])
      .when(create, ada, { id: 'a1' })
      .then([], { repeated: true, value: { pool: value?.pool } })
  })

  test('repeated additions and removals answer where each identity stands now', () => {
    const add = { type: 'AddIdentities', data: { pool: 'north', identities: ['user:ann', 'user:bob'] } }
    const remove = (...identities: string[]) => ({
      type: 'RemoveIdentities',
      data: { pool: 'north', identities },
    })
    given(north('Public'), user(), user('user:bob'))
      .when(add, ada, { id: 'a1' })
      .then([member('user:ann'), member('user:bob')])
      .when(remove('user:bob'), ada, { id: 'a2' })
      .then([{ type: 'IdentityRemoved', data: { identity: 'user:bob', generation: 1 } }])
      .when(add, ada, { id: 'a1' })
      .then([], {
        repeated: true,
        items: [
          { id: 'user:ann', outcome: 'AlreadyThere' },
          { id: 'user:bob', outcome: 'NotThere' },
        ],
      })
      .when(remove('user:bob'), ada, { id: 'a2' })
      .then([], { repeated: true, items: [{ id: 'user:bob', outcome: 'NotThere' }] })
  })

  test('a repeated request answers the request that it made', () => {
    const ask = { type: 'RequestAccess', data: { identity: 'user:ann', charger: 'c1' } }
    const first = given(north('Restricted', takesRequests()), user(), ...standing('c1', 'north')).when(
      ask,
      ann,
      { id: 'a1' },
    )
    const value = first.answer.type === 'Done' ? first.answer.value : undefined
    expect(value?.request).toMatch(/^[0-9a-f-]{36}$/)
    const request = String(value?.request)
    first
      .then([asked(request)], { value: { request } })
      .when({ type: 'WithdrawRequest', data: { pool: 'north', request } }, ann)
      .then([{ type: 'RequestWithdrawn', data: { request } }])
      .when(ask, ann, { id: 'a1' })
      .then([], { repeated: true, value: { request } })
  })

  test('a repeated request that was noted to one that was pending answers that one', () => {
    const ask = { type: 'RequestAccess', data: { identity: 'user:ann', charger: 'c2' } }
    given(north('Restricted', takesRequests(), asked()), user(), ...standing('c2', 'north'))
      .when(ask, ann, { id: 'a1' })
      .then([{ type: 'RequestChargerNoted', data: { request: 'r1', charger: 'c2' } }], {
        value: { request: 'r1' },
      })
      .when(ask, ann, { id: 'a1' })
      .then([], { repeated: true, value: { request: 'r1' } })
  })

  test('chargers and identities remember command ids too', () => {
    const allocate = (host: string) => ({
      type: 'AllocateCharger',
      data: { charger: 'c1', host, organization: 'acme' },
    })
    given()
      .when(allocate('h1'), feed, { id: 'a1' })
      .then([allocated()])
      .when(allocate('h1'), feed, { id: 'a1' })
      .then([], { repeated: true })
      .when(allocate('h2'), feed, { id: 'a1' })
      .then({ type: 'CommandIdReused', commandId: 'a1' })
    given()
      .when({ type: 'RegisterIdentity', data: { identity: 'user:ann' } }, feed, { id: 'a1' })
      .then([registered()])
      .when({ type: 'RegisterIdentity', data: { identity: 'user:ann' } }, feed, { id: 'a1' })
      .then([], { repeated: true })
      .when({ type: 'BlockIdentity', data: { identity: 'user:ann' } }, feed, { id: 'a1' })
      .then({ type: 'CommandIdReused', commandId: 'a1' })
  })
})

describe('Source versions', () => {
  const block = (sourceVersion: number) => ({
    type: 'BlockIdentity',
    data: { identity: 'rfid:0A', sourceVersion },
  })
  const unblock = (sourceVersion: number) => ({
    type: 'UnblockIdentity',
    data: { identity: 'rfid:0A', sourceVersion },
  })

  test('a late duplicate of an unblocking unblocks no stolen card', () => {
    given(card())
      .when(unblock(1), feed)
      .then([{ type: 'SourceVersionSeen', data: { sourceVersion: 1 } }])
      .when(block(2), feed)
      .then([{ type: 'IdentityBlocked', data: { sourceVersion: 2 } }])
      .when(unblock(1), feed)
      .then([], { warnings: [{ type: 'SourceVersionOld', last: 2 }] })
      .when(unblock(2), feed)
      .then([], { warnings: [{ type: 'SourceVersionOld', last: 2 }] })
      .when(unblock(3), feed)
      .then([{ type: 'IdentityUnblocked', data: { sourceVersion: 3 } }])
  })

  test('an old message is answered as old, not refused, whatever it asks', () => {
    given(ofIdentity('rfid:0A', registered(1, { organization: 'acme', sourceVersion: 5 })))
      .when(
        { type: 'RegisterIdentity', data: { identity: 'rfid:0A', organization: 'zenith', sourceVersion: 4 } },
        feed,
      )
      .then([], { warnings: [{ type: 'SourceVersionOld', last: 5 }] })
  })

  test('a newer message of a charger is recorded also where it changes nothing', () => {
    given(ofCharger('c1', allocated()))
      .when(
        {
          type: 'AllocateCharger',
          data: { charger: 'c1', host: 'h1', organization: 'acme', sourceVersion: 7 },
        },
        feed,
      )
      .then([{ type: 'SourceVersionSeen', data: { sourceVersion: 7 } }])
      .when({ type: 'DeallocateCharger', data: { charger: 'c1', sourceVersion: 6 } }, feed)
      .then([], { warnings: [{ type: 'SourceVersionOld', last: 7 }] })
  })

  test('a message without a version is taken at its word', () => {
    given(ofIdentity('rfid:0A', registered(1, { organization: 'acme', sourceVersion: 5 })))
      .when({ type: 'BlockIdentity', data: { identity: 'rfid:0A' } }, feed)
      .then([{ type: 'IdentityBlocked' }])
  })
})

describe('ifRevision', () => {
  const stale = { type: 'StaleRevision' as const, pool: 'north' }

  test('is refused where settings changed since', () => {
    given(north('Private', renamed('Yard')))
      .when(rename('Gate'), ada, { ifRevision: 0 })
      .then({ ...stale, revision: 0, changedAt: 1 })
      .when(rename('Gate'), ada, { ifRevision: 1 })
      .then([renamed('Gate')])
  })

  test.each([
    ['members', member('user:ann')],
    ['chargers', { type: 'ChargerAdded', data: { charger: 'c1', claim: 1 } }],
  ])('is refused where %s changed since', (_, event) => {
    given(north('Public', event))
      .when(rename('Gate'), ada, { ifRevision: 0 })
      .then({ ...stale, revision: 0, changedAt: 1 })
  })

  test.each([
    ['a request that came in', asked()],
    [
      'a claim that was declined',
      { type: 'ChargerClaimDeclined', data: { charger: 'c1', claim: 1, reason: 'Removed' } },
    ],
  ])('is not held against %s', (_, event) => {
    given(north('Restricted', event))
      .when(rename('Gate'), ada, { ifRevision: 0 })
      .then([renamed('Gate')])
  })

  test('is judged after authorization and the command id, and before the rules', () => {
    const story = given(north('Private', renamed('Yard')))
    story
      .when(rename('Gate'), 'admin/zenith/zoe', { ifRevision: 0 })
      .then({ type: 'NotPermitted', command: 'RenamePool' })
    story.when(rename('Gate'), ada, { id: 'a1' }).then([renamed('Gate')])
    story.when(rename('Gate'), ada, { id: 'a1', ifRevision: 0 }).then([], { repeated: true })
    story
      .when({ type: 'SetFreeVend', data: { pool: 'north', freeVend: true } }, ada, { ifRevision: 0 })
      .then({ ...stale, revision: 0, changedAt: 2 })
    given(inPool('north', created(), { type: 'PoolArchived' }))
      .when(rename('Gate'), olga, { ifRevision: 0 })
      .then({ ...stale, revision: 0, changedAt: 1 })
  })
})
