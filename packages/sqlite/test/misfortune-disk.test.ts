/** A disk that is full, and one that fails to write: what was answered holds, and it goes on when it can. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { openSqliteStore } from '../src'
import { startChild } from './processes/child'
import { uuidOf } from './processes/ids'
import { got, storeFolder } from './store-folder'

const folder = storeFolder()
afterAll(folder.remove)

const answers = (command: string, ...args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const integrityOf = (file: string): unknown => {
  const database = new DatabaseSync(file)
  try {
    return database.prepare('PRAGMA integrity_check').all()
  } finally {
    database.close()
  }
}

const OK = [{ integrity_check: 'ok' }]

test('a full disk: appends say that nothing was written, reads go on, and so do appends when there is space', async () => {
  const small = folder.path('small')
  mkdirSync(small)
  if (!answers('mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small)) {
    process.stdout.write('left out: a full disk, which needs the right to mount a small one\n')
    return
  }
  try {
    const file = join(small, 'store.db')
    const ballast = join(small, 'ballast')
    writeFileSync(ballast, Buffer.alloc(1_000_000))
    const store = await got(openSqliteStore({ file }))
    const append = (n: number) =>
      store.append('accessPool-1', n - 1, [
        { id: uuidOf(`full ${n}`), type: 'T', data: { n, fill: 'x'.repeat(20_000) }, metadata: {} },
      ])()
    let written = 0
    let refused = await append(written)
    while (refused._tag === 'Right') refused = await append((written += 1))
    expect(refused.left).toMatchObject({ type: 'Unavailable', reason: expect.stringContaining('full') })
    expect((await append(written))._tag).toBe('Left')
    expect((await got(store.readStream('accessPool-1', 0, 1000))).events.length).toBe(written)
    expect(await store.backup(join(small, 'copy.db'))()).toMatchObject({ left: { type: 'Unavailable' } })

    rmSync(ballast)
    expect(await append(written)).toMatchObject({ right: { type: 'Written', revision: written } })
    expect((await got(store.readStream('accessPool-1', 0, 1000))).events.length).toBe(written + 1)
    await store.close()
    expect(integrityOf(file)).toEqual(OK)
    process.stdout.write(`full disk: refused after ${written} appends, and went on\n`)
  } finally {
    // Lazily: SQLite may hold the files until what it prepared is collected.
    answers('umount', '-l', small)
  }
})

test('a write that fails at the commit: the outcome is unknown, and the same append again tells it', async () => {
  if (!answers('prlimit', '--version')) {
    process.stdout.write('left out: a write that fails, which needs prlimit\n')
    return
  }
  const file = folder.path('failing.db')
  await (await folder.open('failing.db')).close()
  const limit = (bytes: string): boolean =>
    answers('prlimit', '--pid', `${child.process.pid}`, `--fsize=${bytes}`)
  const written: number[] = []
  const others: string[] = []
  let failed = (): void => undefined
  let goneOn = (): void => undefined
  const failure = new Promise<void>((resolve) => (failed = resolve))
  const more = new Promise<void>((resolve) => (goneOn = resolve))
  const child = startChild('stubborn', [file], (line) => {
    const said = JSON.parse(line)
    if (said.type === 'Written') written.push(said.n)
    else others.push(said.type)
    if (others.length >= 3) failed()
    if (others.length >= 3 && said.type === 'Written') goneOn()
  })
  await child.spoke
  expect(limit('300000:unlimited')).toBe(true)
  await failure
  const before = written.length
  expect(limit('unlimited:unlimited')).toBe(true)
  await more
  child.process.kill('SIGTERM')
  expect(await child.ended).toBe(0)
  expect(child.errors()).toBe('')
  expect(others).toContain('UnknownOutcome')
  expect(new Set(others)).toEqual(new Set(['UnknownOutcome']))

  const store = await folder.open('failing.db')
  const { events } = await got(store.readStream('accessPool-1', 0, 10_000))
  expect(events.map(({ id }) => id)).toEqual(written.map((n) => uuidOf(`${n}`)))
  expect(written).toEqual(written.map((_, index) => index))
  expect(integrityOf(file)).toEqual(OK)
  process.stdout.write(
    `failed writes: ${others.length} unknown outcomes after ${before} appends, ${written.length} in the end\n`,
  )
})
