import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/Either'
import {
  parseAccessChange,
  parseAccessKey,
  writeAccessChange,
  writeAccessKey,
} from '../../src/decision/access-change'
import { poolRecord } from '../../src/testing/decision-table'

const MEMBER = {
  generation: 2,
  from: '2025-03-01T08:00:00.000Z',
  until: '2025-03-01T12:00:00.000Z',
  request: 'r1',
}

const records: readonly (readonly [string, unknown])[] = [
  ['pool/P', poolRecord({ partners: { ampup: { visible: true, control: false } }, needs: ['x-ray'] })],
  ['pool/constructor', poolRecord({ partners: { constructor: { visible: true, control: true } } })],
  ['pool/P', null],
  ['charger/P/C*=:+|@', { claim: 3, suspended: false }],
  ['charger/P/C', null],
  ['member/P/rfid:0A|B', MEMBER],
  ['member/P/user:ann', { generation: 1 }],
  ['member/P/user:ann', null],
  ['identity/user:ann', { generation: 1, blocked: false, suspended: true }],
  ['identity/rfid:0A', { generation: 0, blocked: true, suspended: false, tokenType: 'eMAID' }],
  ['identity/rfid:0A', null],
]

describe('Access changes are records by key', () => {
  test.each(records)('%s is read and written as it stands', (key, value) => {
    const parsed = parseAccessChange(key, value)
    if (isLeft(parsed)) throw new Error(parsed.left)
    expect(writeAccessChange(parsed.right)).toEqual({ key, value })
    expect(JSON.parse(JSON.stringify(writeAccessChange(parsed.right)))).toEqual({ key, value })
  })

  test.each([
    ['', null],
    ['pool', null],
    ['pool/', null],
    ['pool/P/Q', null],
    ['pool/-P', null],
    ['charger/P', null],
    ['charger/P/C/D', null],
    ['charger/P/-C', null],
    ['member/P/ann', null],
    ['member/P/rfid:0a', null],
    ['identity/', null],
    ['identity/user:ann/x', null],
    ['unknown/P', null],
    ['toString/P', null],
    ['~mark', null],
    ['pool/P', {}],
    ['pool/P', undefined],
    ['pool/P', []],
    ['pool/P', poolRecord({ level: 'Secret' })],
    ['pool/P', poolRecord({ partners: { 'Not-A-Partner': { visible: true, control: true } } })],
    ['pool/P', poolRecord({ partners: { ampup: true } })],
    ['pool/P', poolRecord({ partners: JSON.parse('{"__proto__":{"visible":true,"control":true}}') })],
    ['pool/P', poolRecord({ needs: ['Not a feature'] })],
    ['charger/P/C', { claim: 0, suspended: false }],
    ['charger/P/C', { claim: 1.5, suspended: false }],
    ['charger/P/C', { claim: 1 }],
    ['member/P/user:ann', { generation: 0 }],
    ['member/P/user:ann', { generation: 1, from: MEMBER.until, until: MEMBER.from }],
    ['member/P/user:ann', { generation: 1, from: 'yesterday' }],
    ['identity/user:ann', { generation: -1, blocked: false, suspended: false }],
    ['identity/user:ann', { generation: 1, blocked: 'no', suspended: false }],
  ])('%s with %j is refused, with a reason', (key, value) => {
    const parsed = parseAccessChange(key, value)
    expect(parsed).toMatchObject({ _tag: 'Left', left: expect.stringMatching(/./) })
  })

  test('an unknown field is passed over, so that an older reader survives a newer writer', () => {
    expect(isRight(parseAccessChange('charger/P/C', { claim: 1, suspended: false, colour: 'red' }))).toBe(
      true,
    )
  })

  test('whatever comes is answered, and what is read is written as it came', () => {
    const kinds = fc.constantFrom('pool', 'charger', 'member', 'identity', 'x')
    const part = fc.oneof(
      fc.constantFrom('P', 'user:ann', 'rfid:0A', '__proto__', 'constructor', ''),
      fc.string(),
    )
    const key = fc
      .tuple(kinds, fc.array(part, { maxLength: 3 }))
      .map(([kind, parts]) => [kind, ...parts].join('/'))
    const value = fc.oneof(fc.constant(null), fc.jsonValue(), fc.constantFrom(...records.map(([, v]) => v)))
    fc.assert(
      fc.property(key, value, (k, v) => {
        const parsed = parseAccessChange(k, v)
        if (isRight(parsed)) expect(writeAccessChange(parsed.right).key).toBe(k)
        const parsedKey = parseAccessKey(k)
        if (isRight(parsedKey)) expect(writeAccessKey(parsedKey.right)).toBe(k)
      }),
      { numRuns: 2_000 },
    )
  })
})
