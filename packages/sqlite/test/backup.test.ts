/** A backup is made while others write, is whole or absent, and is known for another life when it is restored. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'
import {
  epochBegan,
  type EventStore,
  NO_STREAM,
  OUR_STREAMS,
  type Position,
  startReadModel,
  systemRuntime,
} from '@access-pools/core'
import { type Child, startChild } from './processes/child'
import { uuidOf } from './processes/ids'
import { got, readEverything, storeFolder } from './store-folder'

const folder = storeFolder()
afterAll(folder.remove)

const event = (text: string) => ({ id: uuidOf(text), type: 'T', data: { text }, metadata: {} })

const end = async (child: Child): Promise<void> => {
  child.process.kill('SIGTERM')
  expect(await child.ended).toBe(0)
  expect(child.errors()).toBe('')
}

const beginEpoch = async (store: EventStore): Promise<void> => {
  const [last] = (await got(store.readBackward('epoch', 1))).events
  await got(store.append('epoch', last?.revision ?? NO_STREAM, [epochBegan(systemRuntime)]))
}

describe('A backup', () => {
  test('that is made while three processes write is a prefix of the store, and opens as one', async () => {
    const store = await folder.open('busy.db')
    const acknowledged = { count: 0 }
    const writers = [1, 2, 3].map((n) =>
      startChild('writer', [folder.path('busy.db'), `b${n}`, '8'], () => (acknowledged.count += 1)),
    )
    await Promise.all(writers.map(({ spoke }) => spoke))
    const backups = []
    const during: number[] = []
    while (backups.length < 5 || (backups.at(-1)?.events ?? 0) < 2000) {
      const before = acknowledged.count
      backups.push(await got(store.backup(folder.path(`busy ${backups.length}.db`))))
      during.push(acknowledged.count - before)
    }
    const after = acknowledged.count
    for (const writer of writers) await end(writer)
    const all = await readEverything(store)
    for (const { file, events, position } of backups) {
      const copy = await folder.open(file.slice(folder.path('').length))
      const copied = await readEverything(copy)
      expect(copied).toEqual(all.slice(0, events))
      expect(copied.at(-1)?.position).toEqual(position)
      expect(copy.epoch).toBe(store.epoch)
      expect(statSync(file).mode & 0o777).toBe(0o600)
      const database = new DatabaseSync(file)
      expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
      database.close()
    }
    process.stdout.write(
      `${backups.length} backups of ${backups.map(({ events }) => events).join(', ')} events; meanwhile ` +
        `${during.join(', ')} appends of others, ${acknowledged.count} in all\n`,
    )
    expect(after).toBeGreaterThan(0)
    expect(Math.max(...during)).toBeGreaterThan(0)
    expect(readdirSync(folder.path('.')).filter((name) => name.includes('.new'))).toEqual([])
  }, 60_000)

  test('overwrites nothing, and says why there is none', async () => {
    const store = await folder.open('here.db')
    mkdirSync(folder.path('a folder'))
    const refused = async (file: string) => {
      const answer = await store.backup(file)()
      return answer._tag === 'Left' && answer.left.type === 'NotUsable' ? answer.left.kind : answer
    }
    const before = statSync(folder.path('here.db'))
    expect(await refused(folder.path('here.db'))).toBe('NotPermitted')
    expect(statSync(folder.path('here.db')).ino).toBe(before.ino)
    expect(await refused(folder.path('a folder'))).toBe('NotPermitted')
    expect(await refused(folder.path('nowhere/backup.db'))).toBe('Missing')
    expect(await refused(folder.path('here.db/backup.db'))).toBe('Missing')
    expect(await refused('')).toBe('Missing')
    expect(await refused(folder.path('a\0b'))).toBe('NotAStore')
    const [one, two] = await Promise.all([
      store.backup(folder.path('twice.db'))(),
      store.backup(folder.path('twice.db'))(),
    ])
    expect([one._tag, two._tag].sort()).toEqual(['Left', 'Right'])
    await store.close()
    expect(await store.backup(folder.path('closed.db'))()).toEqual({ _tag: 'Left', left: { type: 'Closed' } })
    expect(existsSync(folder.path('closed.db'))).toBe(false)
  })

  test('of a file that was replaced is none', async () => {
    const store = await folder.open('replaced.db')
    await got(store.append('accessPool-1', -1, [event('gone')]))
    renameSync(folder.path('replaced.db'), folder.path('moved.db'))
    const answer = await store.backup(folder.path('of replaced.db'))()
    expect(answer).toMatchObject({ left: { type: 'NotUsable', kind: 'Missing' } })
    expect(existsSync(folder.path('of replaced.db'))).toBe(false)
  })
})

describe('Positions from before a restore', () => {
  /** A store that was put back to a backup, and the position that was lost by it. */
  const restored = async (name: string): Promise<{ lost: Position; before: EventStore }> => {
    const file = folder.path(name)
    const before = await folder.open(name)
    await got(before.append('accessPool-1', -1, [event(`${name} kept`)]))
    await got(before.backup(`${file}.backup`))
    const lost = await got(before.append('accessPool-1', 0, [event(`${name} lost`)]))
    if (lost.type !== 'Written') throw new Error('not written')
    for (const ending of ['-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
    copyFileSync(`${file}.backup`, `${file}.copy`)
    renameSync(`${file}.copy`, file)
    await beginEpoch(await folder.open(name))
    return { lost: lost.position, before }
  }

  test('are told at once, and nobody waits for them', async () => {
    const { lost, before } = await restored('restored.db')
    const store = await folder.open('restored.db')
    const wrong = { left: { type: 'WrongEpoch', expected: store.epoch, actual: before.epoch } }
    const query = { after: lost, filter: OUR_STREAMS, most: 10 }
    expect(await store.readAll(query)()).toMatchObject(wrong)
    expect(await store.subscribe(query)()).toMatchObject(wrong)
    expect(await store.head(OUR_STREAMS, lost)()).toMatchObject(wrong)
    const readModel = await got(startReadModel({ store }))
    expect(await readModel.whenProcessed(lost)).toMatchObject(wrong)
    await readModel.stop()
    const events = (await got(store.readStream('accessPool-1', 0, 10))).events
    expect(events.map(({ data }) => data)).toEqual([{ text: 'restored.db kept' }])
  })

  test('and who has the old file open notices that it was replaced', async () => {
    const { lost, before } = await restored('open.db')
    const gone = { left: { type: 'NotUsable', kind: 'Missing' } }
    expect(await before.head(OUR_STREAMS, lost)()).toMatchObject(gone)
    expect(await before.readAll({ after: lost, filter: OUR_STREAMS, most: 10 })()).toMatchObject(gone)
    expect(await before.append('accessPool-1', 1, [event('into nothing')])()).toMatchObject(gone)
  })
})

describe('A store that is open when another process begins an epoch in its file', () => {
  test('stops answering, and whoever waits on it is told', async () => {
    const store = await folder.open('epoch.db')
    const written = await got(store.append('accessPool-1', -1, [event('before')]))
    if (written.type !== 'Written') throw new Error('not written')
    const after = written.position
    const subscription = await got(store.subscribe({ after, filter: OUR_STREAMS, most: 10 }))
    const waiting = subscription.next()
    const readModel = await got(startReadModel({ store }))
    expect((await readModel.whenProcessed(after))._tag).toBe('Right')

    await beginEpoch(await folder.open('epoch.db'))
    const now = await folder.open('epoch.db')
    const wrong = { left: { type: 'WrongEpoch', expected: now.epoch, actual: store.epoch } }
    expect(await waiting).toMatchObject(wrong)
    expect(await readModel.whenCaughtUp({ within: 10_000 })).toEqual({
      _tag: 'Left',
      left: { type: 'Stopped' },
    })
    expect(readModel.state()).toMatchObject({ type: 'Stopped', failure: { error: wrong.left } })
    expect(await store.append('accessPool-1', 0, [event('late')])()).toMatchObject(wrong)
    expect(await store.readStream('accessPool-1', 0, 10)()).toMatchObject(wrong)
    expect(await store.head(OUR_STREAMS, after)()).toMatchObject(wrong)
    expect(await store.saveCheckpoint('c', {}, -1)()).toMatchObject(wrong)
    expect(await store.backup(folder.path('epoch backup.db'))()).toMatchObject(wrong)
    expect((await got(now.readStream('accessPool-1', 0, 10))).events.length).toBe(1)
    await readModel.stop()
  })

  test('also where it began the epoch itself', async () => {
    const store = await folder.open('own.db')
    await beginEpoch(store)
    expect(await store.append('accessPool-1', -1, [event('late')])()).toMatchObject({
      left: { type: 'WrongEpoch' },
    })
    expect(await store.readStream('accessPool-1', 0, 10)()).toMatchObject({ left: { type: 'WrongEpoch' } })
  })
})
