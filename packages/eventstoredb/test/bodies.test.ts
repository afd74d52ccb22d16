import { EventStoreDBClient, binaryEvent } from '@eventstore/db-client'
import type { EventStore } from '@access-pools/core'
import { errorOf, events, fresh, got, written } from './events'
import { open, serverForTests } from './subject'

describe('What others did to streams', () => {
  const server = serverForTests()
  let store: EventStore
  let client: EventStoreDBClient
  beforeAll(async () => {
    store = await open({ url: server.url() })
    client = EventStoreDBClient.connectionString(server.url())
  })
  afterAll(async () => {
    await client.dispose()
    await store.close()
  })

  test('a binary body comes back as its text, and none as an empty one', async () => {
    const stream = `${fresh()}-1`
    const metadata = Buffer.from([0xff, 0x7b])
    await client.appendToStream(stream, [
      binaryEvent({ type: 'B', data: Buffer.from('{"a":1}'), metadata }),
      binaryEvent({ type: 'B', data: Buffer.from('') }),
    ])
    const read = (await got(store.readStream(stream, 0, 10))).events
    expect(read.map(({ data, metadata }) => [data, metadata])).toEqual([
      ['{"a":1}', '\ufffd{'],
      ['', ''],
    ])
  })

  test('a soft-deleted stream is empty, and goes on numbering', async () => {
    const stream = `${fresh()}-1`
    await written(store, stream, -1, events(3))
    await client.deleteStream(stream)
    expect(await got(store.readStream(stream, 0, 10))).toEqual({ events: [], end: true })
    expect((await written(store, stream, -1, events(1))).revision).toBe(3)
  })

  test('a tombstoned stream is damage, to those who read and to those who write', async () => {
    const stream = `${fresh()}-1`
    await written(store, stream, -1, events(1))
    await client.tombstoneStream(stream)
    const damaged = { type: 'NotUsable', kind: 'Damaged' }
    expect(await errorOf(store.readStream(stream, 0, 10))).toMatchObject(damaged)
    expect(await errorOf(store.append(stream, 0, events(1)))).toMatchObject(damaged)
  })

  test('a checkpoint leaves one event in its stream, however often it is saved', async () => {
    const name = fresh()
    for (let at = 0; at < 5; at += 1)
      expect(await got(store.saveCheckpoint(name, { at }, at - 1))).toEqual({ type: 'Saved', revision: at })
    const stream = `accessPoolsCheckpoint-${name}`
    expect((await client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 1 })
    expect((await got(store.readStream(stream, 0, 10))).events.map(({ data }) => data)).toEqual([{ at: 4 }])
    expect(await got(store.loadCheckpoint(name))).toEqual({ data: { at: 4 }, revision: 4 })
  })
})
