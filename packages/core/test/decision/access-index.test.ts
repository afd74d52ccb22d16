import * as fc from 'fast-check'
import { isLeft } from 'fp-ts/Either'
import type { AccessIndex, AppliedChange } from '../../src/decision/access-index'
import { emptyAccessIndex, importAccessIndex } from '../../src/decision/map-index'
import { ChargerId, IdentityId, named, PoolId } from '../../src/domain/language/ids'
import { poolRecord } from '../../src/testing/decision-table'
import { change, indexOf } from './records'

const charger = named(ChargerId, 'C')
const ann = named(IdentityId, 'user:ann')
const P = named(PoolId, 'P')
const Q = named(PoolId, 'Q')
const pools = { 'pool/P': poolRecord(), 'pool/Q': poolRecord() }
const claim = (number: number, suspended = false) => ({ claim: number, suspended })
const registered = (generation: number) => ({ generation, blocked: false, suspended: false })

const told = (index: AccessIndex, key: string, value: unknown): AppliedChange[] => {
  const applied: AppliedChange[] = []
  index.apply(change(key, value), (one) => applied.push(one))
  return applied
}

describe('Chargers are settled by claim', () => {
  test('a lower claim is ignored, whatever pool it names', () => {
    const index = indexOf(pools, { 'charger/Q/C': claim(2) })
    expect(told(index, 'charger/P/C', claim(1))).toEqual([])
    expect(index.poolOf(charger)).toBe(Q)
  })

  test('a higher one takes the charger along, and tells of the pool it left first', () => {
    const index = indexOf(pools, { 'charger/P/C': claim(1) })
    expect(told(index, 'charger/Q/C', claim(2))).toEqual([
      { type: 'Charger', pool: 'P', charger: 'C', value: null, before: claim(1) },
      { type: 'Charger', pool: 'Q', charger: 'C', value: claim(2), before: null },
    ])
    expect([[...index.chargersOf(P)], [...index.chargersOf(Q)]]).toEqual([[], ['C']])
  })

  test('a tombstone holds only where the charger is in that pool', () => {
    const index = indexOf(pools, { 'charger/Q/C': claim(2) })
    expect(told(index, 'charger/P/C', null)).toEqual([])
    expect(index.poolOf(charger)).toBe(Q)
    expect(told(index, 'charger/Q/C', null)).toHaveLength(1)
    expect(index.poolOf(charger)).toBeUndefined()
  })

  test('the highest claim stays known after its tombstone', () => {
    const index = indexOf(pools, { 'charger/Q/C': claim(2) })
    index.apply(change('charger/Q/C', null))
    index.apply(change('charger/P/C', claim(1)))
    expect(index.poolOf(charger)).toBeUndefined()
    index.apply(change('charger/P/C', claim(3)))
    expect(index.poolOf(charger)).toBe(P)
  })

  test('the same claim again changes what it says', () => {
    const index = indexOf(pools, { 'charger/P/C': claim(1) })
    expect(told(index, 'charger/P/C', claim(1, true))).toMatchObject([
      { before: claim(1), value: claim(1, true) },
    ])
  })

  test('two partitions come to the same end in every order of arrival', () => {
    const inP: readonly (readonly [string, unknown])[] = [
      ['charger/P/C', claim(1)],
      ['charger/P/C', null],
      ['charger/P/C', claim(3)],
      ['charger/P/C', null],
    ]
    const inQ: readonly (readonly [string, unknown])[] = [
      ['charger/Q/C', claim(2)],
      ['charger/Q/C', null],
      ['charger/Q/C', claim(4)],
    ]
    for (let mask = 0; mask < 2 ** 7; mask += 1) {
      const index = indexOf(pools)
      const [left, right] = [[...inP], [...inQ]]
      for (let at = 0; at < 7; at += 1) {
        const next =
          ((mask >> at) & 1) === 1 ? (left.shift() ?? right.shift()) : (right.shift() ?? left.shift())
        if (next !== undefined) index.apply(change(...next))
      }
      expect(index.poolOf(charger)).toBe(Q)
      expect([[...index.chargersOf(P)], [...index.chargersOf(Q)]]).toEqual([[], ['C']])
    }
  })

  test('a charger whose pool has not come is in none, and is in it when it comes', () => {
    const index = indexOf({ 'charger/P/C': claim(1) })
    expect(index.poolOf(charger)).toBeUndefined()
    index.apply(change('pool/P', poolRecord()))
    expect(index.poolOf(charger)).toBe(P)
  })
})

describe('Identities are settled by generation', () => {
  const member = (generation: number) => ({ 'member/P/user:ann': { generation } })

  test('a lower generation is ignored, also after a tombstone', () => {
    const index = indexOf(pools, { 'identity/user:ann': registered(2) })
    expect(told(index, 'identity/user:ann', registered(1))).toEqual([])
    index.apply(change('identity/user:ann', null))
    index.apply(change('identity/user:ann', registered(1)))
    expect(index.identity(ann)).toBeUndefined()
    index.apply(change('identity/user:ann', registered(3)))
    expect(index.identity(ann)?.generation).toBe(3)
  })

  test('a membership counts while it is of the current generation, whichever comes first', () => {
    const index = indexOf(pools, member(2))
    expect([[...index.poolsOf(ann)], [...index.membersOf(P)]]).toEqual([[], []])
    index.apply(change('identity/user:ann', registered(2)))
    expect([[...index.poolsOf(ann)], [...index.membersOf(P)]]).toEqual([['P'], ['user:ann']])
    index.apply(change('identity/user:ann', registered(3)))
    expect([[...index.poolsOf(ann)], [...index.membersOf(P)]]).toEqual([[], []])
  })

  test('blocked and suspended ones are listed while they are', () => {
    const index = indexOf({ 'identity/user:ann': { ...registered(1), blocked: true } })
    expect([...index.blocked()]).toEqual(['user:ann'])
    index.apply(change('identity/user:ann', { ...registered(1), suspended: true }))
    expect([...index.blocked()]).toEqual(['user:ann'])
    index.apply(change('identity/user:ann', registered(1)))
    expect([...index.blocked()]).toEqual([])
    index.apply(change('identity/user:ann', { ...registered(1), blocked: true }))
    index.apply(change('identity/user:ann', null))
    expect([...index.blocked()]).toEqual([])
  })
})

describe('An index tells what changed, with the state before', () => {
  test('pools, members and identities', () => {
    const index = emptyAccessIndex()
    expect(told(index, 'pool/P', poolRecord())).toEqual([
      { type: 'Pool', pool: 'P', value: poolRecord(), before: null },
    ])
    expect(told(index, 'pool/P', poolRecord({ hidden: true }))).toMatchObject([{ before: poolRecord() }])
    expect(told(index, 'member/P/user:ann', { generation: 1 })).toMatchObject([{ before: null }])
    expect(told(index, 'member/P/user:ann', { generation: 2 })).toMatchObject([{ before: { generation: 1 } }])
    expect(told(index, 'member/P/user:ann', null)).toMatchObject([{ before: { generation: 2 }, value: null }])
    expect(told(index, 'identity/user:ann', registered(1))).toMatchObject([{ before: null }])
    expect(told(index, 'pool/P', null)).toMatchObject([{ before: poolRecord({ hidden: true }), value: null }])
  })

  test('a tombstone of nothing tells nothing', () => {
    const index = emptyAccessIndex()
    for (const key of ['pool/P', 'charger/P/C', 'member/P/user:ann', 'identity/user:ann'])
      expect(told(index, key, null)).toEqual([])
    expect(index.export()).toEqual({ records: [], claims: [], generations: [] })
  })

  test('after a pool and all that was in it is gone, nothing of it is left', () => {
    const index = indexOf(pools, { 'charger/P/C': claim(1), 'member/P/user:ann': { generation: 1 } })
    for (const key of ['pool/P', 'charger/P/C', 'member/P/user:ann', 'pool/Q']) index.apply(change(key, null))
    expect(index.export()).toEqual({ records: [], claims: [['C', 1]], generations: [] })
    expect([[...index.pools()], [...index.identities()]]).toEqual([[], []])
  })
})

const keyed = <V>(keys: readonly string[], value: fc.Arbitrary<V>) =>
  fc.tuple(fc.constantFrom(...keys), fc.option(value))
const changes = fc.array(
  fc.oneof(
    keyed(
      ['pool/P', 'pool/Q', 'pool/constructor'],
      fc.boolean().map((hidden) => poolRecord({ hidden })),
    ),
    keyed(
      ['charger/P/C', 'charger/Q/C', 'charger/P/D'],
      fc.record({ claim: fc.integer({ min: 1, max: 5 }), suspended: fc.boolean() }),
    ),
    keyed(
      ['member/P/user:ann', 'member/Q/user:ann', 'member/constructor/rfid:0A'],
      fc.record({ generation: fc.integer({ min: 1, max: 3 }) }),
    ),
    keyed(
      ['identity/user:ann', 'identity/rfid:0A'],
      fc.record({
        generation: fc.integer({ min: 1, max: 3 }),
        blocked: fc.boolean(),
        suspended: fc.boolean(),
      }),
    ),
  ),
  { maxLength: 40 },
)

/** All that an index answers, in one order. */
const answers = (index: AccessIndex) => ({
  pools: [...index.pools()].sort(),
  identities: [...index.identities()].sort(),
  chargers: ['P', 'Q', 'constructor'].map((pool) => [...index.chargersOf(named(PoolId, pool))].sort()),
  members: ['P', 'Q', 'constructor'].map((pool) => [...index.membersOf(named(PoolId, pool))].sort()),
  of: ['C', 'D'].map((id) => index.poolOf(named(ChargerId, id))),
  in: ['user:ann', 'rfid:0A'].map((id) => [...index.poolsOf(named(IdentityId, id))].sort()),
  blocked: [...index.blocked()].sort(),
})

describe('An index is exported and imported', () => {
  test('with all that it settled: what comes later is settled alike', () => {
    fc.assert(
      fc.property(changes, changes, (before, after) => {
        const index = emptyAccessIndex()
        for (const [key, value] of before) index.apply(change(key, value))
        const imported = importAccessIndex(JSON.parse(JSON.stringify(index.export())))
        if (isLeft(imported)) throw new Error(imported.left)
        expect(answers(imported.right)).toEqual(answers(index))
        for (const [key, value] of after) {
          const applied = told(index, key, value)
          expect(told(imported.right, key, value)).toEqual(applied)
        }
        expect(answers(imported.right)).toEqual(answers(index))
      }),
      { numRuns: 300 },
    )
  })

  test('a record that cannot be read is told', () => {
    const records = [{ key: 'pool/P', value: { claim: 1, suspended: false } }]
    expect(importAccessIndex({ records, claims: [], generations: [] })).toMatchObject({ _tag: 'Left' })
  })
})
