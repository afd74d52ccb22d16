import { isLeft, isRight } from 'fp-ts/Either'
import { memoryStore, NO_STREAM, OUR_STREAMS } from '../../src'
import { decodePoolEvent } from '../../src/domain/pool/events'
import { copyHistory } from '../../src/store/copy-history'
import type { EventStore } from '../../src'

let ids = 0
const event = (type: string, data: Readonly<Record<string, unknown>>) => ({
  id: `00000000-0000-5000-8000-${String((ids += 1)).padStart(12, '0')}`,
  type,
  data,
  metadata: { n: ids },
})
const put = async (store: EventStore, stream: string, expected: number, ...types: readonly string[]) => {
  const appended = await store.append(
    stream,
    expected,
    types.map((type) => event(type, { type })),
  )()
  expect(isRight(appended) && appended.right.type).toBe('Written')
}
const all = async (store: EventStore) => {
  const slice = await store.readAll({ filter: OUR_STREAMS, most: 5000 })()
  if (isLeft(slice)) throw new Error(slice.left.type)
  return slice.right.events
    .filter(({ stream }) => stream !== 'epoch')
    .map(({ stream, revision, id, type, data, metadata }) => ({ stream, revision, id, type, data, metadata }))
}
const source = async () => {
  const from = memoryStore()
  await put(from, 'accessPool-p1', NO_STREAM, 'A', 'B')
  await put(from, 'charger-c1', NO_STREAM, 'C')
  await put(from, 'accessPool-p1', 1, 'D')
  await put(from, 'skips', NO_STREAM, 'E')
  await put(from, 'other-x', NO_STREAM, 'F')
  return from
}

describe('copying a history', () => {
  it('gives the other store the same events, at the same revisions, in the same order', async () => {
    const from = await source()
    const to = memoryStore()
    expect(await copyHistory(from, to)()).toEqual({ _tag: 'Right', right: { events: 5, streams: 3 } })
    expect(await all(to)).toEqual(await all(from))
  })

  it('goes on where it stopped, and copies what came since', async () => {
    const from = await source()
    const to = memoryStore()
    await put(to, 'epoch', 0, 'X')
    await copyHistory(from, to)()
    await put(from, 'skips', 0, 'G')
    expect(isRight(await copyHistory(from, to)())).toBe(true)
    expect(await all(to)).toEqual(await all(from))
  })

  it('stops where the other store holds something else, and says where', async () => {
    const from = await source()
    const to = memoryStore()
    await put(to, 'charger-c1', NO_STREAM, 'other')
    expect(await copyHistory(from, to)()).toEqual({
      _tag: 'Left',
      left: { type: 'Differs', stream: 'charger-c1', revision: 0, actual: 0 },
    })
  })

  it('gives no meaning to an event that has none', async () => {
    const from = memoryStore()
    const body = {
      schemaVersion: 1,
      actor: { type: 'Operator', id: 'o' },
      occurredAt: '2025-01-01T00:00:00.000Z',
      $correlationId: 'c',
      $causationId: 'c',
    }
    const damaged = {
      id: event('x', {}).id,
      type: 'FreeVendEnabled',
      data: '{"cut',
      metadata: JSON.stringify(body),
    }
    await from.appendRaw('accessPool-p9', NO_STREAM, [damaged])()
    const to = memoryStore()
    expect(isRight(await copyHistory(from, to)())).toBe(true)
    const slice = await to.readStream('accessPool-p9', 0, 1)()
    if (isLeft(slice)) throw new Error(slice.left.type)
    const [copied] = slice.right.events
    expect(copied).toMatchObject({ data: { undecodable: '{"cut' }, metadata: { undecodable: body } })
    expect(copied === undefined ? undefined : decodePoolEvent(copied).type).toBe('Malformed')
  })
})
