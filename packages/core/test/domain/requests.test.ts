/** Access on request: made at a charger, for the whole pool, decided once. */
import { given, type Happened, inPool, ofCharger, ofIdentity } from '../../src/testing'
import {
  ada,
  allocated,
  ann,
  asked,
  blocked,
  bob,
  card,
  deregistered,
  feed,
  member,
  NEXT_MONTH,
  NOON,
  north,
  registered,
  standing,
  takesRequests,
  TOMORROW,
  user,
  YESTERDAY,
} from './cast'

const ask = (data = {}) => ({
  type: 'RequestAccess',
  data: { identity: 'user:ann', charger: 'c1', request: 'r1', ...data },
})
const onRequest = (type: string, request = 'r1') => ({ type, data: { pool: 'north', request } })
const approve = onRequest('ApproveRequest')
const deny = onRequest('DenyRequest')
const withdraw = onRequest('WithdrawRequest')
const approved = (request = 'r1') => ({ type: 'RequestApproved', data: { request, identity: 'user:ann' } })
const denied = (retryAfter = TOMORROW, request = 'r1') => ({
  type: 'RequestDenied',
  data: { request, identity: 'user:ann', retryAfter },
})
const withdrawn = (request = 'r1') => ({ type: 'RequestWithdrawn', data: { request } })
const closed = (reason: string, request = 'r1') => ({ type: 'RequestClosed', data: { request, reason } })
const byRequest = member('user:ann', { request: 'r1' })

/** A Restricted pool that takes requests, with a charger, and ann. */
const open = (...more: readonly Happened[]) =>
  given(north('Restricted', takesRequests()), ...standing('c1', 'north'), user(), ...more)
const pending = (...more: readonly Happened[]) => open(inPool('north', asked()), ...more)

describe('Requesting access', () => {
  test('is noted with the charger, the generation, and when it expires', () => {
    open()
      .when(ask(), ann)
      .then([asked()], { value: { request: 'r1' } })
  })

  test('expires when the pool says', () => {
    given(north('Restricted', takesRequests({ expiresAfterDays: 1 })), ...standing('c1', 'north'), user())
      .when(ask(), ann)
      .then([asked('r1', 'user:ann', { expiresAt: TOMORROW })])
  })

  test('is for oneself: neither another driver, nor an administrator, nor an operator', () => {
    for (const other of [bob, ada, 'operator/olga', feed])
      open().when(ask(), other).then({ type: 'NotPermitted', command: 'RequestAccess' })
  })

  test('is for mobile users', () => {
    open(card())
      .when(ask({ identity: 'rfid:0A' }), 'driver/rfid:0A')
      .then({ type: 'NotAMobileUser', identity: 'rfid:0A' })
  })

  test('is from a charger that is in a pool', () => {
    open(ofCharger('c2', allocated()))
      .when(ask({ charger: 'c2' }), ann)
      .then({ type: 'ChargerNotInPool', charger: 'c2' })
    open()
      .when(ask({ charger: 'c3' }), ann)
      .then({ type: 'ChargerNotInPool', charger: 'c3' })
    open(ofCharger('c1', { type: 'ChargerDeallocated' }))
      .when(ask(), ann)
      .then({ type: 'ChargerNotInPool', charger: 'c1' })
  })

  test('needs a registered, unblocked identity', () => {
    open()
      .when(ask({ identity: 'user:bob' }), bob)
      .then({ type: 'IdentityNotRegistered', identity: 'user:bob' })
    open(ofIdentity('user:ann', blocked))
      .when(ask(), ann)
      .then({ type: 'IdentityBlocked', identity: 'user:ann' })
  })

  test('of one whose events cannot be read is refused', () => {
    const story = open()
    story.world.tell('identity-user:ann', { type: 'IdentityPraised', data: {} })
    story.when(ask(), ann).then({ type: 'IdentitySuspended', identity: 'user:ann', revision: 1 })
  })

  test.each([
    ['Restricted, with requests switched off', north('Restricted')],
    ['Restricted, with nobody to be told', north('Restricted', takesRequests({ notify: [] }))],
    ['Private', north('Private')],
    ['Public', north('Public')],
  ])('is not offered by a pool that is %s', (_, pool) => {
    given(pool, ...standing('c1', 'north'), user())
      .when(ask(), ann)
      .then({ type: 'RequestsNotOffered', pool: 'north' })
  })

  test('by a member is refused, also where the window has not begun; by one whose window has ended it is not', () => {
    const refusal = { type: 'AlreadyAMember' as const, pool: 'north', identity: 'user:ann' }
    open(inPool('north', member('user:ann')))
      .when(ask(), ann)
      .then(refusal)
    open(inPool('north', member('user:ann', { from: TOMORROW })))
      .when(ask(), ann)
      .then(refusal)
    open(inPool('north', member('user:ann', { until: NOON })))
      .when(ask(), ann)
      .then([asked()])
  })

  test('by a member of an older generation is taken', () => {
    open(inPool('north', member('user:ann')), ofIdentity('user:ann', deregistered(), registered(2)))
      .when(ask(), ann)
      .then([asked('r1', 'user:ann', { generation: 2 })])
  })

  test('while one is pending answers that one, whatever id is given', () => {
    pending()
      .when(ask({ request: 'r2' }), ann)
      .then([], { value: { request: 'r1' } })
  })

  test('from another charger while one is pending notes that charger, once', () => {
    pending(...standing('c2', 'north'))
      .when(ask({ request: 'r2', charger: 'c2' }), ann)
      .then([{ type: 'RequestChargerNoted', data: { request: 'r1', charger: 'c2' } }], {
        value: { request: 'r1' },
      })
      .when(ask({ request: 'r3', charger: 'c2' }), ann)
      .then([], { value: { request: 'r1' } })
  })

  test('with the id of another request is refused', () => {
    pending(user('user:bob'))
      .when(ask({ identity: 'user:bob' }), bob)
      .then({ type: 'RequestExists', request: 'r1' })
  })

  test('too soon after a denial is refused, and says when it is not', () => {
    pending(inPool('north', denied()))
      .when(ask({ request: 'r2' }), ann)
      .then({ type: 'RequestTooSoon', pool: 'north', retryAfter: TOMORROW })
      .when(ask({ request: 'r2' }), ann, { at: TOMORROW })
      .then([asked('r2', 'user:ann', { expiresAt: '2025-04-01T12:00:00.000Z' })])
  })

  test('a denial of an older generation does not keep a new one waiting', () => {
    pending(inPool('north', denied()), ofIdentity('user:ann', deregistered(), registered(2)))
      .when(ask({ request: 'r2' }), ann)
      .then([asked('r2', 'user:ann', { generation: 2 })])
  })

  test('after an expired one closes that before it', () => {
    pending()
      .when(ask({ request: 'r2' }), ann, { at: NEXT_MONTH })
      .then([closed('Expired'), asked('r2', 'user:ann', { expiresAt: '2025-05-01T12:00:00.000Z' })])
  })

  test('after a request of an older generation closes that before it', () => {
    pending(ofIdentity('user:ann', deregistered(), registered(2)))
      .when(ask({ request: 'r2' }), ann)
      .then([closed('IdentityDeregistered'), asked('r2', 'user:ann', { generation: 2 })])
  })

  test('stays pending when the charger it came from is removed', () => {
    pending()
      .when({ type: 'RemoveChargers', data: { pool: 'north', chargers: ['c1'] } }, ada)
      .then([
        { type: 'ChargerRemoved', data: { charger: 'c1', claim: 1, reason: 'Removed' } },
        { type: 'ChargerReleased', data: { pool: 'north', claim: 1 } },
      ])
      .when(approve, ada)
      .then([approved(), byRequest])
  })

  test('stays pending when requests are switched off', () => {
    pending(inPool('north', takesRequests({ enabled: false })))
      .when(approve, ada)
      .then([approved(), byRequest])
  })
})

describe('Withdrawing a request', () => {
  test('is for the driver who made it, once', () => {
    pending().when(withdraw, bob).then({ type: 'NotPermitted', command: 'WithdrawRequest' })
    pending().when(withdraw, ada).then({ type: 'NotPermitted', command: 'WithdrawRequest' })
    pending().when(withdraw, ann).then([withdrawn()]).when(withdraw, ann).then([])
  })

  test('that nobody made, or that was decided, is refused', () => {
    open().when(withdraw, ann).then({ type: 'RequestNotFound', request: 'r1' })
    pending(inPool('north', denied()))
      .when(withdraw, ann)
      .then({ type: 'RequestDecided', request: 'r1', as: 'Denied' })
  })

  test('lets the driver ask again at once', () => {
    pending(inPool('north', withdrawn()))
      .when(ask({ request: 'r2' }), ann)
      .then([asked('r2')])
  })
})

describe('Deciding a request', () => {
  test('approving adds the identity in the same append, and again is nothing', () => {
    pending().when(approve, ada).then([approved(), byRequest]).when(approve, ada).then([])
  })

  test('denying says from when the next can be made, and again is nothing', () => {
    pending().when(deny, ada).then([denied()]).when(deny, ada).then([])
  })

  test('a denial holds as long as the pool says', () => {
    given(
      north('Restricted', takesRequests({ waitAfterDenialHours: 0 }), asked()),
      ...standing('c1', 'north'),
      user(),
    )
      .when(deny, ada)
      .then([denied(NOON)])
      .when(ask({ request: 'r2' }), ann)
      .then([asked('r2')])
  })

  test('the first decision wins: the opposite is a conflict', () => {
    pending()
      .when(approve, ada)
      .then([approved(), byRequest])
      .when(deny, ada)
      .then({ type: 'RequestDecided', request: 'r1', as: 'Approved' })
    pending()
      .when(deny, ada)
      .then([denied()])
      .when(approve, ada)
      .then({ type: 'RequestDecided', request: 'r1', as: 'Denied' })
    pending(inPool('north', withdrawn()))
      .when(approve, ada)
      .then({ type: 'RequestDecided', request: 'r1', as: 'Withdrawn' })
    pending(inPool('north', closed('Expired')))
      .when(deny, ada)
      .then({ type: 'RequestDecided', request: 'r1', as: 'Closed' })
  })

  test('that nobody made is refused', () => {
    open().when(approve, ada).then({ type: 'RequestNotFound', request: 'r1' })
    open().when(deny, ada).then({ type: 'RequestNotFound', request: 'r1' })
  })

  test('that has expired is refused, from its very instant', () => {
    const expiresAt = '2025-03-31T12:00:00.000Z'
    const refusal = { type: 'RequestExpired' as const, request: 'r1', expiresAt }
    pending().when(approve, ada, { at: expiresAt }).then(refusal)
    pending().when(deny, ada, { at: expiresAt }).then(refusal)
    pending().when(approve, ada, { at: '2025-03-31T11:59:59.999Z' }).then([approved(), byRequest])
  })

  test('approving for an identity that was deregistered since is refused, also where it was registered anew', () => {
    const refusal = { type: 'RequestStale' as const, request: 'r1', identity: 'user:ann' }
    pending(ofIdentity('user:ann', deregistered())).when(approve, ada).then(refusal)
    pending(ofIdentity('user:ann', deregistered(), registered(2)))
      .when(approve, ada)
      .then(refusal)
    pending(ofIdentity('user:ann', deregistered())).when(deny, ada).then([denied()])
  })

  test('approving for one whose events cannot be read is refused', () => {
    const story = pending()
    story.world.tell('identity-user:ann', { type: 'IdentityPraised', data: {} })
    story.when(approve, ada).then({ type: 'IdentitySuspended', identity: 'user:ann', revision: 1 })
  })

  test('approving for a blocked identity warns', () => {
    pending(ofIdentity('user:ann', blocked))
      .when(approve, ada)
      .then([approved(), byRequest], {
        warnings: [{ type: 'ApprovedWhileBlocked', request: 'r1', identity: 'user:ann' }],
      })
  })

  test('approving for a member already is the approval alone; where the window has ended it is opened', () => {
    pending(inPool('north', member('user:ann', { until: TOMORROW })))
      .when(approve, ada)
      .then([approved()])
    pending(inPool('north', member('user:ann', { until: YESTERDAY })))
      .when(approve, ada)
      .then([approved(), byRequest])
  })

  test('an accidental approval is reversed by removing the identity, and the driver may ask again', () => {
    pending()
      .when(approve, ada)
      .then([approved(), byRequest])
      .when({ type: 'RemoveIdentities', data: { pool: 'north', identities: ['user:ann'] } }, ada)
      .then([{ type: 'IdentityRemoved', data: { identity: 'user:ann', generation: 1 } }])
      .when(ask({ request: 'r2' }), ann)
      .then([asked('r2')])
  })
})

describe('Closing expired requests', () => {
  const close = { type: 'CloseExpiredRequests', data: { pool: 'north' } }

  test('closes those whose time is over, and no others', () => {
    pending(inPool('north', asked('r2', 'user:bob', { expiresAt: TOMORROW })))
      .when(close, feed, { at: TOMORROW })
      .then([closed('Expired', 'r2')])
      .when(close, feed)
      .then([])
  })

  test('closes at most 150 at once', () => {
    const many = Array.from({ length: 151 }, (_, n) => asked(`q${n}`, `user:u${n}`, { expiresAt: TOMORROW }))
    const all = many.map((_, n) => closed('Expired', `q${n}`))
    open(inPool('north', ...many))
      .when(close, feed, { at: TOMORROW })
      .then(all.slice(0, 150))
      .when(close, feed)
      .then(all.slice(150))
  })

  test('is for systems and operators', () => {
    open().when(close, ada).then({ type: 'NotPermitted', command: 'CloseExpiredRequests' })
  })
})
