/** Several processes on one file: they see each other's events, take turns, and hold nobody up. */
import { renameSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'
import { OUR_STREAMS } from '@access-pools/core'
import { openSqliteStore } from '../src'
import { type Child, startChild } from './processes/child'
import { uuidOf } from './processes/ids'
import { storeFolder } from './store-folder'

const folder = storeFolder()
afterAll(folder.remove)

const event = (text: string) => ({ id: uuidOf(text), type: 'T', data: { text }, metadata: {} })

const end = async (child: Child): Promise<void> => {
  await child.spoke
  child.process.kill('SIGTERM')
  const code = await child.ended
  expect([code, child.errors()]).toEqual([0, ''])
}

test('a subscriber sees what another process appends within 100 ms', async () => {
  const store = await folder.open('seen.db')
  const subscription = await store.subscribe({ filter: OUR_STREAMS, most: 100 })()
  if (subscription._tag === 'Left') throw new Error('no subscription')
  const writer = startChild('writer', [folder.path('seen.db'), 'w', '1'])
  const ages: number[] = []
  while (ages.length < 300) {
    const delivery = await subscription.right.next()
    if (delivery._tag === 'Left') throw new Error(JSON.stringify(delivery.left))
    const now = Date.now()
    for (const { data } of delivery.right.events)
      if (typeof data === 'object' && data !== null && 'at' in data) ages.push(now - Number(data.at))
  }
  await end(writer)
  ages.sort((a, b) => a - b)
  const [median = NaN, late = NaN] = [ages[150], ages[297]]
  process.stdout.write(`seen by another process after ${median} ms (median), ${late} ms (99 of 100)\n`)
  expect(median).toBeLessThan(100)
})

test('of three processes that write as fast as they can each gets its turns', async () => {
  const file = folder.path('fair.db')
  await folder.open('fair.db')
  const counts = [0, 0, 0]
  let enough = (): void => undefined
  const all = new Promise<void>((resolve) => (enough = resolve))
  let counting = false
  const writers = counts.map((_, number) =>
    startChild('writer', [file, `w${number}`, '16', 'apart'], () => {
      if (!counting) return
      counts[number] = (counts[number] ?? 0) + 1
      if (counts.reduce((sum, count) => sum + count, 0) >= 6000) enough()
    }),
  )
  await Promise.all(writers.map(({ spoke }) => spoke))
  counting = true
  await all
  counting = false
  for (const writer of writers) await end(writer)
  process.stdout.write(`appends of three processes at once: ${counts.join(', ')}\n`)
  // An even share is a third; who gets less than half of that starves.
  expect(Math.min(...counts)).toBeGreaterThan(6000 / 6)
})

test('a locked file holds up nothing else in the process, and is written when it is free', async () => {
  const store = await folder.open('locked.db')
  const other = new DatabaseSync(folder.path('locked.db'))
  other.exec('BEGIN IMMEDIATE')
  let answered = false
  const appended = store
    .append('accessPool-1', -1, [event('waits')])()
    .finally(() => (answered = true))
  for (let turn = 0; turn < 20; turn += 1) {
    const read = await store.readStream('accessPool-1', 0, 1)()
    expect(read._tag === 'Right' && read.right.events).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(answered).toBe(false)
  other.exec('COMMIT')
  other.close()
  expect(await appended).toMatchObject({ right: { type: 'Written', revision: 0 } })
})

test('a file that stays locked is unavailable in the end, nothing was written, and closing does not wait', async () => {
  await folder.open('stuck.db')
  const opened = await openSqliteStore({ file: folder.path('stuck.db'), patience: 50 })()
  if (opened._tag === 'Left') throw new Error('not opened')
  const store = opened.right
  const other = new DatabaseSync(folder.path('stuck.db'))
  other.exec('BEGIN IMMEDIATE')
  expect(await store.append('accessPool-1', -1, [event('late')])()).toMatchObject({
    left: { type: 'Unavailable' },
  })
  const underWay = store.append('accessPool-1', -1, [event('closed')])()
  await store.close()
  expect(await underWay).toEqual({ _tag: 'Left', left: { type: 'Closed' } })
  other.exec('COMMIT')
  expect(other.prepare("SELECT count(*) AS n FROM events WHERE stream = 'accessPool-1'").get()).toEqual({
    n: 0,
  })
  other.close()
})

test('what cannot be written fails alone: the appends made with it are written', async () => {
  const store = await folder.open('alone.db')
  const other = new DatabaseSync(folder.path('alone.db'))
  other.exec(`CREATE TRIGGER refuse BEFORE INSERT ON events WHEN new.type = 'Refused'
              BEGIN SELECT raise(ABORT, 'refused'); END`)
  other.close()
  const answers = await Promise.all(
    Array.from({ length: 9 }, (_, n) => {
      const appended = { ...event(`alone ${n}`), type: n === 4 ? 'Refused' : 'T' }
      return store.append(`charger-${n}`, -1, [event(`before ${n}`), appended])()
    }),
  )
  expect(answers.map(({ _tag }) => _tag)).toEqual(
    [4, 1, 4].flatMap((n, at) => Array(n).fill(at === 1 ? 'Left' : 'Right')),
  )
  const read = await store.readStream('charger-4', 0, 10)()
  expect(read).toMatchObject({ right: { events: [] } })

  // The category that was numbered in the transaction that failed is numbered anew.
  await store.append('other-1', -1, [event('of another category')])()
  const ofCategory = async (category: string) => {
    const all = await store.readAll({ filter: { categories: [category], names: [] }, most: 100 })()
    return all._tag === 'Right' ? all.right.events.length : all
  }
  expect([await ofCategory('charger'), await ofCategory('other')]).toEqual([16, 1])
})

test('a file that was replaced under a store that is open is told by its head, its subscriptions and its appends', async () => {
  const store = await folder.open('replaced.db')
  const subscription = await store.subscribe({ filter: { categories: [], names: [] }, most: 1 })()
  if (subscription._tag === 'Left') throw new Error('no subscription')
  await subscription.right.next()
  const waiting = subscription.right.next()
  renameSync(folder.path('replaced.db'), folder.path('gone.db'))
  await folder.open('replaced.db')
  const gone = { left: { type: 'NotUsable', kind: 'Missing' } }
  expect(await store.head(OUR_STREAMS)()).toMatchObject(gone)
  expect(await waiting).toMatchObject(gone)
  expect(await store.append('accessPool-1', -1, [event('x')])()).toMatchObject(gone)
})

test('a store that is opened twice in one process, and looked at again, keeps its locks', async () => {
  const [one, two] = [await folder.open('twice.db'), await folder.open('twice.db')]
  await two.close()
  const refused = await openSqliteStore({ file: folder.path('twice.db') })()
  if (refused._tag === 'Right') await refused.right.close()
  const writer = startChild('writer', [folder.path('twice.db'), 'w', '2'])
  await writer.spoke
  for (let n = 0; n < 50; n += 1)
    expect(await one.append('accessPool-mine', n - 1, [event(`mine ${n}`)])()).toMatchObject({
      _tag: 'Right',
    })
  await end(writer)
  const read = await one.readStream('accessPool-mine', 0, 100)()
  expect(read._tag === 'Right' && read.right.events.length).toBe(50)
})
