/** given, when, then: that it is not satisfied with less than what was said. */
import { given, inPool, ofCharger } from '../../src/testing'

const created = { type: 'PoolCreated', data: { organization: 'acme', name: 'North', level: 'Public' } }
const hide = { type: 'SetHidden', data: { pool: 'north', hidden: true } }
const ada = 'admin/acme/ada'
const hidden = () => given(inPool('north', created)).when(hide, ada)

describe('A sentence', () => {
  test('holds where exactly this happened', () => {
    expect(() => hidden().then([{ type: 'PoolHidden' }])).not.toThrow()
  })

  test('fails where something else, nothing, or more happened', () => {
    expect(() => hidden().then([{ type: 'PoolShown' }])).toThrow(/PoolHidden/)
    expect(() => hidden().then([])).toThrow(/PoolHidden/)
    expect(() => hidden().then([{ type: 'PoolHidden' }, { type: 'PoolShown' }])).toThrow(/PoolShown/)
    expect(() => hidden().then([{ type: 'PoolHidden', data: { why: 'so' } }])).toThrow(/why/)
  })

  test('fails where it was refused, or not refused, or refused for another reason', () => {
    const refused = () => given(inPool('north', created)).when(hide, 'admin/zenith/zoe')
    expect(() => refused().then({ type: 'NotPermitted', command: 'SetHidden' })).not.toThrow()
    expect(() => refused().then([{ type: 'PoolHidden' }])).toThrow(/NotPermitted/)
    expect(() => refused().then([])).toThrow(/NotPermitted/)
    expect(() => refused().then({ type: 'PoolNotFound', pool: 'north' })).toThrow(/NotPermitted/)
    expect(() => refused().then({ type: 'NotPermitted', command: 'RenamePool' })).toThrow(/RenamePool/)
    expect(() => hidden().then({ type: 'NotPermitted', command: 'SetHidden' })).toThrow(/PoolHidden/)
  })

  test('fails where a warning was given that it does not speak of, and where one was not', () => {
    const warned = () =>
      given(inPool('north', created)).when(
        { type: 'ChangeAccessLevel', data: { pool: 'north', level: 'Private' } },
        ada,
      )
    const changed = [{ type: 'AccessLevelChanged', data: { from: 'Public', level: 'Private' } }]
    expect(() => warned().then(changed)).toThrow(/PrivateWithoutMembers/)
    expect(() => warned().then(changed, { warnings: [{ type: 'PrivateWithoutMembers' }] })).not.toThrow()
    expect(() =>
      hidden().then([{ type: 'PoolHidden' }], { warnings: [{ type: 'HiddenWithRequests' }] }),
    ).toThrow()
  })

  test('fails where items, a value or a repeat differ', () => {
    const added = () =>
      given(inPool('north', created), ofCharger('c1')).when(
        { type: 'AddChargers', data: { pool: 'north', chargers: ['c1'] } },
        ada,
      )
    expect(() => added().then([], { items: [{ id: 'c1', outcome: 'Added' }] })).toThrow(/ChargerNotAllocated/)
    expect(() => hidden().then([{ type: 'PoolHidden' }], { value: { pool: 'north' } })).toThrow(/north/)
    expect(() => hidden().then([{ type: 'PoolHidden' }], { repeated: true })).toThrow()
  })

  test('goes on where it ended', () => {
    hidden()
      .then([{ type: 'PoolHidden' }])
      .when(hide, ada)
      .then([])
      .and(inPool('north', { type: 'PoolShown' }))
      .when(hide, ada)
      .then([{ type: 'PoolHidden' }])
  })

  test('cannot begin with what cannot have come about, nor with a command or an actor that is none', () => {
    expect(() => given(inPool('north', { type: 'PoolHidden' }))).toThrow(/cannot have been given: PoolHidden/)
    expect(() => given(inPool('north', created, { type: 'PoolPainted' }))).toThrow(/PoolPainted/)
    expect(() => given(inPool('no/rth', created))).toThrow(/PoolId/)
    expect(() => given().when({ type: 'SetHidden', data: { pool: 'north' } }, ada)).toThrow(
      /hidden: is missing/,
    )
    expect(() => given().when(hide, 'ada')).toThrow(/is no actor/)
  })
})
