/** Positions, heads and checkpoints: what readers keep, and give back. */
import { deepStrictEqual, ok } from 'node:assert/strict'
import { isRight } from 'fp-ts/Either'
import {
  comparePositions,
  type Epoch,
  isEpoch,
  parsePosition,
  writePosition,
} from '../../domain/event/position'
import { EPOCH_STREAM } from '../../domain/event/streams'
import { NO_STREAM } from '../../store/event-store'
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
  written,
} from './subject'

const another: Epoch = (() => {
  const epoch = 'anotherEpoch'
  if (!isEpoch(epoch)) throw new Error('no epoch')
  return epoch
})()

export const positions: Chapter = {
  'a position written as text and read again reads on from the same place': async ({ store, reopen }) => {
    const [category, after] = [fresh(), await markHere(store)]
    const appended = events(4)
    await written(store, `${category}-1`, NO_STREAM, appended)
    const reopened = await reopen()
    for (const [number, read] of (await readOn(store, only(category), after)).entries()) {
      const again = parsePosition(writePosition(read.position))
      ok(isRight(again))
      deepStrictEqual(again.right, read.position)
      deepStrictEqual(
        idsOf(await readOn(reopened, only(category), again.right)),
        idsOf(appended.slice(number + 1)),
      )
    }
  },

  'positions stay in order as text, across appends': async ({ store }) => {
    const stream = `${fresh()}-1`
    let last = (await written(store, stream, NO_STREAM, events(1))).position
    for (let number = 0; number < 12; number += 1) {
      const { position } = await written(store, stream, number, events(1))
      const [a, b] = [parsePosition(writePosition(last)), parsePosition(writePosition(position))]
      ok(isRight(a) && isRight(b) && comparePositions(a.right, b.right) < 0)
      last = position
    }
  },

  'a store that was opened again is in the same epoch, which its stream tells': async ({ store, reopen }) => {
    deepStrictEqual((await reopen()).epoch, store.epoch)
    const [last] = (await got(store.readBackward(EPOCH_STREAM, 1))).events
    const { data } = last ?? {}
    deepStrictEqual(
      typeof data === 'object' && data !== null && 'epoch' in data ? data.epoch : undefined,
      store.epoch,
    )
  },

  'a position of another epoch is refused wherever it is given': async ({ store }) => {
    const { position } = await written(store, `${fresh()}-1`, NO_STREAM, events(1))
    const foreign = { ...position, epoch: another }
    const refused = { type: 'WrongEpoch', expected: store.epoch, actual: another }
    const filter = only(fresh())
    deepStrictEqual(await errorOf(store.readAll({ after: foreign, filter, most: 10 })), refused)
    deepStrictEqual(await errorOf(store.subscribe({ after: foreign, filter, most: 10 })), refused)
    deepStrictEqual(await errorOf(store.head(filter, foreign)), refused)
  },
}

export const heads: Chapter = {
  'the head is the last event that the filter takes': async ({ store }) => {
    const [category, name] = [fresh(), fresh()]
    const filter = { categories: [category], names: [name, `${name}-x`] }
    for (const stream of [`${category}-1`, name, `${name}-x`, `${category}-2`]) {
      const { position } = await written(store, stream, NO_STREAM, events(3))
      await written(store, `${category}X-${stream}`, NO_STREAM, events(2))
      deepStrictEqual(await got(store.head(filter)), position)
    }
  },

  'there is no head where the filter takes nothing': async ({ store }) => {
    deepStrictEqual(await got(store.head(only(fresh()))), undefined)
  },

  'the head is what was handled, where that is as late or later': async ({ store }) => {
    const category = fresh()
    const { position: ours } = await written(store, `${category}-1`, NO_STREAM, events(2))
    const { position: later } = await written(store, `${fresh()}-1`, NO_STREAM, events(1))
    deepStrictEqual(await got(store.head(only(category), ours)), ours)
    deepStrictEqual(await got(store.head(only(category), later)), later)
    deepStrictEqual(await got(store.head(only(fresh()), later)), later)
    const { position: next } = await written(store, `${category}-1`, 1, events(1))
    deepStrictEqual(await got(store.head(only(category), later)), next)
  },

  'a head that a subscription has reached was handed over': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    await written(store, `${category}-1`, NO_STREAM, events(5))
    const head = await got(store.head(only(category), after))
    const subscription = await got(store.subscribe({ after, filter: only(category), most: 2 }))
    const last = (await take(subscription, 5)).at(-1)
    deepStrictEqual(last?.position, head)
    await subscription.cancel()
  },
}

export const checkpoints: Chapter = {
  'a checkpoint that nobody saved is not there': async ({ store }) => {
    deepStrictEqual(await got(store.loadCheckpoint(fresh())), undefined)
  },

  'a checkpoint is saved at the revision loaded, and read again, also after the store was opened again':
    async ({ store, reopen }) => {
      const name = fresh()
      deepStrictEqual((await got(store.saveCheckpoint(name, { at: 'first' }, NO_STREAM))).type, 'Saved')
      const loaded = await got(store.loadCheckpoint(name))
      deepStrictEqual(loaded?.data, { at: 'first' })
      const saved = await got(store.saveCheckpoint(name, { at: 'second' }, loaded?.revision ?? NO_STREAM))
      ok(saved.type === 'Saved')
      deepStrictEqual(await got(store.loadCheckpoint(name)), {
        data: { at: 'second' },
        revision: saved.revision,
      })
      deepStrictEqual((await got((await reopen()).loadCheckpoint(name)))?.data, { at: 'second' })
    },

  'a checkpoint that moved since it was loaded is a conflict, and stays as it is': async ({
    store,
    reopen,
  }) => {
    const name = fresh()
    const other = await reopen()
    const first = await got(store.saveCheckpoint(name, { by: 'one' }, NO_STREAM))
    ok(first.type === 'Saved')
    const second = await got(other.saveCheckpoint(name, { by: 'other' }, first.revision))
    ok(second.type === 'Saved')
    const late = await got(store.saveCheckpoint(name, { by: 'late' }, first.revision))
    deepStrictEqual(late, { type: 'Conflict', actual: second.revision })
    deepStrictEqual((await got(store.saveCheckpoint(name, { by: 'late' }, NO_STREAM))).type, 'Conflict')
    deepStrictEqual((await got(store.loadCheckpoint(name)))?.data, { by: 'other' })
  },

  'of several that save a checkpoint at once one does': async ({ store, reopen }) => {
    const name = fresh()
    const other = await reopen()
    const saved = await Promise.all(
      [store, other, store, other].map((one, by) => got(one.saveCheckpoint(name, { by }, NO_STREAM))),
    )
    deepStrictEqual(saved.filter(({ type }) => type === 'Saved').length, 1)
  },

  'checkpoints of different names, and streams named like them, keep out of each other’s way': async ({
    store,
  }) => {
    const name = fresh()
    await got(store.saveCheckpoint(name, { of: 'a' }, NO_STREAM))
    await got(store.saveCheckpoint(`${name}2`, { of: 'b' }, NO_STREAM))
    deepStrictEqual((await got(store.loadCheckpoint(name)))?.data, { of: 'a' })
    deepStrictEqual((await written(store, name, NO_STREAM, events(1))).revision, 0)
  },
}
