import { comparePositions, type EventStore, OUR_STREAMS } from '@access-pools/core'
import { errorOf, event, events, fresh, got, only, take, untilError, written } from './events'
import { answerAgain, counts, drop, kill, stopAnswering, tell } from './protocol-server/control'
import { open, serverForTests } from './subject'
import { eventually } from './waiting'

const history = async (store: EventStore, stream: string, count: number): Promise<void> => {
  for (let from = 0; from < count; from += 500)
    await written(store, stream, from - 1, events(Math.min(500, count - from), from))
}

describe('Subscriptions', () => {
  const server = serverForTests()
  const stores: EventStore[] = []
  const opened = async (): Promise<EventStore> => {
    const store = await open({ url: server.url() })
    stores.push(store)
    return store
  }
  afterEach(async () => {
    answerAgain(server.get())
    await tell(server.get(), { silent: false })
    for (const store of stores.splice(0)) await store.close()
  })

  test('a drop is told once, after what came before it; read on from there nothing is missing', async () => {
    const store = await opened()
    const category = fresh()
    await history(store, `${category}-1`, 60)
    const subscription = await got(store.subscribe({ filter: only(category), most: 7 }))
    const first = await take(subscription, 14)
    expect(await drop(server.get())).toBe(1)
    const { events: rest, error } = await untilError(subscription)
    expect(error.type).toBe('Unavailable')
    expect(await errorOf(subscription.next)).toEqual({ type: 'Closed' })
    const handled = [...first, ...rest]
    const again = await got(
      store.subscribe({ after: handled.at(-1)?.position, filter: only(category), most: 50 }),
    )
    handled.push(...(handled.length < 60 ? await take(again, 60 - handled.length) : []))
    expect(handled.map(({ revision }) => revision)).toEqual(Array.from({ length: 60 }, (_, n) => n))
    await again.cancel()
  })

  test('no place is handed over before the events that precede it, however slow the reader is', async () => {
    const store = await opened()
    const [category, other] = [fresh(), fresh()]
    for (let round = 0; round < 6; round += 1) {
      await written(store, `${category}-1`, round * 10 - 1, events(10, round * 10))
      await history(store, `${other}-${round}`, 600)
    }
    const subscription = await got(store.subscribe({ filter: only(category), most: 3 }))
    const seen: number[] = []
    while (seen.length < 60) {
      const delivery = await got(subscription.next)
      seen.push(...delivery.events.map(({ revision }) => revision))
      const rest = await got(store.readAll({ after: delivery.position, filter: only(category), most: 100 }))
      expect(rest.events.map(({ revision }) => revision)[0] ?? 60).toBe(seen.length)
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, n) => n))
    await subscription.cancel()
  })

  test('a checkpoint that is no event’s place is given back, and what follows it comes', async () => {
    const store = await opened()
    const [category, other] = [fresh(), fresh()]
    const { position: start } = await written(store, `${other}-0`, -1, events(1))
    const subscription = await got(store.subscribe({ after: start, filter: only(category), most: 10 }))
    await history(store, `${other}-1`, 2_000)
    let position = start
    while (position.prepare === position.commit) position = (await got(subscription.next)).position
    expect(comparePositions(position, start)).toBeGreaterThan(0)
    await subscription.cancel()
    const again = await got(store.subscribe({ after: position, filter: only(category), most: 10 }))
    await written(store, `${category}-1`, -1, events(2))
    expect(await take(again, 2)).toHaveLength(2)
    await again.cancel()
  })

  test('one that nobody asks holds a bounded number of events', async () => {
    const store = await opened()
    const category = fresh()
    await history(store, `${category}-1`, 6_000)
    const before = (await counts(server.get())).sent
    const subscription = await got(store.subscribe({ filter: only(category), most: 50 }))
    expect((await got(subscription.next)).events.length).toBeLessThanOrEqual(50)
    let sent = 0
    await eventually(async () => {
      const now = (await counts(server.get())).sent - before
      const still = now === sent
      sent = now
      await new Promise((resolve) => setTimeout(resolve, 100))
      return still
    })
    expect(sent).toBeLessThan(3_000)
    expect(await take(subscription, 5_950)).toHaveLength(5_950)
    await subscription.cancel()
  })

  test('1,000 rounds of subscribing and cancelling leave nothing open', async () => {
    const store = await opened()
    const category = fresh()
    const { position: after } = await written(store, `${fresh()}-1`, -1, events(1))
    await written(store, `${category}-1`, -1, events(5))
    const round = async (number: number): Promise<void> => {
      const subscription = await got(store.subscribe({ after, filter: only(category), most: 10 }))
      if (number % 2 === 0) await take(subscription, 5)
      const waiting = number % 3 === 0 ? subscription.next() : undefined
      await subscription.cancel()
      await waiting
    }
    await round(0)
    const quiet = async () => (await counts(server.get())).subscriptions === 0
    await eventually(quiet)
    const before = process.getActiveResourcesInfo().length
    for (let number = 0; number < 1_000; number += 1) await round(number)
    await eventually(quiet)
    await eventually(() => process.getActiveResourcesInfo().length <= before + 2)
  }, 120_000)

  test('one whose server stops answering is not waited for when it is cancelled', async () => {
    const store = await opened()
    const subscription = await got(store.subscribe({ filter: only(fresh()), most: 10 }))
    const waiting = subscription.next()
    await got(store.head(OUR_STREAMS))
    stopAnswering(server.get())
    await subscription.cancel()
    await store.close()
    expect(['Left', 'Right']).toContain((await waiting)._tag)
  })

  test('one that delivers nothing of what is there ends with an error', async () => {
    const store = await opened()
    const category = fresh()
    const { position } = await written(store, `${fresh()}-1`, -1, events(1))
    await tell(server.get(), { silent: true })
    const subscription = await got(store.subscribe({ after: position, filter: only(category), most: 10 }))
    await written(store, `${category}-1`, -1, events(1))
    const { events: seen, error } = await untilError(subscription)
    expect([seen, error.type]).toEqual([[], 'Unavailable'])
  })

  test('the server’s death is told, and the same store subscribes again when it is back', async () => {
    const store = await opened()
    const category = fresh()
    await written(store, `${category}-1`, -1, events(3))
    const subscription = await got(store.subscribe({ filter: only(category), most: 10 }))
    const handled = await take(subscription, 3)
    await kill(server.get())
    expect((await untilError(subscription)).error.type).toBe('Unavailable')
    await server.restart()
    await eventually(async () => (await store.readStream(`${category}-1`, 0, 1)())._tag === 'Right')
    const again = await got(
      store.subscribe({ after: handled.at(-1)?.position, filter: only(category), most: 10 }),
    )
    await written(store, `${category}-1`, 2, [event({ number: 3 })])
    expect((await take(again, 1))[0]?.revision).toBe(3)
    await again.cancel()
  })

  test('our streams are taken, and none of their namesakes', async () => {
    const store = await opened()
    const id = fresh()
    const { position: after } = await written(store, `${fresh()}-1`, -1, events(1))
    const ours = [`accessPool-${id}`, `charger-${id}`, `identity-${id}`, 'partners', 'skips']
    const namesakes = [
      ...[`accessPool${id}`, `accessPools-${id}`, `xcharger-${id}`, `identity_${id}`, `ACCESSPOOL-${id}`],
      ...['partners-1', 'skips\n', 'epochs', 'myskips', `accessPoolsCheckpoint-${id}`],
    ]
    for (const stream of [...namesakes, ...ours]) {
      const last = (await got(store.readBackward(stream, 1))).events[0]?.revision ?? -1
      await written(store, stream, last, events(1))
    }
    const subscription = await got(store.subscribe({ after, filter: OUR_STREAMS, most: 10 }))
    expect((await take(subscription, ours.length)).map(({ stream }) => stream)).toEqual(ours)
    const slice = await got(store.readAll({ after, filter: OUR_STREAMS, most: 100 }))
    expect(slice.events.map(({ stream }) => stream)).toEqual(ours)
    await subscription.cancel()
  })
})
