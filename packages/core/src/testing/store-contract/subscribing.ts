/** Subscriptions: from history to what comes live, each event once, and no faster than they are asked. */
import { deepStrictEqual, ok } from 'node:assert/strict'
import { comparePositions } from '../../domain/event/position'
import { type EventStore, NO_STREAM } from '../../store/event-store'
import {
  type Chapter,
  errorOf,
  events,
  fresh,
  got,
  idsOf,
  markHere,
  only,
  readOn,
  take,
  within,
  written,
} from './subject'

/** Appends one after the other, as one of several writers. */
const writeMany = async (store: EventStore, stream: string, appends: number, each: number): Promise<void> => {
  for (let number = 0; number < appends; number += 1)
    await written(store, stream, number * each - 1, events(each, number * each))
}

export const subscribing: Chapter = {
  'a subscription goes from history to live with no gap and no repeat while several writers append': async ({
    store,
    reopen,
  }) => {
    const [category, after, other] = [fresh(), await markHere(store), await reopen()]
    await writeMany(store, `${category}-history`, 10, 3)
    const subscription = await got(store.subscribe({ after, filter: only(category), most: 7 }))
    const writing = Promise.all([
      writeMany(store, `${category}-a`, 40, 1),
      writeMany(store, `${category}-b`, 20, 2),
      writeMany(other, `${category}-c`, 20, 3),
    ])
    const seen = await take(subscription, 170)
    await within(writing)
    deepStrictEqual(idsOf(seen), idsOf(await readOn(store, only(category), after)))
    await subscription.cancel()
  },

  'a subscription without a position begins with the first event': async ({ store }) => {
    const category = fresh()
    const appended = events(5)
    await written(store, `${category}-1`, NO_STREAM, appended)
    const subscription = await got(store.subscribe({ filter: only(category), most: 100 }))
    deepStrictEqual(idsOf(await take(subscription, 5)), idsOf(appended))
    await subscription.cancel()
  },

  'an append wakes a subscription that waits, whoever wrote it': async ({ store, reopen }) => {
    const [category, after, other] = [fresh(), await markHere(store), await reopen()]
    const subscription = await got(store.subscribe({ after, filter: only(category), most: 10 }))
    for (const [number, writer] of [store, other, store].entries()) {
      const waiting = take(subscription, 1)
      const [one] = events(1)
      if (one !== undefined) await written(writer, `${category}-1`, number - 1, [one])
      deepStrictEqual(idsOf(await within(waiting)), [one?.id])
    }
    await subscription.cancel()
  },

  'a delivery holds at most what was asked for, and its position reads on after it': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    const appended = events(10)
    await written(store, `${category}-1`, NO_STREAM, appended)
    const subscription = await got(store.subscribe({ after, filter: only(category), most: 4 }))
    let seen = 0
    while (seen < 10) {
      const delivery = await got(subscription.next)
      ok(delivery.events.length <= 4)
      seen += delivery.events.length
      const rest = await readOn(store, only(category), delivery.position)
      deepStrictEqual(idsOf(rest), idsOf(appended.slice(seen)))
    }
    await subscription.cancel()
  },

  'the position of a subscription moves past the events of others': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    const subscription = await got(store.subscribe({ after, filter: only(category), most: 10 }))
    const others = await written(store, `${fresh()}-1`, NO_STREAM, events(3))
    let position = after
    while (comparePositions(position, others.position) < 0) {
      const delivery = await got(subscription.next)
      deepStrictEqual(delivery.events, [])
      ok(comparePositions(delivery.position, position) > 0)
      position = delivery.position
    }
    const appended = events(1)
    await written(store, `${category}-1`, NO_STREAM, appended)
    deepStrictEqual(idsOf(await take(subscription, 1)), idsOf(appended))
    const resumed = await got(store.subscribe({ after: position, filter: only(category), most: 10 }))
    deepStrictEqual(idsOf(await take(resumed, 1)), idsOf(appended))
    await Promise.all([subscription.cancel(), resumed.cancel()])
  },

  'a subscription that is not asked holds nobody up, and misses nothing': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    const slow = await got(store.subscribe({ after, filter: only(category), most: 50 }))
    await writeMany(store, `${category}-1`, 12, 100)
    const first = await got(slow.next)
    ok(first.events.length <= 50)
    const rest = await take(slow, 1200 - first.events.length)
    deepStrictEqual(
      [...first.events, ...rest].map(({ revision }) => revision),
      Array.from({ length: 1200 }, (_, revision) => revision),
    )
    await slow.cancel()
  },

  'subscriptions are independent of each other': async ({ store }) => {
    const [a, b, after] = [fresh(), fresh(), await markHere(store)]
    const filters = [only(a), only(b), only(a, b), only(a)]
    const subscriptions = await Promise.all(
      filters.map((filter) => got(store.subscribe({ after, filter, most: 3 }))),
    )
    await Promise.all([writeMany(store, `${a}-1`, 5, 2), writeMany(store, `${b}-1`, 5, 2)])
    const [first, ...others] = subscriptions
    deepStrictEqual(first === undefined ? 0 : (await take(first, 4)).length >= 4, true)
    await first?.cancel()
    const seen = await Promise.all(others.map((one, number) => take(one, number === 1 ? 20 : 10)))
    for (const [number, list] of seen.entries()) {
      const filter = filters[number + 1] ?? only()
      deepStrictEqual(idsOf(list), idsOf(await readOn(store, filter, after)))
    }
    await Promise.all(others.map((one) => one.cancel()))
  },

  'cancelling ends a wait, again is nothing, and nothing comes after it': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    const subscription = await got(store.subscribe({ after, filter: only(category), most: 3 }))
    const waiting = errorOf(async () => {
      for (;;) {
        const next = await subscription.next()
        if (next._tag === 'Left') return next
      }
    })
    await subscription.cancel()
    await subscription.cancel()
    deepStrictEqual(await waiting, { type: 'Closed' })
    await written(store, `${category}-1`, NO_STREAM, events(1))
    deepStrictEqual(await errorOf(subscription.next), { type: 'Closed' })
  },
}
