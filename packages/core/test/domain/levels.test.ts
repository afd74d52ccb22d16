/** What each level allows, and what a change of level ends. */
import { capabilities } from '../../src/domain/capabilities'
import { named, RequestId } from '../../src/domain/language/ids'
import { given, inPool } from '../../src/testing'
import { ada, ann, asked, member, north, olga, standing, stateOfNorth, takesRequests, user } from './cast'

const level = (to: string, pool = 'north') => ({ type: 'ChangeAccessLevel', data: { pool, level: to } })
const changed = (from: string, to: string) => ({ type: 'AccessLevelChanged', data: { from, level: to } })
const freeVend = (on: boolean) => ({ type: 'SetFreeVend', data: { pool: 'north', freeVend: on } })
const requests = (enabled: boolean, more = {}) => ({
  type: 'ConfigureRequests',
  data: { pool: 'north', enabled, ...more },
})

describe('Levels and what each allows', () => {
  test('are one table', () => {
    expect(capabilities).toEqual({
      Public: {
        starters: 'AnyRegistered',
        members: true,
        hide: true,
        memberRate: true,
        pins: false,
        requests: false,
        freeVend: true,
      },
      Private: {
        starters: 'Members',
        members: true,
        hide: true,
        memberRate: true,
        pins: false,
        requests: false,
        freeVend: false,
      },
      Restricted: {
        starters: 'Members',
        members: true,
        hide: true,
        memberRate: true,
        pins: true,
        requests: true,
        freeVend: false,
      },
    })
  })

  test.each(['Public', 'Private', 'Restricted'])(
    'a %s pool can be hidden and shown, and its members can have a rate',
    (of) => {
      given(north(of))
        .when({ type: 'SetHidden', data: { pool: 'north', hidden: true } }, ada)
        .then([{ type: 'PoolHidden' }])
        .when({ type: 'SetHidden', data: { pool: 'north', hidden: false } }, ada)
        .then([{ type: 'PoolShown' }])
        .when({ type: 'SetMemberRate', data: { pool: 'north', memberRate: 'Free' } }, ada)
        .then([{ type: 'MemberRateChanged', data: { memberRate: 'Free' } }])
    },
  )

  test.each(['Public', 'Private', 'Restricted'])('a %s pool can have members', (of) => {
    given(north(of), user())
      .when({ type: 'AddIdentities', data: { pool: 'north', identities: ['user:ann'] } }, ada)
      .then([member('user:ann')])
  })

  test('a Public pool can have free vend', () => {
    given(north('Public'))
      .when(freeVend(true), ada)
      .then([{ type: 'FreeVendEnabled' }])
  })

  test.each(['Private', 'Restricted'])('a %s pool cannot be switched to free vend', (of) => {
    given(north(of))
      .when(freeVend(true), ada)
      .then({ type: 'LevelForbids', pool: 'north', capability: 'freeVend' })
  })

  test.each(['Private', 'Restricted'])(
    'switching off free vend, which a %s pool never has, is already true',
    (of) => {
      given(north(of)).when(freeVend(false), ada).then([])
    },
  )

  test('a Restricted pool can take requests', () => {
    given(north('Restricted'))
      .when(requests(true, { notify: ['desk@acme.example'] }), ada)
      .then([takesRequests()])
  })

  test.each(['Public', 'Private'])('a %s pool cannot be switched to requests', (of) => {
    given(north(of))
      .when(requests(true), ada)
      .then({ type: 'LevelForbids', pool: 'north', capability: 'requests' })
  })

  test('a Private pool may prepare the addresses of requests that are off', () => {
    given(north('Private'))
      .when(requests(false, { notify: ['desk@acme.example'] }), ada)
      .then([takesRequests({ enabled: false })])
  })
})

describe('A change of level', () => {
  test('to the present level is already true', () => {
    given(north('Public')).when(level('Public'), ada).then([])
  })

  test('away from Public switches free vend off, in one event; coming back does not switch it on', () => {
    const { world } = given(north('Public', { type: 'FreeVendEnabled' }, member('user:ann')))
      .when(level('Private'), ada)
      .then([changed('Public', 'Private')])
      .when(level('Public'), ada)
      .then([changed('Private', 'Public')])
    expect(stateOfNorth(world).settings.freeVend).toBe(false)
  })

  test('away from Restricted closes pending requests and switches requests off; addresses and approved members stay', () => {
    const { world } = given(
      north('Restricted', takesRequests(), asked('r1', 'user:bob'), member('user:ann', { request: 'r0' })),
    )
      .when(level('Private'), ada)
      .then([changed('Restricted', 'Private')])
    const state = stateOfNorth(world)
    expect(stateOfNorth(world).settings.requests).toMatchObject({
      enabled: false,
      notify: ['desk@acme.example'],
    })
    expect(state.requests.get(named(RequestId, 'r1'))?.status).toBe('Closed')
    expect([...state.members.keys()]).toEqual(['user:ann'])
    expect(state.pendingOf.size).toBe(0)
  })

  test('back to Restricted revives neither requests nor their offer', () => {
    given(north('Restricted', takesRequests(), asked()), user(), ...standing('c1', 'north'))
      .and(inPool('north', changed('Restricted', 'Public'), changed('Public', 'Restricted')))
      .when({ type: 'ApproveRequest', data: { pool: 'north', request: 'r1' } }, ada)
      .then({ type: 'RequestDecided', request: 'r1', as: 'Closed' })
      .when({ type: 'RequestAccess', data: { identity: 'user:ann', charger: 'c1' } }, ann)
      .then({ type: 'RequestsNotOffered', pool: 'north' })
  })

  test('between Public and Private leaves the addresses of requests as they are', () => {
    const { world } = given(north('Public', takesRequests({ enabled: false }), member('user:ann')))
      .when(level('Private'), olga)
      .then([changed('Public', 'Private')])
    expect(stateOfNorth(world).settings.requests.notify).toEqual(['desk@acme.example'])
  })
})
