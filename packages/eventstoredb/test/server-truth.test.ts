/**
 * What is asserted of the server itself, not of our adapter: the client's own words on a protocol server, and on a
 * real one where `EVENTSTOREDB_URL` names it. One run against a real server shows whether the protocol server tells
 * the truth.
 */
import { randomUUID } from 'node:crypto'
import { EventStoreDBClient, jsonEvent, type Position, streamNameFilter } from '@eventstore/db-client'
import { appendRaw, serverForTests } from './subject'
import { fresh } from './events'
import { eventually } from './waiting'

const real = process.env['EVENTSTOREDB_URL']

const one = (data: Record<string, unknown> = {}, id = randomUUID()) =>
  jsonEvent({ id, type: 'ItHappened', data, metadata: { schemaVersion: 1 } })
const several = (count: number, data: Record<string, unknown> = {}) =>
  Array.from({ length: count }, () => one(data))

/** The error that a call rejects with. */
const errorOf = async (call: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await call
  } catch (error) {
    return error as Record<string, unknown>
  }
  throw new Error('it succeeded')
}

const truths = (url: () => string): void => {
  let client: EventStoreDBClient
  beforeAll(() => {
    client = EventStoreDBClient.connectionString(url())
  })
  afterAll(() => client.dispose())

  const read = async (stream: string, fromRevision = 0n) => {
    const all = []
    for await (const { event } of client.readStream(stream, { fromRevision })) if (event) all.push(event)
    return all
  }

  /** With the call's own credentials an append is unary. */
  const modes = [
    ['batch', {}],
    ['unary', { credentials: { username: 'admin', password: 'changeit' } }],
  ] as const

  for (const [mode, options] of modes)
    describe(`appends, ${mode}`, () => {
      test('the same ids at the same revision succeed with the first revision and position, a leading part with its own', async () => {
        const [stream, list] = [`${fresh()}-1`, several(3)]
        const first = await client.appendToStream(stream, list, { ...options, expectedRevision: 'no_stream' })
        expect([first.success, first.nextExpectedRevision]).toEqual([true, 2n])
        await client.appendToStream(stream, several(2), { ...options, expectedRevision: 2n })
        const again = await client.appendToStream(stream, list, { ...options, expectedRevision: 'no_stream' })
        expect(again).toEqual(first)
        const part = await client.appendToStream(stream, list.slice(0, 2), {
          ...options,
          expectedRevision: 'no_stream',
        })
        expect(part.nextExpectedRevision).toBe(1n)
        expect(await read(stream)).toHaveLength(5)
      })

      test('an append of several is answered with the position of its last event', async () => {
        const stream = `${fresh()}-1`
        const { position } = await client.appendToStream(stream, several(3), options)
        expect((await read(stream)).at(-1)?.position).toEqual(position)
      })

      test('a superset of the ids is a conflict', async () => {
        const [stream, list] = [`${fresh()}-1`, several(2)]
        await client.appendToStream(stream, list, { ...options, expectedRevision: 'no_stream' })
        const superset = [...list, one()]
        expect(
          await errorOf(
            client.appendToStream(stream, superset, { ...options, expectedRevision: 'no_stream' }),
          ),
        ).toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n })
      })

      test('a conflict tells the actual revision, or that there is no stream', async () => {
        const stream = `${fresh()}-1`
        expect(
          await errorOf(client.appendToStream(stream, one(), { ...options, expectedRevision: 4n })),
        ).toMatchObject({ type: 'wrong-expected-version', expectedVersion: 4n, actualVersion: 'no_stream' })
        await client.appendToStream(stream, several(3), options)
        expect(
          await errorOf(client.appendToStream(stream, one(), { ...options, expectedRevision: 0n })),
        ).toMatchObject({ type: 'wrong-expected-version', expectedVersion: 0n, actualVersion: 2n })
      })

      test('1,048,576 bytes are too much for one append', async () => {
        const stream = `${fresh()}-1`
        const fill = 'x'.repeat(300)
        expect(await errorOf(client.appendToStream(stream, several(5_000, { fill }), options))).toMatchObject(
          {
            type: 'maximum-append-size-exceeded',
          },
        )
        const passed = await client.appendToStream(
          `${stream}2`,
          several(3_000, { fill: 'x'.repeat(190) }),
          options,
        )
        expect(passed.nextExpectedRevision).toBe(2_999n)
      })

      test('types that begin with $ are taken, and a stream without a name is an unknown error', async () => {
        const type = '$ours'
        const taken = await client.appendToStream(`${fresh()}-1`, jsonEvent({ type, data: {} }), options)
        expect(taken.success).toBe(true)
        expect(await errorOf(client.appendToStream('', one(), options))).toMatchObject({ type: 'unknown' })
      })

      test('a tombstoned stream takes nothing', async () => {
        const stream = `${fresh()}-1`
        await client.appendToStream(stream, one(), options)
        await client.tombstoneStream(stream)
        expect(await errorOf(client.appendToStream(stream, one(), options))).toMatchObject({
          type: 'stream-deleted',
        })
        expect(await errorOf(read(stream))).toMatchObject({ type: 'stream-deleted' })
      })
    })

  test('a missing stream is not found', async () => {
    expect(await errorOf(read(`${fresh()}-1`))).toMatchObject({ type: 'stream-not-found' })
  })

  test('a soft-deleted stream is not found, takes "no stream" again and goes on numbering', async () => {
    const stream = `${fresh()}-1`
    await client.appendToStream(stream, several(3))
    await client.deleteStream(stream)
    expect(await errorOf(read(stream))).toMatchObject({ type: 'stream-not-found' })
    const again = await client.appendToStream(stream, one(), { expectedRevision: 'no_stream' })
    expect(again.nextExpectedRevision).toBe(3n)
    expect((await read(stream)).map(({ revision }) => revision)).toEqual([3n])
  })

  test('of a stream with $maxCount 1 the last event is read', async () => {
    const stream = `${fresh()}-1`
    await client.setStreamMetadata(stream, { maxCount: 1 })
    await client.appendToStream(stream, several(3))
    expect((await read(stream)).map(({ revision }) => revision)).toEqual([2n])
  })

  test('a body that is marked JSON and does not parse arrives as a string', async () => {
    const stream = `${fresh()}-1`
    await appendRaw(url(), stream, [{ id: randomUUID(), type: 'X', data: '{"a": 1', metadata: '{}' }])
    const [event] = await read(stream)
    expect([event?.isJson, event?.data]).toEqual([true, '{"a": 1'])
  })

  test('each event has a position of its own, commit and prepare the same; a read begins at its place', async () => {
    const stream = `${fresh()}-1`
    await client.appendToStream(stream, several(3))
    const list = await read(stream)
    for (const { position } of list) expect(position?.commit).toBe(position?.prepare)
    expect(new Set(list.map(({ position }) => position?.commit)).size).toBe(3)
    const from = list[1]?.position ?? { commit: 0n, prepare: 0n }
    const seen = []
    for await (const { event } of client.readAll({ fromPosition: from, maxCount: 2 })) seen.push(event?.id)
    expect(seen).toEqual(list.slice(1).map(({ id }) => id))
  })

  test('a position that is no record’s start is an unknown error', async () => {
    const stream = `${fresh()}-1`
    const { position } = await client.appendToStream(stream, several(2))
    const odd = { commit: (position?.commit ?? 0n) - 7n, prepare: (position?.prepare ?? 0n) - 7n }
    const all = async () => {
      for await (const { event } of client.readAll({ fromPosition: odd, maxCount: 1 })) void event
    }
    expect(await errorOf(all())).toMatchObject({ type: 'unknown' })
  })

  test('a subscription begins after its place, and tells when it has caught up before all was consumed', async () => {
    const category = fresh()
    const { position } = await client.appendToStream(`${category}-1`, one())
    await client.appendToStream(`${category}-1`, several(60))
    const subscription = client.subscribeToAll({
      ...(position === undefined ? {} : { fromPosition: position }),
      filter: streamNameFilter({ regex: `^${category}-` }),
    })
    const seen: bigint[] = []
    let seenWhenCaughtUp = -1
    subscription.on('caughtUp', () => (seenWhenCaughtUp = seen.length))
    for await (const { event } of subscription) {
      seen.push(event?.revision ?? -1n)
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (seen.length === 60) break
    }
    await subscription.unsubscribe()
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => BigInt(index + 1)))
    expect(seenWhenCaughtUp).toBeLessThan(60)
  })

  test('checkpoints come with another prepare, and given back as they are nothing is missing', async () => {
    const [category, other] = [fresh(), fresh()]
    const { position: start } = await client.appendToStream(`${other}-0`, one())
    const checkpoints: Position[] = []
    const subscribe = (fromPosition: Position) =>
      client.subscribeToAll({
        fromPosition,
        filter: streamNameFilter({
          regex: `^${category}-`,
          checkpointReached: (_, position) => void checkpoints.push(position),
        }),
      })
    if (start === undefined) throw new Error('an append without a position')
    const first = subscribe(start).on('data', () => undefined)
    await client.appendToStream(`${other}-1`, several(200))
    await eventually(() => checkpoints.length > 0)
    await first.unsubscribe()
    const checkpoint = checkpoints.at(-1) ?? start
    expect(checkpoint.prepare).not.toBe(checkpoint.commit)
    await client.appendToStream(`${category}-1`, one())
    const second = subscribe(checkpoint)
    const came = new Promise((resolve) => second.once('data', resolve))
    await came
    await second.unsubscribe()
  })
}

describe('The protocol server', () => {
  const server = serverForTests()
  truths(server.url)
})

if (real !== undefined) describe('The server at EVENTSTOREDB_URL', () => truths(() => real))
