/** Whatever names, bodies, places and files come: a typed answer, and what was refused changed nothing. */
import { readFileSync, writeFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describeStoreError, type EventToAppend, type Position } from '@access-pools/core'
import { openSqliteStore } from '../src'
import { uuidOf } from './processes/ids'
import { storeFolder } from './store-folder'

const folder = storeFolder()
afterAll(folder.remove)

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '$all',
    '\ud800',
    'a\0',
    '__proto__',
    "'; DROP TABLE events; --",
    'accessPool-',
    '-',
    'x'.repeat(1100),
  ),
  fc.string({ maxLength: 8 }).map((text) => `accessPool-${text}`),
)
const id = fc.oneof(
  { weight: 19, arbitrary: fc.nat().map(String).map(uuidOf) },
  { weight: 1, arbitrary: fc.string() },
)
const body = fc.oneof(
  fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), fc.jsonValue({ maxDepth: 2 })),
  fc.constantFrom<Record<string, unknown>>(
    { n: 1n },
    { toJSON: () => undefined },
    { u: undefined, f: () => 1 },
  ),
)
const type = fc.oneof({ weight: 4, arbitrary: fc.constant('T') }, name)
const toAppend: fc.Arbitrary<EventToAppend> = fc.record({ id, type, data: body, metadata: body })
const revision = fc.oneof(
  fc.constant(-1),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(NaN, 0.5, Infinity, -Infinity, 2 ** 53),
)

const TYPES = ['InvalidAppend', 'TooLarge', 'Unavailable', 'WrongEpoch']

test('appends and checkpoints of anything', async () => {
  const store = await folder.open()
  const streams = new Map<string, string[]>()
  const appends = fc.tuple(name, revision, fc.array(toAppend, { maxLength: 2 }))
  for (const group of fc.sample(fc.array(appends, { minLength: 50, maxLength: 50 }), 120)) {
    const answers = await Promise.all(
      group.map(async ([stream, expected, list]) => store.append(stream, expected, list)()),
    )
    answers.forEach((answer, index) => {
      const [stream = '', , list = []] = group[index] ?? []
      if (answer._tag === 'Left') {
        expect(TYPES).toContain(answer.left.type)
        expect(describeStoreError(answer.left)).not.toBe('')
        return
      }
      const kept = streams.get(stream) ?? []
      if (answer.right.type === 'Written' && answer.right.revision >= kept.length)
        streams.set(stream, [...kept, ...list.map((one) => one.id)])
    })
    const checkpoints = await Promise.all(
      group.map(([named, at, [first]]) => store.saveCheckpoint(named, first?.data ?? {}, at)()),
    )
    for (const answer of checkpoints) if (answer._tag === 'Left') expect(TYPES).toContain(answer.left.type)
  }
  expect(streams.size).toBeGreaterThan(100)
  for (const [stream, ids] of streams) {
    const read = await store.readStream(stream, 0, 1000)()
    expect(read._tag === 'Right' && read.right.events.map((one) => one.id)).toEqual(ids)
  }
}, 60_000)

test('reads of anything', async () => {
  const store = await folder.open()
  const size = fc.oneof(fc.integer({ min: -2, max: 20 }), fc.constantFrom(NaN, 0.5, Infinity, -1e300))
  const place = fc.option(fc.record({ commit: revision, prepare: revision }), { nil: undefined })
  const query = fc.record({
    place,
    categories: fc.array(name, { maxLength: 4 }),
    names: fc.array(name, { maxLength: 4 }),
    size,
    stream: name,
    from: revision,
  })
  for (const { place: at, categories, names, size: most, stream, from } of fc.sample(query, 1500)) {
    const after: Position | undefined = at && { epoch: store.epoch, ...at }
    const filter = { categories, names }
    const answers = [
      await store.readAll({ after, filter, most })(),
      await store.head(filter, after)(),
      await store.readStream(stream, from, most)(),
      await store.readBackward(stream, most)(),
      await store.loadCheckpoint(stream)(),
    ]
    for (const answer of answers)
      if (answer._tag === 'Left') expect([...TYPES, 'NotUsable']).toContain(answer.left.type)
  }
}, 60_000)

test('files of anything, near to a store', async () => {
  const made = await folder.open('whole.db')
  for (let n = 0; n < 30; n += 1)
    await made.append('accessPool-1', n - 1, [{ id: uuidOf(`${n}`), type: 'T', data: { n }, metadata: {} }])()
  await made.close()
  const whole = readFileSync(folder.path('whole.db'))
  const damage = fc.oneof(
    fc.record({ cut: fc.nat(whole.length), at: fc.constant(0), bytes: fc.constant(new Uint8Array()) }),
    fc.record({
      cut: fc.constant(whole.length),
      at: fc.nat(whole.length - 50),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 50 }),
    }),
    fc.record({
      cut: fc.constant(whole.length),
      at: fc.nat(100),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
    }),
  )
  let refused = 0
  for (const [index, { cut, at, bytes }] of fc.sample(damage, 150).entries()) {
    const file = folder.path(`damaged ${index}.db`)
    const content = Buffer.from(whole.subarray(0, cut))
    content.set(bytes.subarray(0, Math.max(0, content.length - at)), Math.min(at, content.length))
    writeFileSync(file, content)
    const store = await openSqliteStore({ file, patience: 20 })()
    if (store._tag === 'Left') {
      refused += 1
      expect(['NotUsable', 'Unavailable']).toContain(store.left.type)
      expect(readFileSync(file).equals(content)).toBe(true)
      continue
    }
    const read = await store.right.readStream('accessPool-1', 0, 100)()
    if (read._tag === 'Left') expect(['NotUsable', 'Unavailable']).toContain(read.left.type)
    await store.right.close()
  }
  expect(refused).toBeGreaterThan(20)
}, 60_000)
