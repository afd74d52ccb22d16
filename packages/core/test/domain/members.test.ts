/** Members: added, removed, and for how long. */
import { currentMembership, tidyMembership } from '../../src/domain/pool/members'
import { IdentityId, named } from '../../src/domain/language/ids'
import { given, inPool, ofIdentity } from '../../src/testing'
import {
  ada,
  asked,
  blocked,
  card,
  deregistered,
  member,
  NEXT_MONTH,
  NOON,
  north,
  registered,
  stateOfNorth,
  takesRequests,
  TOMORROW,
  user,
  YESTERDAY,
} from './cast'

const add = (...identities: readonly unknown[]) => ({
  type: 'AddIdentities',
  data: { pool: 'north', identities },
})
const remove = (...identities: readonly string[]) => ({
  type: 'RemoveIdentities',
  data: { pool: 'north', identities },
})
const change = (data: Readonly<Record<string, unknown>>) => ({
  type: 'ChangeMembership',
  data: { pool: 'north', identity: 'user:ann', ...data },
})
const removed = (identity: string, generation = 1) => ({
  type: 'IdentityRemoved',
  data: { identity, generation },
})
const changed = (window = {}) => ({
  type: 'MembershipChanged',
  data: { identity: 'user:ann', generation: 1, ...window },
})
const spoilt = ofIdentity('user:ann', registered())
const ANN = named(IdentityId, 'user:ann')

describe('Adding identities', () => {
  test('makes members of them, with the window that each is given', () => {
    given(north('Public'), user(), card())
      .when(add('user:ann', { identity: 'rfid:0a', from: NOON, until: TOMORROW }), ada)
      .then([member('user:ann'), member('rfid:0A', { from: NOON, until: TOMORROW })], {
        items: [
          { id: 'user:ann', outcome: 'Added' },
          { id: 'rfid:0A', outcome: 'Added' },
        ],
      })
  })

  test('answers each on its own: unknown ones, cards of others, and impossible windows are refused', () => {
    given(
      north('Public'),
      user(),
      card('rfid:0B', 'zenith'),
      user('user:cy'),
      ofIdentity('user:dee', registered(), deregistered()),
    )
      .when(
        add(
          'user:bob',
          'rfid:0B',
          { identity: 'user:cy', from: TOMORROW, until: TOMORROW },
          'user:dee',
          'user:ann',
        ),
        ada,
      )
      .then([member('user:ann')], {
        items: [
          {
            id: 'user:bob',
            outcome: 'Refused',
            refusal: { type: 'IdentityNotRegistered', identity: 'user:bob' },
          },
          {
            id: 'rfid:0B',
            outcome: 'Refused',
            refusal: { type: 'IdentityOfOtherOrganization', identity: 'rfid:0B', organization: 'zenith' },
          },
          {
            id: 'user:cy',
            outcome: 'Refused',
            refusal: { type: 'InvalidWindow', identity: 'user:cy', from: TOMORROW, until: TOMORROW },
          },
          {
            id: 'user:dee',
            outcome: 'Refused',
            refusal: { type: 'IdentityNotRegistered', identity: 'user:dee' },
          },
          { id: 'user:ann', outcome: 'Added' },
        ],
      })
  })

  test('of one whose events cannot be read is refused', () => {
    const story = given(north('Public'), spoilt)
    story.world.tell('identity-user:ann', { type: 'IdentityPraised', data: {} })
    const refusal = { type: 'IdentitySuspended' as const, identity: 'user:ann', revision: 1 }
    story.when(add('user:ann'), ada).then([], { items: [{ id: 'user:ann', outcome: 'Refused', refusal }] })
    story.when(change({ until: TOMORROW }), ada).then(refusal)
  })

  test('that are members already leaves their windows as they are', () => {
    given(north('Private', member('user:ann', { until: TOMORROW })), user())
      .when(add({ identity: 'user:ann', until: NEXT_MONTH }), ada)
      .then([], { items: [{ id: 'user:ann', outcome: 'AlreadyThere' }] })
  })

  test('whose window has not begun leaves it as it is, too', () => {
    given(north('Private', member('user:ann', { from: TOMORROW })), user())
      .when(add('user:ann'), ada)
      .then([])
  })

  test('whose window has ended replaces it, unless the new one is the same', () => {
    given(north('Private', member('user:ann', { until: NOON })), user())
      .when(add({ identity: 'user:ann', until: NOON }), ada)
      .then([], { items: [{ id: 'user:ann', outcome: 'AlreadyThere' }] })
      .when(add('user:ann'), ada)
      .then([member('user:ann')])
  })

  test('that were registered anew replaces the membership of the older generation', () => {
    given(
      north('Private', member('user:ann', { until: TOMORROW })),
      ofIdentity('user:ann', registered(), deregistered(), registered(2)),
    )
      .when(add('user:ann'), ada)
      .then([member('user:ann', { generation: 2 })])
  })

  test('that are blocked adds them: a membership waits for the unblocking', () => {
    given(north('Private'), ofIdentity('user:ann', registered(), blocked))
      .when(add('user:ann'), ada)
      .then([member('user:ann')])
  })

  test('twice in one command: the first holds, also where its window has ended, and again', () => {
    const twice = add({ identity: 'user:ann', until: YESTERDAY }, 'user:ann')
    const items = (first: string) => [
      { id: 'user:ann', outcome: first },
      { id: 'user:ann', outcome: 'AlreadyThere' },
    ]
    given(north('Public'), user())
      .when(twice, ada)
      .then([member('user:ann', { until: YESTERDAY })], { items: items('Added') })
      .when(twice, ada)
      .then([], { items: items('AlreadyThere') })
  })

  test('twice in one command: a refused first does not stand in the way of the second', () => {
    given(north('Public'), user())
      .when(add({ identity: 'user:ann', from: TOMORROW, until: NOON }, 'user:ann'), ada)
      .then([member('user:ann')])
  })

  test('that ask for access approves what is pending', () => {
    given(north('Restricted', takesRequests(), asked()), user())
      .when(add({ identity: 'user:ann', until: TOMORROW }), ada)
      .then([
        { type: 'RequestApproved', data: { request: 'r1', identity: 'user:ann' } },
        member('user:ann', { until: TOMORROW, request: 'r1' }),
      ])
  })

  test('that asked in an older generation, or too long ago, approves nothing', () => {
    given(
      north('Restricted', takesRequests(), asked()),
      ofIdentity('user:ann', registered(), deregistered(), registered(2)),
    )
      .when(add('user:ann'), ada)
      .then([member('user:ann', { generation: 2 })])
    given(north('Restricted', takesRequests(), asked()), user())
      .when(add('user:ann'), ada, { at: NEXT_MONTH })
      .then([member('user:ann')])
  })
})

describe('Removing identities', () => {
  test('ends their memberships, and answers who was none', () => {
    given(north('Public', member('user:ann'), member('user:bob')))
      .when(remove('user:ann', 'user:cy', 'user:ann'), ada)
      .then([removed('user:ann')], {
        items: [
          { id: 'user:ann', outcome: 'Removed' },
          { id: 'user:cy', outcome: 'NotThere' },
          { id: 'user:ann', outcome: 'NotThere' },
        ],
      })
  })

  test('ends an approved request’s membership as any other', () => {
    given(north('Restricted', takesRequests(), member('user:ann', { request: 'r1' })), user())
      .when(remove('user:ann'), ada)
      .then([removed('user:ann')])
  })

  test('ends memberships of whatever generation', () => {
    given(north('Public', member('user:ann', { generation: 3 })))
      .when(remove('user:ann'), ada)
      .then([removed('user:ann', 3)])
  })
})

describe('Changing a membership', () => {
  test('leaves an absent end as it is, and opens one with null', () => {
    given(north('Private', member('user:ann', { from: YESTERDAY })), user())
      .when(change({ until: TOMORROW }), ada)
      .then([changed({ from: YESTERDAY, until: TOMORROW })])
      .when(change({ from: null }), ada)
      .then([changed({ until: TOMORROW })])
      .when(change({ until: null }), ada)
      .then([changed()])
      .when(change({}), ada)
      .then([])
  })

  test('keeps the request that it came by', () => {
    const { world } = given(north('Private', member('user:ann', { request: 'r1' })), user())
      .when(change({ until: TOMORROW }), ada)
      .then([changed({ until: TOMORROW })])
    expect(stateOfNorth(world).members.get(ANN)).toEqual({ generation: 1, request: 'r1', until: TOMORROW })
  })

  test('holds for one that has ended', () => {
    given(north('Private', member('user:ann', { until: YESTERDAY })), user())
      .when(change({ until: TOMORROW }), ada)
      .then([changed({ until: TOMORROW })])
  })

  test('of who is no member, or was one in an older generation, is refused', () => {
    const refusal = { type: 'NotAMember' as const, pool: 'north', identity: 'user:ann' }
    given(north('Private'), user())
      .when(change({ until: TOMORROW }), ada)
      .then(refusal)
    given(
      north('Private', member('user:ann')),
      ofIdentity('user:ann', registered(), deregistered(), registered(2)),
    )
      .when(change({ until: TOMORROW }), ada)
      .then(refusal)
    given(north('Private', member('user:ann')), ofIdentity('user:ann', registered(), deregistered()))
      .when(change({ until: TOMORROW }), ada)
      .then(refusal)
  })

  test('to a window that ends before it begins is refused, also where only one end is given', () => {
    given(north('Private', member('user:ann', { from: TOMORROW })), user())
      .when(change({ until: NOON }), ada)
      .then({ type: 'InvalidWindow', identity: 'user:ann', from: TOMORROW, until: NOON })
  })
})

describe('A card that is handed on', () => {
  test('brings nothing with it: neither its membership nor its request', () => {
    const state = stateOfNorth(given(north('Restricted', takesRequests(), member('user:ann'))).world)
    const registration = (generation: number, registered: boolean) => ({
      registered,
      generation,
      blocked: false,
      organization: undefined,
      tokenType: undefined,
      sourceVersion: undefined,
      commands: new Map(),
    })
    expect(currentMembership(state, ANN, registration(1, true))).toEqual({ generation: 1 })
    expect(currentMembership(state, ANN, registration(1, false))).toBeUndefined()
    expect(currentMembership(state, ANN, registration(2, true))).toBeUndefined()
  })

  test('is tidied: memberships of that generation and before end, and what is pending closes', () => {
    const pool = (...events: Parameters<typeof north>[1][]) =>
      stateOfNorth(given(north('Restricted', takesRequests(), ...events)).world)
    expect(tidyMembership(pool(member('user:ann')), ANN, 1)).toEqual([removed('user:ann')])
    expect(tidyMembership(pool(asked()), ANN, 1)).toEqual([
      { type: 'RequestClosed', data: { request: 'r1', reason: 'IdentityDeregistered' } },
    ])
    expect(tidyMembership(pool(member('user:ann', { generation: 2 })), ANN, 1)).toEqual([])
    const archived = given(
      north('Restricted', takesRequests(), asked()),
      inPool('north', { type: 'PoolArchived' }),
    )
    expect(tidyMembership(stateOfNorth(archived.world), ANN, 1)).toEqual([])
  })
})
