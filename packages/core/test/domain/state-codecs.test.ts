/** What is remembered, as snapshots hold it. (That each state of each walk comes back is said in the properties.) */
import { isLeft, isRight, right } from 'fp-ts/Either'
import { recall, remember } from '../../src/domain/event/command-memory'
import { named, PoolId } from '../../src/domain/language/ids'
import { PoolStateCodec } from '../../src/domain/pool/state-codec'
import {
  ChargerStateCodec,
  CommandMemoryCodec,
  IdentityStateCodec,
  PartnersStateCodec,
} from '../../src/domain/state-codec'
import { decodeWith } from '../../src/domain/language/struct'
import { furnishedWorld } from '../../src/testing'
import { placed } from './recorded'

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const north = () => {
  const { state } = furnishedWorld().pool(named(PoolId, 'north'))
  if (state === undefined) throw new Error('there is no pool north')
  return state
}

describe('The memory of commands', () => {
  test('keeps its order, also where ids look like numbers', () => {
    const ids = ['20', '3', 'b', '100', '1', 'a']
    const memory = new Map(
      ids.map((id, revision) => [
        id,
        { hash: `h${id}`, revision, position: placed(`world:${revision}-${revision + 1}`) },
      ]),
    )
    const read = CommandMemoryCodec.decode(json(CommandMemoryCodec.encode(memory)))
    expect(read).toStrictEqual(right(memory))
    expect(isRight(read) && [...read.right.keys()]).toEqual(ids)
  })

  test('forgets the oldest first when it goes on from a snapshot', () => {
    const memory = new Map(
      Array.from({ length: 256 }, (_, n) => [
        String(1000 - n),
        { hash: 'h', revision: n, position: placed(`world:${n}`) },
      ]),
    )
    const read = CommandMemoryCodec.decode(json(CommandMemoryCodec.encode(memory)))
    if (isLeft(read)) throw new Error('the memory was not read')
    const actor = { type: 'Operator', id: 'olga' } as never
    remember(
      read.right,
      {
        schemaVersion: 1,
        actor,
        occurredAt: '' as never,
        $correlationId: 'new',
        $causationId: 'new',
        commandHash: 'h',
      },
      {
        stream: '',
        revision: 256,
        position: placed('world:256'),
        storedAt: 0,
        id: '',
        type: '',
        data: {},
        metadata: {},
      },
    )
    expect(read.right.size).toBe(256)
    expect(recall(read.right, '1000', 'h').type).toBe('New')
    expect(recall(read.right, '999', 'h').type).toBe('Repeated')
    expect(recall(read.right, 'new', 'other').type).toBe('Reused')
  })
})

describe('A state that is damaged', () => {
  test.each<readonly [string, (encoded: Record<string, unknown>) => unknown]>([
    ['nothing', () => null],
    ['a list', (encoded) => [encoded]],
    ['without settings', ({ settings: _, ...rest }) => rest],
    ['with members that are no list', (encoded) => ({ ...encoded, members: {} })],
    ['with a member that is no pair', (encoded) => ({ ...encoded, members: [['user:ann']] })],
    ['with a member of no identity', (encoded) => ({ ...encoded, members: [['ann', { generation: 1 }]] })],
    [
      'with a member twice',
      (encoded) => ({
        ...encoded,
        members: [
          ['user:ann', { generation: 1 }],
          ['user:ann', { generation: 2 }],
        ],
      }),
    ],
    ['with a claim of 0', (encoded) => ({ ...encoded, chargers: [['c1', 0]] })],
    [
      'with a command at no position',
      (encoded) => ({ ...encoded, commands: [['a', { hash: 'h', revision: 0, position: 'here' }]] }),
    ],
    ['with a revision that is none', (encoded) => ({ ...encoded, changedAt: 1.5 })],
  ])('%s is refused, and says where', (_, damage) => {
    const encoded = json(PoolStateCodec.encode(north())) as Record<string, unknown>
    expect(PoolStateCodec.decode(encoded)).toStrictEqual(right(north()))
    const read = decodeWith(PoolStateCodec, damage(encoded))
    expect(isLeft(read) && read.left[0]).toMatch(/^(the value|[a-zA-Z.0-9]+): .+/)
  })

  test('is not taken for another kind of state', () => {
    const encoded = json(PoolStateCodec.encode(north()))
    for (const codec of [ChargerStateCodec, IdentityStateCodec, PartnersStateCodec])
      expect(decodeWith<unknown>(codec, encoded)._tag).toBe('Left')
  })
})
