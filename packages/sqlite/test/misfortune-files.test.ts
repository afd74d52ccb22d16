/** Files that were damaged, cut off, parted from their journal or given another one's: told, or a true earlier state. */
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'
import { OUR_STREAMS, type RecordedEvent, type StoreError } from '@access-pools/core'
import type { Either } from 'fp-ts/Either'
import { openSqliteStore, type SqliteStore } from '../src'
import { startChild } from './processes/child'
import { uuidOf } from './processes/ids'
import { got, readEverything, storeFolder } from './store-folder'

const folder = storeFolder()
afterAll(folder.remove)

const PAGE = 4096

const event = (text: string) => ({ id: uuidOf(text), type: 'T', data: { text }, metadata: {} })

const append = async (store: SqliteStore, from: number, to: number): Promise<void> => {
  for (let n = from; n < to; n += 1)
    for (const stream of ['accessPool-1', 'charger-1'])
      await got(store.append(stream, n - 1, [event(`${stream} ${n}`)]))
}

/** All that a store can be asked, with what it answered. */
const askEverything = async (store: SqliteStore) => {
  const events = (slice: { readonly events: readonly RecordedEvent[] }) => slice.events
  const ask = async (
    answer: Promise<Either<StoreError, { readonly events: readonly RecordedEvent[] }>>,
  ): Promise<StoreError | readonly RecordedEvent[]> => {
    const { _tag, ...rest } = await answer
    return 'left' in rest ? rest.left : events(rest.right)
  }
  return [
    await ask(store.readAll({ filter: OUR_STREAMS, most: 10_000 })()),
    await ask(store.readAll({ filter: { categories: ['charger'], names: [] }, most: 10_000 })()),
    await ask(store.readStream('accessPool-1', 0, 10_000)()),
    await ask(store.readBackward('charger-1', 10_000)()),
  ]
}

const TOLD = ['NotUsable', 'Unavailable']

/** A store in one file, closed, and what it answers when it is whole. */
const whole = async (name: string) => {
  const store = await folder.open(name)
  await append(store, 0, 300)
  const right = await askEverything(store)
  await store.close()
  return { bytes: readFileSync(folder.path(name)), right: right.map((answer) => JSON.stringify(answer)) }
}

/** Opens what was damaged, and asks it: how many answers were errors, right, or neither. */
const judge = async (file: string, right: readonly string[]) => {
  const opened = await openSqliteStore({ file, patience: 20 })()
  const counts = { told: 0, right: 0, wrong: 0 }
  if (opened._tag === 'Left') {
    expect(TOLD).toContain(opened.left.type)
    return { ...counts, told: right.length }
  }
  for (const [index, answer] of (await askEverything(opened.right)).entries())
    if ('type' in answer) {
      expect(TOLD).toContain(answer.type)
      counts.told += 1
    } else if (JSON.stringify(answer) === right[index]) counts.right += 1
    else counts.wrong += 1
  await opened.right.close()
  return counts
}

test('a page of noise is told by every read that comes upon it, and never taken for data', async () => {
  const { bytes, right } = await whole('pages.db')
  const total = { told: 0, right: 0, wrong: 0 }
  for (let page = 1; page < bytes.length / PAGE; page += 1) {
    const damaged = Buffer.from(bytes)
    for (let at = page * PAGE; at < (page + 1) * PAGE; at += 1) damaged[at] = Math.floor(Math.random() * 256)
    // None of the four kinds of pages: SQLite can tell.
    damaged[page * PAGE] = 0xaa
    const file = folder.path(`page ${page}.db`)
    writeFileSync(file, damaged)
    const { told, right: same, wrong } = await judge(file, right)
    total.told += told
    total.right += same
    total.wrong += wrong
  }
  process.stdout.write(`${bytes.length / PAGE - 1} pages of noise: ${JSON.stringify(total)}\n`)
  expect(total.wrong).toBe(0)
  expect(total.told).toBeGreaterThan(0)
}, 60_000)

test('noise in the middle of a page crashes nothing; what SQLite cannot tell is counted here', async () => {
  const { bytes, right } = await whole('middles.db')
  const total = { told: 0, right: 0, wrong: 0 }
  for (let page = 1; page < bytes.length / PAGE; page += 1) {
    const damaged = Buffer.from(bytes)
    const begin = page * PAGE + PAGE / 2
    for (let at = begin; at < begin + 64; at += 1) damaged[at] = Math.floor(Math.random() * 256)
    const file = folder.path(`middle ${page}.db`)
    writeFileSync(file, damaged)
    const { told, right: same, wrong } = await judge(file, right)
    total.told += told
    total.right += same
    total.wrong += wrong
  }
  process.stdout.write(`${bytes.length / PAGE - 1} pages with noise in them: ${JSON.stringify(total)}\n`)
}, 60_000)

test('a file that is cut off while it is open is told, and opens no more', async () => {
  const store = await folder.open('cut.db')
  await append(store, 0, 300)
  await store.close()
  const again = await folder.open('cut.db')
  truncateSync(folder.path('cut.db'), 5 * PAGE)
  for (const answer of await askEverything(again))
    expect(TOLD).toContain('type' in answer ? answer.type : 'data')
  expect((await again.append('accessPool-1', 299, [event('x')])())._tag).toBe('Left')
  await again.close()
  expect(await openSqliteStore({ file: folder.path('cut.db') })()).toMatchObject({
    left: { type: 'NotUsable' },
  })
})

/** Files of a store as they stand now, under another name. */
const copyOf = (from: string, to: string, endings: readonly string[]): string => {
  for (const ending of endings) copyFileSync(folder.path(`${from}${ending}`), folder.path(`${to}${ending}`))
  return folder.path(to)
}

test('without its journal it is the store as it was when the journal was last written back', async () => {
  const store = await folder.open('parted.db')
  await append(store, 0, 50)
  await store.close()
  const again = await folder.open('parted.db')
  await append(again, 50, 100)
  expect(statSync(folder.path('parted.db-wal')).size).toBeGreaterThan(0)
  copyOf('parted.db', 'without.db', [''])
  const without = await readEverything(await folder.open('without.db'))
  const all = await readEverything(again)
  expect(without).toEqual(all.slice(0, without.length))
  expect(without.length).toBeGreaterThanOrEqual(101)
  expect(without.length).toBeLessThan(all.length)
})

test('the journal of an older copy is told, and nothing is changed', async () => {
  const store = await folder.open('stale.db')
  await append(store, 0, 50)
  copyOf('stale.db', 'older.db', ['-wal'])
  await append(store, 50, 400)
  await store.close()
  const file = copyOf('stale.db', 'older.db', [''])
  const before = readFileSync(file)
  // In a process of its own: what it does when it ends counts too.
  const child = startChild('opener', [file])
  await child.ended
  expect(JSON.parse(child.lines.join(''))).toMatchObject({
    type: 'NotUsable',
    kind: 'Damaged',
    reason: expect.stringContaining('older copy'),
  })
  expect(readFileSync(file).equals(before)).toBe(true)
  for (const ending of ['-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
  expect((await readEverything(await folder.open('older.db'))).length).toBe(801)
})

test('the journal of a newer copy, left beside a restored one, crashes nothing', async () => {
  const store = await folder.open('newer.db')
  await append(store, 0, 50)
  await got(store.backup(folder.path('restored.db')))
  await append(store, 50, 400)
  const right = (await askEverything(store)).map((answer) => JSON.stringify(answer))
  copyFileSync(folder.path('newer.db-wal'), folder.path('restored.db-wal'))
  const counts = await judge(folder.path('restored.db'), right)
  process.stdout.write(`a journal left beside a restored copy: ${JSON.stringify(counts)}\n`)
  await store.close()
})

describe('A newer version that takes the file over while it is open', () => {
  const raise = (file: string): void => {
    const newer = new DatabaseSync(file, { timeout: 5000 })
    newer.exec('PRAGMA user_version = 2')
    newer.close()
  }

  test('is told by reads and appends of the older one, which write nothing any more', async () => {
    const store = await folder.open('raised.db')
    await append(store, 0, 1)
    raise(folder.path('raised.db'))
    const newer = { left: { type: 'NotUsable', kind: 'NewerVersion' } }
    expect(await store.append('accessPool-1', 0, [event('late')])()).toMatchObject(newer)
    expect(await store.saveCheckpoint('c', {}, -1)()).toMatchObject(newer)
    expect(await store.readStream('accessPool-1', 0, 1)()).toMatchObject(newer)
  })

  test('is told where its tables have changed too', async () => {
    const store = await folder.open('altered.db')
    await append(store, 0, 1)
    const newer = new DatabaseSync(folder.path('altered.db'), { timeout: 5000 })
    newer.exec('PRAGMA user_version = 2; ALTER TABLE events RENAME COLUMN data TO body')
    newer.close()
    expect(await store.readStream('accessPool-1', 0, 1)()).toMatchObject({ left: { kind: 'NewerVersion' } })
    expect(await store.append('accessPool-1', 0, [event('late')])()).toMatchObject({
      left: { kind: 'NewerVersion' },
    })
  })

  test('stops an older process that writes as fast as it can', async () => {
    await folder.open('older process.db')
    const file = folder.path('older process.db')
    const child = startChild('writer', [file, 'old', '4', 'hog'])
    await child.spoke
    raise(file)
    const database = new DatabaseSync(file)
    const count = () => database.prepare('SELECT count(*) AS n FROM events').get()
    const then = count()
    expect(await child.ended).toBe(1)
    expect(child.errors()).toContain('NewerVersion')
    expect(count()).toEqual(then)
    database.close()
  })
})
