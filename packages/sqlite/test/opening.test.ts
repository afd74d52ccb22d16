/** What cannot be a store is refused with the reason, and stays as it was: byte by byte, and nothing beside it. */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { systemRuntime } from '@access-pools/core'
import { openSqliteStore } from '../src'
import { createStoreFile } from '../src/opening/creation'
import { startChild } from './processes/child'
import { storeFolder } from './store-folder'

const folder = storeFolder()
afterAll(folder.remove)

/** Everything in the folder of a file, with what stands in it. */
const contents = (file: string) =>
  readdirSync(dirname(file), { withFileTypes: true, recursive: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    return [path, entry.isFile() ? readFileSync(path).toString('base64') : 'folder', statSync(path).mode]
  })

const refusalOf = async (file: string) => {
  const store = await openSqliteStore({ file })()
  if (store._tag === 'Left') return store.left
  await store.right.close()
  return { type: 'Opened', kind: '', reason: '' }
}

/** A new folder with one file, made by `make`. */
const place = (name: string, make: (file: string) => void): string => {
  mkdirSync(folder.path(name))
  const file = folder.path(join(name, 'store.db'))
  make(file)
  return file
}

const database = (file: string, sql: string): void => {
  const made = new DatabaseSync(file)
  made.exec(sql)
  made.close()
}

/** A store that was closed, whole in its one file. */
const stored = (file: string): void => {
  const made = new DatabaseSync(file)
  made.exec(`PRAGMA journal_mode = WAL; PRAGMA application_id = ${0x4163506f}; PRAGMA user_version = 1`)
  made.close()
}

const newer = (file: string): void => {
  stored(file)
  database(file, 'PRAGMA user_version = 2; CREATE TABLE events (of_a_kind_we_do_not_know TEXT)')
}

const REFUSED: readonly [string, string, RegExp, (file: string) => void][] = [
  ['a text', 'NotAStore', /not an SQLite database/, (file) => writeFileSync(file, 'id,name\n'.repeat(2000))],
  ['an empty file', 'NotAStore', /is empty/, (file) => writeFileSync(file, '')],
  ['one byte', 'NotAStore', /not an SQLite database/, (file) => writeFileSync(file, 'S')],
  ['only the beginning of a header', 'NotAStore', /./, (file) => writeFileSync(file, 'SQLite format 3\0')],
  ['a folder', 'NotAStore', /not a file/, (file) => mkdirSync(file)],
  [
    'another application’s database',
    'NotAStore',
    /another application/,
    (file) => database(file, 'CREATE TABLE t (a)'),
  ],
  [
    'another application’s database with a journal',
    'NotAStore',
    /another application/,
    (file) => database(file, 'PRAGMA journal_mode = WAL; CREATE TABLE t (a); PRAGMA application_id = 7'),
  ],
  ['a newer version', 'NewerVersion', /newer version.*version 2.*knows 1/s, newer],
]

describe('A file that is no store of ours is refused, and nothing is changed', () => {
  test.each(REFUSED)('%s', async (name, kind, reason, make) => {
    const file = place(name, make)
    const before = contents(file)
    const refusal = await refusalOf(file)
    expect(refusal).toMatchObject({ type: 'NotUsable', kind })
    expect('reason' in refusal && refusal.reason).toMatch(reason)
    expect(contents(file)).toEqual(before)
  })

  test('a store that was cut off', async () => {
    const file = place('cut off', () => undefined)
    const store = await folder.open('cut off/store.db')
    const event = { id: '6c1f0a54-d9b0-4f0e-8a0c-5d2f3b7e9a11', type: 'T', data: {}, metadata: {} }
    await store.append('accessPool-1', -1, [event])()
    await store.close()
    truncateSync(file, 3 * 4096)
    writeFileSync(`${file}-wal`, '')
    const before = readFileSync(file)
    expect(await refusalOf(file)).toMatchObject({ type: 'NotUsable', kind: 'Damaged' })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('a folder that does not exist, and a name that is none', async () => {
    expect(await refusalOf(folder.path('nowhere/store.db'))).toMatchObject({
      type: 'NotUsable',
      kind: 'Missing',
    })
    expect(await refusalOf('')).toMatchObject({ type: 'NotUsable', kind: 'Missing' })
    expect(await refusalOf(folder.path('a\0b'))).toMatchObject({ type: 'NotUsable' })
    expect(await refusalOf(folder.path('x'.repeat(300)))).toMatchObject({ type: 'NotUsable' })
    expect(readdirSync(folder.path('.'))).not.toContain('nowhere')
  })
})

describe('Where the rights are missing it says so, and nothing is changed', () => {
  /** Root may do everything, so that somebody else tries then. */
  const NOBODY = process.getuid?.() === 0 ? 65534 : undefined

  const refusalForNobody = async (file: string) => {
    chmodSync(folder.path('.'), 0o755)
    const child = startChild('opener', [file], undefined, NOBODY)
    await child.ended
    expect(child.errors()).toBe('')
    return JSON.parse(child.lines.join(''))
  }

  const RIGHTS: readonly [string, string, number, number][] = [
    ['a file that may only be read', 'ReadOnly', 0o444, 0o777],
    ['a folder that may only be read', 'ReadOnly', 0o666, 0o555],
    ['a file that may not be read', 'NotPermitted', 0o000, 0o777],
  ]
  test.each(RIGHTS)('%s', async (name, kind, ofFile, ofFolder) => {
    const file = place(name, () => undefined)
    await (await folder.open(`${name}/store.db`)).close()
    writeFileSync(`${file}-wal`, '')
    chmodSync(file, ofFile)
    chmodSync(dirname(file), ofFolder)
    const before = process.getuid?.() === 0 ? contents(file) : []
    expect(await refusalForNobody(file)).toMatchObject({ type: 'NotUsable', kind })
    if (process.getuid?.() === 0) expect(contents(file)).toEqual(before)
    chmodSync(dirname(file), 0o777)
  })

  test('a new store in a folder that may only be read', async () => {
    mkdirSync(folder.path('locked'))
    chmodSync(folder.path('locked'), 0o555)
    const refusal = await refusalForNobody(folder.path('locked/store.db'))
    expect(refusal).toMatchObject({ type: 'NotUsable', kind: 'ReadOnly' })
    expect(readdirSync(folder.path('locked'))).toEqual([])
    chmodSync(folder.path('locked'), 0o777)
  })
})

describe('A new store', () => {
  test('is one file that only its owner reads, with nothing left beside it of its making', async () => {
    mkdirSync(folder.path('new'))
    const store = await folder.open('new/żółć #1%20?.db')
    expect(readdirSync(folder.path('new')).filter((name) => !/-(wal|shm)$/.test(name))).toEqual([
      'żółć #1%20?.db',
    ])
    expect(statSync(folder.path('new/żółć #1%20?.db')).mode & 0o777).toBe(0o600)
    await store.close()
  })

  test('that several processes make at once is one store, in one epoch', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => folder.open('once.db')))
    const children = Array.from({ length: 3 }, () => startChild('opener', [folder.path('twice.db')]))
    for (const child of children) await child.ended
    expect(children.map(({ lines }) => lines.join(''))).toEqual(Array(3).fill('{"type":"Opened"}'))
    expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1)
    const twice = await folder.open('twice.db')
    const epochs = await twice.readStream('epoch', 0, 10)()
    expect(epochs._tag === 'Right' && epochs.right.events.length).toBe(1)
  })

  test('that another process has just made is left as it is', async () => {
    const { epoch } = await folder.open('made.db')
    const { ino } = statSync(folder.path('made.db'))
    await createStoreFile(folder.path('made.db'), systemRuntime)
    expect(statSync(folder.path('made.db')).ino).toBe(ino)
    expect((await folder.open('made.db')).epoch).toBe(epoch)
    expect(readdirSync(folder.path('.')).filter((name) => name.endsWith('.new'))).toEqual([])
  })

  test('is whole in its one file after closing', async () => {
    const store = await folder.open('whole.db')
    const event = { id: '6c1f0a54-d9b0-4f0e-8a0c-5d2f3b7e9a12', type: 'T', data: {}, metadata: {} }
    await store.append('accessPool-1', -1, [event])()
    await store.close()
    writeFileSync(folder.path('copy.db'), readFileSync(folder.path('whole.db')))
    const copy = await folder.open('copy.db')
    const read = await copy.readStream('accessPool-1', 0, 10)()
    expect(read._tag === 'Right' && read.right.events.map(({ id }) => id)).toEqual([event.id])
  })
})
