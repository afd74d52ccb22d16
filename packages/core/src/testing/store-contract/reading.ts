/** Reading a stream, and reading all. */
import { deepStrictEqual, ok } from 'node:assert/strict'
import { comparePositions } from '../../domain/event/position'
import { systemRuntime } from '../../domain/runtime'
import { NO_STREAM } from '../../store/event-store'
import { type Chapter, event, events, fresh, got, idsOf, markHere, only, readOn, written } from './subject'

export const readingStreams: Chapter = {
  'an event comes back as it was written, with its place and the time of its storing': async ({ store }) => {
    const stream = `${fresh()}-1`
    const appended = {
      ...event({ a: [1, { b: null }], c: 'd' }, 'Named'),
      metadata: { schemaVersion: 3, x: [true] },
    }
    const before = systemRuntime.now()
    const { position } = await written(store, stream, NO_STREAM, [appended])
    const [read] = (await got(store.readStream(stream, 0, 10))).events
    const storedAt = read?.storedAt ?? 0
    deepStrictEqual(read, { ...appended, stream, revision: 0, position, storedAt })
    // The store's clock may be another machine's.
    ok(Number.isSafeInteger(storedAt) && Math.abs(storedAt - before) < 60_000, `stored at ${storedAt}`)
  },

  'a stream is read forward from any revision, a page at a time': async ({ store }) => {
    const stream = `${fresh()}-1`
    const appended = events(7)
    await written(store, stream, NO_STREAM, appended)
    const pages = []
    for (let from = 0, end = false; !end; from += 3) {
      const slice = await got(store.readStream(stream, from, 3))
      pages.push(idsOf(slice.events))
      end = slice.end
    }
    const ids = idsOf(appended)
    deepStrictEqual(pages, [ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)])
    deepStrictEqual(
      (await got(store.readStream(stream, 4, 2))).events.map(({ revision }) => revision),
      [4, 5],
    )
  },

  'a read tells its end also where the page is just full': async ({ store }) => {
    const stream = `${fresh()}-1`
    await written(store, stream, NO_STREAM, events(4))
    deepStrictEqual((await got(store.readStream(stream, 0, 3))).end, false)
    deepStrictEqual((await got(store.readStream(stream, 0, 4))).end, true)
    deepStrictEqual((await got(store.readBackward(stream, 4))).end, true)
    deepStrictEqual((await got(store.readBackward(stream, 3))).end, false)
  },

  'a stream is read backward from its end, newest first': async ({ store }) => {
    const stream = `${fresh()}-1`
    await written(store, stream, NO_STREAM, events(5))
    const slice = await got(store.readBackward(stream, 3))
    deepStrictEqual(
      slice.events.map(({ revision }) => revision),
      [4, 3, 2],
    )
  },

  'past its end a stream is empty, and so is one that does not exist': async ({ store }) => {
    const stream = `${fresh()}-1`
    await written(store, stream, NO_STREAM, events(2))
    const nothing = { events: [], end: true }
    deepStrictEqual(await got(store.readStream(stream, 2, 10)), nothing)
    deepStrictEqual(await got(store.readStream(stream, 99, 10)), nothing)
    deepStrictEqual(await got(store.readStream(`${stream}2`, 0, 10)), nothing)
    deepStrictEqual(await got(store.readBackward(`${stream}2`, 10)), nothing)
  },

  'streams whose names begin alike, or differ in case only, are not taken for each other': async ({
    store,
  }) => {
    const category = fresh()
    for (const name of ['a', 'A', 'a ', 'aa', 'a%', 'a_', 'ä', 'a\u0308'])
      await written(store, `${category}-${name}`, NO_STREAM, [event({ name })])
    for (const name of ['a', 'A', 'a ', 'aa', 'a%', 'a_', 'ä', 'a\u0308']) {
      const slice = await got(store.readStream(`${category}-${name}`, 0, 10))
      deepStrictEqual(
        slice.events.map(({ data }) => data),
        [{ name }],
      )
    }
  },

  'a reader may change what it was given, and the next one sees nothing of it': async ({ store }) => {
    const stream = `${fresh()}-1`
    await written(store, stream, NO_STREAM, [event({ list: [1] })])
    const [first] = (await got(store.readStream(stream, 0, 1))).events
    if (typeof first?.data === 'object' && first.data !== null) Object.assign(first.data, { list: 'changed' })
    deepStrictEqual((await got(store.readStream(stream, 0, 1))).events[0]?.data, { list: [1] })
  },

  'a body that cannot be decoded comes back as its text, and its neighbours as they are': async ({
    store,
    appendRaw,
  }) => {
    const stream = `${fresh()}-1`
    await written(store, stream, NO_STREAM, [event({ number: 0 })])
    const { id, type } = event()
    await appendRaw(stream, [{ id, type, data: '{"number": 1', metadata: '\u0001 no JSON' }])
    await written(store, stream, 1, [event({ number: 2 })])
    const read = (await got(store.readStream(stream, 0, 10))).events
    deepStrictEqual(
      read.map(({ data }) => data),
      [{ number: 0 }, '{"number": 1', { number: 2 }],
    )
    deepStrictEqual(read[1]?.metadata, '\u0001 no JSON')
    deepStrictEqual([read[1]?.id, read[1]?.type, read[1]?.revision], [id, type, 1])
  },
}

export const readingAll: Chapter = {
  'all events have one order, in which each append stands together': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        written(store, `${category}-${number}`, NO_STREAM, events(3)),
      ),
    )
    const all = await readOn(store, only(category), after)
    deepStrictEqual(all.length, 60)
    all.forEach((read, index) => {
      const next = all[index + 1]
      if (next !== undefined) ok(comparePositions(read.position, next.position) < 0)
      deepStrictEqual(read.revision, index % 3)
      deepStrictEqual(read.stream, all[index - (index % 3)]?.stream)
    })
  },

  'all is read from after a position, in pages of any size, with no gap and no repeat': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    const appended = events(11)
    for (const [number, one] of appended.entries()) {
      await written(store, `${category}-${number % 4}`, Math.floor(number / 4) - 1, [one])
      await written(store, `${fresh()}-other`, NO_STREAM, events(1))
    }
    for (const most of [1, 2, 5, 11, 100])
      deepStrictEqual(idsOf(await readOn(store, only(category), after, most)), idsOf(appended))
    const [third] = (await readOn(store, only(category), after)).slice(2)
    deepStrictEqual(idsOf(await readOn(store, only(category), third?.position)), idsOf(appended.slice(3)))
  },

  'all is read from its beginning where no position is given': async ({ store }) => {
    const category = fresh()
    const appended = events(3)
    await written(store, `${category}-1`, NO_STREAM, appended)
    deepStrictEqual(idsOf(await readOn(store, only(category), undefined, 1000)), idsOf(appended))
  },

  'at the end nothing comes, and the position stays one to read on from': async ({ store }) => {
    const category = fresh()
    const { position } = await written(store, `${category}-1`, NO_STREAM, events(1))
    const slice = await got(store.readAll({ after: position, filter: only(category), most: 10 }))
    deepStrictEqual([slice.events, slice.end], [[], true])
    const [next] = events(1)
    if (next !== undefined) await written(store, `${category}-1`, 0, [next])
    deepStrictEqual(idsOf(await readOn(store, only(category), slice.position)), [next?.id])
  },

  'a filter takes its categories and names, and not their namesakes': async ({ store }) => {
    const [word, after] = [fresh(), await markHere(store)]
    const streams = [
      `${word}-1`,
      `${word}X-1`,
      `${word}`,
      `x${word}-1`,
      `${word}alone`,
      `${word}alone-2`,
      `${word}-1-2`,
    ]
    for (const stream of streams) await written(store, stream, NO_STREAM, [event({ stream })])
    const taken = async (categories: string[], names: string[]): Promise<unknown[]> =>
      (await readOn(store, { categories, names }, after, 3)).map(({ stream }) => stream)
    deepStrictEqual(await taken([word], []), [`${word}-1`, `${word}-1-2`])
    deepStrictEqual(await taken([], [`${word}alone`]), [`${word}alone`])
    deepStrictEqual(await taken([word, `${word}X`], [word]), [`${word}-1`, `${word}X-1`, word, `${word}-1-2`])
    deepStrictEqual(await taken([`${word}X`], [`${word}-1-2`]), [`${word}X-1`, `${word}-1-2`])
    deepStrictEqual(await taken([], []), [])
  },

  'many events of others between ours are passed over': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    const ours = events(3)
    for (const [number, one] of ours.entries()) {
      await written(store, `${category}-1`, number - 1, [one])
      await written(store, `${fresh()}-1`, NO_STREAM, events(400))
    }
    deepStrictEqual(idsOf(await readOn(store, only(category), after, 2)), idsOf(ours))
  },
}
