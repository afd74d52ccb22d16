/** Appending: at the revision expected or not at all, and the same append twice is the same append. */
import { deepStrictEqual, ok } from 'node:assert/strict'
import { comparePositions } from '../../domain/event/position'
import { NO_STREAM } from '../../store/event-store'
import { type Chapter, conflict, event, events, fresh, got, idsOf, written } from './subject'

export const appending: Chapter = {
  'a first append begins its stream at revision 0': async ({ store }) => {
    const stream = `${fresh()}-1`
    const first = await written(store, stream, NO_STREAM, events(1))
    deepStrictEqual(first.revision, 0)
    deepStrictEqual(first.position.epoch, store.epoch)
  },

  'an append of several events answers with the revision and position of the last': async ({ store }) => {
    const stream = `${fresh()}-1`
    await written(store, stream, NO_STREAM, events(2))
    const second = await written(store, stream, 1, events(3))
    const [last] = (await got(store.readBackward(stream, 1))).events
    deepStrictEqual([second.revision, second.position], [4, last?.position])
  },

  'an append where there is a stream already is a conflict that tells where it stands': async ({ store }) => {
    const stream = `${fresh()}-1`
    await written(store, stream, NO_STREAM, events(2))
    await conflict(store, stream, NO_STREAM, events(1), 1)
  },

  'an append behind, or ahead of, where its stream stands is a conflict, and writes nothing': async ({
    store,
  }) => {
    const stream = `${fresh()}-1`
    const first = events(3)
    await written(store, stream, NO_STREAM, first)
    await conflict(store, stream, 1, events(2), 2)
    await conflict(store, stream, 3, events(2), 2)
    await conflict(store, `${stream}2`, 0, events(1), NO_STREAM)
    deepStrictEqual(idsOf((await got(store.readStream(stream, 0, 10))).events), idsOf(first))
    deepStrictEqual((await got(store.readStream(`${stream}2`, 0, 10))).events, [])
  },

  'of several appends at one revision at once exactly one is written': async ({ store, reopen }) => {
    const stream = `${fresh()}-1`
    const other = await reopen()
    const rivals = Array.from({ length: 12 }, (_, number) => event({ number }))
    const results = await Promise.all(
      rivals.map((rival, number) =>
        got((number % 2 === 0 ? store : other).append(stream, NO_STREAM, [rival])),
      ),
    )
    deepStrictEqual(results.filter(({ type }) => type === 'Written').length, 1)
    for (const result of results) if (result.type === 'Conflict') deepStrictEqual(result.actual, 0)
  },

  'appends at once to many streams are all written, each at its own revision': async ({ store }) => {
    const category = fresh()
    const appends = Array.from({ length: 60 }, (_, number) =>
      written(store, `${category}-${number}`, NO_STREAM, events(1 + (number % 3))),
    )
    const results = await Promise.all(appends)
    deepStrictEqual(
      results.map(({ revision }) => revision),
      results.map((_, number) => number % 3),
    )
    ok(new Set(results.map(({ position }) => position.commit)).size === results.length)
  },

  'a conflict among appends made at once touches none of the others': async ({ store }) => {
    const category = fresh()
    await written(store, `${category}-taken`, NO_STREAM, events(1))
    const answers = await Promise.all([
      got(store.append(`${category}-a`, NO_STREAM, events(2))),
      got(store.append(`${category}-taken`, NO_STREAM, events(1))),
      got(store.append(`${category}-b`, NO_STREAM, events(1))),
    ])
    deepStrictEqual(
      answers.map((answer) =>
        answer.type === 'Written' ? answer.revision : `conflict with ${answer.actual}`,
      ),
      [1, 'conflict with 0', 0],
    )
  },

  'appends that follow each other without waiting build on each other': async ({ store }) => {
    const stream = `${fresh()}-1`
    const answers = await Promise.all(
      [0, 1, 2].map((number) => written(store, stream, number - 1, events(1))),
    )
    deepStrictEqual(
      answers.map(({ revision }) => revision),
      [0, 1, 2],
    )
  },
}

export const repeating: Chapter = {
  'the same append again answers as the first time': async ({ store }) => {
    const stream = `${fresh()}-1`
    const appended = events(3)
    const first = await written(store, stream, NO_STREAM, appended)
    deepStrictEqual(await written(store, stream, NO_STREAM, appended), first)
    deepStrictEqual((await got(store.readStream(stream, 0, 10))).events.length, 3)
  },

  'the same append again answers as the first time after later events, and after the store was opened again':
    async ({ store, reopen }) => {
      const stream = `${fresh()}-1`
      await written(store, stream, NO_STREAM, events(2))
      const appended = events(2)
      const first = await written(store, stream, 1, appended)
      await written(store, stream, 3, events(4))
      deepStrictEqual(await written(store, stream, 1, appended), first)
      deepStrictEqual(await written(await reopen(), stream, 1, appended), first)
      deepStrictEqual((await got(store.readStream(stream, 0, 100))).events.length, 8)
    },

  'the same append made twice at once is written once, and both are answered alike': async ({
    store,
    reopen,
  }) => {
    const stream = `${fresh()}-1`
    const appended = events(2)
    const other = await reopen()
    const [a, b, c] = await Promise.all([
      written(store, stream, NO_STREAM, appended),
      written(store, stream, NO_STREAM, appended),
      written(other, stream, NO_STREAM, appended),
    ])
    deepStrictEqual([b, c], [a, a])
    deepStrictEqual((await got(store.readStream(stream, 0, 10))).events.length, 2)
  },

  'a leading part of an append is answered with its own last revision and position': async ({ store }) => {
    const stream = `${fresh()}-1`
    const appended = events(3)
    const whole = await written(store, stream, NO_STREAM, appended)
    const part = await written(store, stream, NO_STREAM, appended.slice(0, 2))
    deepStrictEqual(part.revision, 1)
    const second = (await got(store.readStream(stream, 1, 1))).events[0]
    deepStrictEqual(part.position, second?.position)
    ok(comparePositions(part.position, whole.position) < 0)
  },

  'more than what was appended is a conflict': async ({ store }) => {
    const stream = `${fresh()}-1`
    const appended = events(2)
    await written(store, stream, NO_STREAM, appended)
    await conflict(store, stream, NO_STREAM, [...appended, event()], 1)
    await written(store, stream, 1, events(1))
    await conflict(store, stream, NO_STREAM, [...appended, event()], 2)
  },

  'the same events in another order are a conflict': async ({ store }) => {
    const stream = `${fresh()}-1`
    const appended = events(2)
    await written(store, stream, NO_STREAM, appended)
    await conflict(store, stream, NO_STREAM, [...appended].reverse(), 1)
  },

  'the same events at another revision are a conflict': async ({ store }) => {
    const stream = `${fresh()}-1`
    const appended = events(3)
    await written(store, stream, NO_STREAM, appended)
    await conflict(store, stream, 0, appended.slice(0, 2), 2)
    await conflict(store, stream, 5, appended, 2)
  },

  'the same events in another stream are another append': async ({ store }) => {
    const category = fresh()
    const appended = events(2)
    await written(store, `${category}-1`, NO_STREAM, appended)
    deepStrictEqual((await written(store, `${category}-2`, NO_STREAM, appended)).revision, 1)
  },
}
