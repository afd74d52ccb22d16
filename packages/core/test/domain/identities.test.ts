/** Identities: registered in generations, blocked, deregistered; and who may do so. */
import { isCurrent } from '../../src/domain/generation'
import { IdentityId, named } from '../../src/domain/language/ids'
import { given, ofIdentity } from '../../src/testing'
import { ada, blocked, card, deregistered, feed, registered, user, zoe } from './cast'

const register = (identity: string, more = {}) => ({ type: 'RegisterIdentity', data: { identity, ...more } })
const on = (type: string, identity = 'rfid:0A') => ({ type, data: { identity } })
const CARD = { organization: 'acme' }

describe('Registering', () => {
  test('a mobile user, who belongs to no organization', () => {
    given().when(register('user:ann'), feed).then([registered()])
  })

  test('a card of an organization, with an OCPP token type where there is one', () => {
    given()
      .when(register(' rfid:0a'.trim(), CARD), feed)
      .then([registered(1, CARD)])
    given()
      .when(register('rfid:0A', { ...CARD, tokenType: 'KeyCode' }), ada)
      .then([registered(1, { ...CARD, tokenType: 'KeyCode' })])
  })

  test('what is registered already is nothing', () => {
    given(user()).when(register('user:ann'), feed).then([])
    given(card()).when(register('rfid:0A', CARD), ada).then([])
  })

  test('a card anew with another token type changes that, in the same generation, and leaves it blocked', () => {
    const { world } = given(ofIdentity('rfid:0A', registered(1, CARD), blocked))
      .when(register('rfid:0A', { ...CARD, tokenType: 'KeyCode' }), feed)
      .then([registered(1, { ...CARD, tokenType: 'KeyCode' })])
      .when(register('rfid:0A', CARD), feed)
      .then([])
    expect(world.identity(named(IdentityId, 'rfid:0A')).state).toMatchObject({
      blocked: true,
      generation: 1,
      tokenType: 'KeyCode',
    })
  })

  test('a card that is registered under another organization is refused', () => {
    given(card('rfid:0A', 'zenith'))
      .when(register('rfid:0A', CARD), ada)
      .then({ type: 'IdentityOfOtherOrganization', identity: 'rfid:0A', organization: 'zenith' })
  })

  test('anew begins the next generation, unblocked, under whatever organization', () => {
    const { world } = given(ofIdentity('rfid:0A', registered(1, CARD), blocked, deregistered()))
      .when(register('rfid:0A', { organization: 'zenith' }), feed)
      .then([registered(2, { organization: 'zenith' })])
    expect(world.identity(named(IdentityId, 'rfid:0A')).state).toMatchObject({
      blocked: false,
      generation: 2,
    })
  })
})

describe('Blocking', () => {
  test('a registered identity blocks it, once', () => {
    given(card())
      .when(on('BlockIdentity'), ada)
      .then([blocked])
      .when(on('BlockIdentity'), ada)
      .then([])
      .when(on('UnblockIdentity'), feed)
      .then([{ type: 'IdentityUnblocked' }])
      .when(on('UnblockIdentity'), feed)
      .then([])
  })

  test.each(['BlockIdentity', 'UnblockIdentity'])('%s of one that is not registered is refused', (type) => {
    given().when(on(type), feed).then({ type: 'IdentityNotRegistered', identity: 'rfid:0A' })
    given(ofIdentity('rfid:0A', registered(1, CARD), deregistered()))
      .when(on(type), feed)
      .then({ type: 'IdentityNotRegistered', identity: 'rfid:0A' })
  })
})

describe('Deregistering', () => {
  test('ends a block too: what is not registered is neither', () => {
    const { world } = given(ofIdentity('rfid:0A', registered(1, CARD), blocked))
      .when(on('DeregisterIdentity'), feed)
      .then([deregistered()])
    expect(world.identity(named(IdentityId, 'rfid:0A')).state).toMatchObject({
      registered: false,
      blocked: false,
    })
  })

  test('ends the generation, once', () => {
    given(card())
      .when(on('DeregisterIdentity'), feed)
      .then([deregistered()])
      .when(on('DeregisterIdentity'), feed)
      .then([])
    given().when(on('DeregisterIdentity', 'user:ann'), feed).then([])
  })

  test('ends what was given to that generation: only the present one, while registered, counts', () => {
    const of = (registered: boolean, generation: number) => ({ registered, generation })
    expect(isCurrent(1, of(true, 1))).toBe(true)
    expect(isCurrent(1, of(false, 1))).toBe(false)
    expect(isCurrent(1, of(true, 2))).toBe(false)
    expect(isCurrent(2, of(true, 1))).toBe(false)
    expect(isCurrent(1, undefined)).toBe(false)
  })
})

describe('An administrator', () => {
  test.each(['BlockIdentity', 'UnblockIdentity', 'DeregisterIdentity'])(
    'may %s for cards of its organization only, and for no mobile user',
    (type) => {
      given(card('rfid:0A', 'zenith')).when(on(type), ada).then({ type: 'NotPermitted', command: type })
      given(user()).when(on(type, 'user:ann'), ada).then({ type: 'NotPermitted', command: type })
      expect(given(card()).when(on(type), ada).answer.type).toBe('Done')
    },
  )

  test('registers no mobile user, and no card of another organization', () => {
    given().when(register('user:ann'), ada).then({ type: 'NotPermitted', command: 'RegisterIdentity' })
    given().when(register('rfid:0A', CARD), zoe).then({ type: 'NotPermitted', command: 'RegisterIdentity' })
  })
})
