/** The edges: what one append may hold, names and data in any script, and closing. */
import { deepStrictEqual, ok } from 'node:assert/strict'
import type { EventToAppend } from '../../domain/event/recorded'
import { MOST_BYTES, MOST_EVENTS } from '../../store/append-limits'
import { type EventStore, NO_STREAM } from '../../store/event-store'
import {
  type Chapter,
  errorOf,
  event,
  events,
  fresh,
  got,
  idsOf,
  markHere,
  only,
  readOn,
  within,
  written,
} from './subject'

/** Events that fill an append up to so many bytes, metadata and type counted. */
const filling = (bytes: number, count: number): EventToAppend[] => {
  const bare = event({ fill: '' })
  const taken = Buffer.byteLength(JSON.stringify(bare.data) + JSON.stringify(bare.metadata) + bare.type)
  return Array.from({ length: count }, (_, index) => {
    const share = Math.floor(bytes / count) + (index === 0 ? bytes % count : 0)
    return event({ fill: 'x'.repeat(share - taken) })
  })
}

const untouched = async (store: EventStore, stream: string): Promise<void> =>
  deepStrictEqual(await got(store.readStream(stream, 0, 1)), { events: [], end: true })

const BAD_NAMES = ['', '$all', '$', '\ud800', 'a\udfff', 'a\0b', 'x'.repeat(1025)]

export const limits: Chapter = {
  'an append of 500 events is taken, one of 501 is not': async ({ store }) => {
    const category = fresh()
    deepStrictEqual((await written(store, `${category}-1`, NO_STREAM, events(MOST_EVENTS))).revision, 499)
    const error = await errorOf(store.append(`${category}-2`, NO_STREAM, events(MOST_EVENTS + 1)))
    deepStrictEqual([error.type, error.type === 'TooLarge' && error.events], ['TooLarge', 501])
    await untouched(store, `${category}-2`)
  },

  'an append of 512 KiB is taken, one byte more is not': async ({ store }) => {
    const category = fresh()
    const full = filling(MOST_BYTES, 3)
    deepStrictEqual((await written(store, `${category}-1`, NO_STREAM, full)).revision, 2)
    deepStrictEqual(
      (await got(store.readStream(`${category}-1`, 0, 3))).events.map(({ data }) => data),
      full.map(({ data }) => data),
    )
    const error = await errorOf(store.append(`${category}-2`, NO_STREAM, filling(MOST_BYTES + 1, 3)))
    deepStrictEqual([error.type, error.type === 'TooLarge' && error.bytes], ['TooLarge', MOST_BYTES + 1])
    await untouched(store, `${category}-2`)
  },

  'names that are empty, the system’s, or not whole Unicode are refused': async ({ store }) => {
    const category = fresh()
    for (const name of BAD_NAMES) {
      deepStrictEqual((await errorOf(store.append(name, NO_STREAM, events(1)))).type, 'InvalidAppend')
      const typed = event({}, name)
      deepStrictEqual(
        (await errorOf(store.append(`${category}-1`, NO_STREAM, [typed]))).type,
        'InvalidAppend',
      )
      deepStrictEqual((await errorOf(store.saveCheckpoint(name, {}, NO_STREAM))).type, 'InvalidAppend')
    }
    await untouched(store, `${category}-1`)
  },

  'an append of nothing, of one id twice, of an id that is no UUID, or of what is no JSON is refused':
    async ({ store }) => {
      const stream = `${fresh()}-1`
      const [one, cycle] = [event(), { it: {} }]
      cycle.it = cycle
      const faulty = [[], [one, one], [{ ...one, id: 'first' }], [event({ n: 1n })], [event(cycle)]]
      for (const list of faulty)
        deepStrictEqual((await errorOf(store.append(stream, NO_STREAM, list))).type, 'InvalidAppend')
      deepStrictEqual(
        (await errorOf(store.saveCheckpoint(fresh(), { n: 1n }, NO_STREAM))).type,
        'InvalidAppend',
      )
      await untouched(store, stream)
    },
}

const SCRIPTS = [
  'żółć-Straße-Ærø',
  '充電器-東京',
  'مرحبا-עולם',
  '🔌⚡👩‍👩‍👧-🇵🇱',
  'e\u0301-ﬁ-İ',
  'quote\'"`;--\\%_/ \t',
  '__proto__',
  '\ufeffbom\u200b\u202e',
]

const odd = (): Record<string, unknown> => {
  const data: Record<string, unknown> = {
    nul: 'a\0b',
    lone: '\ud800',
    line: '\u2028\u2029\r\n',
    empty: '',
    '': 1,
  }
  Object.defineProperty(data, '__proto__', { value: { polluted: true }, enumerable: true })
  for (const text of SCRIPTS.filter((script) => script !== '__proto__')) data[text] = [text, { [text]: text }]
  return {
    ...data,
    deep: JSON.parse('['.repeat(200) + ']'.repeat(200)),
    big: 2 ** 53 - 1,
    small: 5e-324,
    zero: 0,
  }
}

export const unicode: Chapter = {
  'names may be of any script, and are told apart': async ({ store }) => {
    const [category, after] = [fresh(), await markHere(store)]
    for (const script of SCRIPTS)
      await written(store, `${category}-${script}`, NO_STREAM, [event({ script }, `Type ${script}`)])
    for (const script of SCRIPTS) {
      const [read] = (await got(store.readStream(`${category}-${script}`, 0, 10))).events
      deepStrictEqual([read?.type, read?.data], [`Type ${script}`, { script }])
    }
    const streams = (await readOn(store, only(category), after)).map(({ stream }) => stream)
    deepStrictEqual(
      streams,
      SCRIPTS.map((script) => `${category}-${script}`),
    )
  },

  'categories may be of any script': async ({ store }) => {
    const [word, after] = [fresh(), await markHere(store)]
    const categories = ['ż', '充', '🔌', '__proto__', "';"].map((script) => `${script}${word}`)
    for (const category of categories) await written(store, `${category}-1`, NO_STREAM, events(1))
    for (const category of categories) {
      const read = await readOn(store, only(category), after)
      deepStrictEqual(
        read.map(({ stream }) => stream),
        [`${category}-1`],
      )
    }
  },

  'data may hold any text, NUL and lone surrogates too, under any key': async ({ store, reopen }) => {
    const stream = `${fresh()}-1`
    const appended = { ...event(), data: odd(), metadata: odd() }
    await written(store, stream, NO_STREAM, [appended])
    for (const one of [store, await reopen()]) {
      const [read] = (await got(one.readStream(stream, 0, 1))).events
      deepStrictEqual([read?.data, read?.metadata], [appended.data, appended.metadata])
      ok(Object.getPrototypeOf(read?.data) === Object.prototype)
    }
    const name = `${fresh()}-żółć`
    await got(store.saveCheckpoint(name, odd(), NO_STREAM))
    deepStrictEqual((await got(store.loadCheckpoint(name)))?.data, odd())
  },
}

export const closing: Chapter = {
  'after closing, whatever is asked answers that it was closed': async ({ store }) => {
    const filter = only(fresh())
    await within(store.close())
    await within(store.close())
    const closed = { type: 'Closed' }
    deepStrictEqual(await errorOf(store.append(`${fresh()}-1`, NO_STREAM, events(1))), closed)
    deepStrictEqual(await errorOf(store.readStream('a-1', 0, 1)), closed)
    deepStrictEqual(await errorOf(store.readBackward('a-1', 1)), closed)
    deepStrictEqual(await errorOf(store.readAll({ filter, most: 1 })), closed)
    deepStrictEqual(await errorOf(store.subscribe({ filter, most: 1 })), closed)
    deepStrictEqual(await errorOf(store.head(filter)), closed)
    deepStrictEqual(await errorOf(store.loadCheckpoint('a')), closed)
    deepStrictEqual(await errorOf(store.saveCheckpoint('a', {}, NO_STREAM)), closed)
  },

  'closing ends subscriptions, also while they wait': async ({ store }) => {
    const after = await markHere(store)
    const subscription = await got(store.subscribe({ after, filter: only(fresh()), most: 3 }))
    const waiting = errorOf(async () => {
      for (;;) {
        const next = await subscription.next()
        if (next._tag === 'Left') return next
      }
    })
    await within(store.close())
    deepStrictEqual(await waiting, { type: 'Closed' })
    deepStrictEqual(await errorOf(subscription.next), { type: 'Closed' })
    await within(subscription.cancel())
  },

  'closing while it reads and appends answers each call, whole or closed': async ({ store, reopen }) => {
    const [category, other] = [fresh(), await reopen()]
    const after = await markHere(store)
    await written(store, `${category}-1`, NO_STREAM, events(200))
    const reads = Array.from({ length: 10 }, () =>
      store.readAll({ after, filter: only(category), most: 50 })(),
    )
    const appends = Array.from({ length: 10 }, (_, n) =>
      store.append(`${category}-w${n}`, NO_STREAM, events(3))(),
    )
    await within(store.close())
    for (const read of await within(Promise.all(reads)))
      if (read._tag === 'Right') deepStrictEqual(read.right.events.length, 50)
      else deepStrictEqual(read.left.type, 'Closed')
    for (const [n, append] of (await within(Promise.all(appends))).entries()) {
      const there = (await got(other.readStream(`${category}-w${n}`, 0, 10))).events.length
      if (append._tag === 'Right') deepStrictEqual([append.right.type, there], ['Written', 3])
      else if (append.left.type === 'Closed') deepStrictEqual(there, 0)
      else deepStrictEqual(append.left.type, 'UnknownOutcome')
    }
  },

  'closing one leaves those open that were opened again': async ({ store, reopen }) => {
    const [stream, other] = [`${fresh()}-1`, await reopen()]
    const appended = events(1)
    await within(store.close())
    await written(other, stream, NO_STREAM, appended)
    deepStrictEqual(idsOf((await got(other.readStream(stream, 0, 10))).events), idsOf(appended))
  },
}
