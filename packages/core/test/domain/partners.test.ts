/** Partners: what each may see and control of a pool. */
import { given, ofPartners } from '../../src/testing'
import { ada, north, olga } from './cast'

const set = (partner: string, visible: boolean, control: boolean) => ({
  type: 'SetPartnerAccess',
  data: { pool: 'north', partner, visible, control },
})
const changed = (partner: string, visible: boolean, control: boolean) => ({
  type: 'PartnerAccessChanged',
  data: { partner, visible, control },
})
const register = (partner: string) => ({ type: 'RegisterPartner', data: { partner } })
const registered = (partner: string) => ({ type: 'PartnerRegistered', data: { partner } })

describe('Partners', () => {
  test.each(['chargehub', 'ampup'])('%s is known from the start', (partner) => {
    given(north('Public'))
      .when(set(partner, true, false), ada)
      .then([changed(partner, true, false)])
    given().when(register(partner), olga).then([])
  })

  test('others are registered, once', () => {
    given(north('Public'))
      .when(set('newcomer', true, false), ada)
      .then({ type: 'UnknownPartner', partner: 'newcomer' })
      .when(register('newcomer'), olga)
      .then([registered('newcomer')])
      .when(register('newcomer'), olga)
      .then([])
      .when(set('newcomer', true, false), ada)
      .then([changed('newcomer', true, false)])
    given(ofPartners(registered('newcomer')))
      .when(register('newcomer'), olga)
      .then([])
  })

  test('cannot control what they cannot see', () => {
    given(north('Public'))
      .when(set('ampup', false, true), ada)
      .then({ type: 'ControlNeedsVisible', pool: 'north', partner: 'ampup' })
  })

  test('lose control with visibility; what they have not cannot be taken', () => {
    given(north('Public', changed('ampup', true, true)))
      .when(set('ampup', false, false), ada)
      .then([changed('ampup', false, false)])
      .when(set('ampup', false, false), ada)
      .then([])
  })

  test('of an unknown name are refused also where nothing is given to them', () => {
    given(north('Public'))
      .when(set('newcomer', false, false), ada)
      .then({ type: 'UnknownPartner', partner: 'newcomer' })
  })

  test('see hidden pools: hiding is of the app', () => {
    given(north('Public', { type: 'PoolHidden' }))
      .when(set('ampup', true, true), ada)
      .then([changed('ampup', true, true)])
  })
})

describe('Skipping an event', () => {
  test('that is not parked is refused', () => {
    given()
      .when({ type: 'SkipEvent', data: { stream: 'accessPool-north', revision: 3, reason: 'Broken' } }, olga)
      .then({ type: 'NotParked', stream: 'accessPool-north', revision: 3 })
  })
})
