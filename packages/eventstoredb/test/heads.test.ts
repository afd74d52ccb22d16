import { comparePositions, type EventStore, type Position } from '@access-pools/core'
import { errorOf, events, fresh, got, only, written } from './events'
import { answerAgain, counts, stopAnswering } from './protocol-server/control'
import { open, serverForTests } from './subject'

describe('The head, beside thousands of events of others', () => {
  const server = serverForTests()
  let store: EventStore
  beforeAll(async () => {
    store = await open({ url: server.url(), readTimeout: 500 })
  })
  afterAll(() => store.close())

  const others = async (count: number): Promise<Position> => {
    const stream = `${fresh()}-1`
    for (let from = 500; from < count; from += 500)
      await written(store, stream, from - 501, events(500, from))
    return (await written(store, stream, count - 501, events(500))).position
  }

  /** Events that the server sent for one asking. */
  const costOf = async (ask: () => Promise<unknown>): Promise<number> => {
    const before = (await counts(server.get())).sent
    await ask()
    return (await counts(server.get())).sent - before
  }

  test('what an earlier asking has seen is not read again, whether or not there was one of ours', async () => {
    const category = fresh()
    const { position } = await written(store, `${category}-1`, -1, events(2))
    await others(3_000)
    for (const filter of [only(category), only(fresh())]) {
      const expected = filter.categories[0] === category ? position : undefined
      expect(await got(store.head(filter))).toEqual(expected)
      await others(500)
      const cost = await costOf(async () => expect(await got(store.head(filter))).toEqual(expected))
      expect(cost).toBeLessThan(1_200)
      expect(await costOf(() => store.head(filter)())).toBeLessThan(50)
    }
    const { position: next } = await written(store, `${category}-1`, 1, events(1))
    expect(await got(store.head(only(category)))).toEqual(next)
  })

  test('nothing is read below what was handled', async () => {
    const category = fresh()
    await others(2_000)
    const { position } = await written(store, `${fresh()}-1`, -1, events(1))
    expect(await costOf(() => store.head(only(category), position)())).toBeLessThan(50)
  })

  test('a subscription that waits moves past all that is not ours, so that the head costs nothing', async () => {
    const category = fresh()
    const { position: start } = await written(store, `${fresh()}-1`, -1, events(1))
    const subscription = await got(store.subscribe({ after: start, filter: only(category), most: 10 }))
    const last = await others(2_000)
    let position = start
    while (comparePositions(position, last) < 0) position = (await got(subscription.next)).position
    expect(await costOf(() => store.head(only(category), position)())).toBeLessThan(50)
    await subscription.cancel()
  })

  test('a server that does not answer gives none', async () => {
    stopAnswering(server.get())
    const error = await errorOf(store.head(only(fresh())))
    answerAgain(server.get())
    expect(error.type).toBe('Unavailable')
  })
})
