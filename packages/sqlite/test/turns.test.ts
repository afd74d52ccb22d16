/**
 * How long a writer waits for its turn, counted in the commits of others while it waits: a busy machine makes turns
 * longer, not more.
 */
import { type EventStore, systemRuntime } from '@access-pools/core'
import { connect } from '../src/connection'
import { openTurns } from '../src/turns'
import { startChild } from './processes/child'
import { got, readEverything, storeFolder } from './store-folder'

const folder = storeFolder()
afterAll(folder.remove)

/**
 * The commits in their order, each as its writer, from the streams that were appended to. Writers never rest, and each of their flows waits for its answer: a
 * stream that comes again means another commit.
 */
const commitsOf = (streams: readonly string[]): readonly string[] => {
  const commits: string[] = []
  let inThis = new Set<string>()
  for (const stream of streams) {
    const writer = /accessPool-(.*)x/.exec(stream)?.[1] ?? ''
    if (writer !== commits.at(-1) || inThis.has(stream)) {
      commits.push(writer)
      inThis = new Set()
    }
    inThis.add(stream)
  }
  return commits
}

/** The waits of one writer, in commits of others, the longest first. */
const waitsOf = (commits: readonly string[], writer: string): readonly number[] => {
  const turns = commits.flatMap((one, at) => (one === writer ? [at] : []))
  return turns
    .slice(1)
    .map((at, index) => at - (turns[index] ?? at) - 1)
    .filter((wait) => wait > 0)
    .sort((a, b) => b - a)
}

const head = async (store: EventStore): Promise<number> =>
  (await got(store.head({ categories: ['accessPool'], names: [] })))?.commit ?? 0

test('who writes in company steps back after so many commits, and who writes alone never', async () => {
  await folder.open('turns.db')
  const [ours, others] = [connect(folder.path('turns.db'), 'rw'), connect(folder.path('turns.db'), 'rw')]
  let [now, sleeps] = [0, 0]
  const runtime = { ...systemRuntime, monotonic: () => now, sleep: async () => void (sleeps += 1) }
  const turns = openTurns(ours, runtime)
  const commits = async (times: number): Promise<number> => {
    sleeps = 0
    for (let n = 0; n < times; n += 1) await turns.letOthersGo(new AbortController().signal)
    return sleeps
  }
  expect(await commits(100)).toBe(0)
  others.database.exec('PRAGMA user_version = 1; PRAGMA user_version = 0')
  others.database.exec('PRAGMA user_version = 1')
  expect(await commits(16)).toBe(0)
  expect(await commits(160)).toBe(10)
  now += 1000
  expect(await commits(100)).toBe(0)
  ours.database.close()
  others.database.close()
})

/** Each writer by its flows, and whether it is a hog. */
const CASES: readonly [string, readonly (readonly [number, 'apart' | 'hog'])[]][] = [
  [
    'three alike',
    [
      [16, 'apart'],
      [16, 'apart'],
      [16, 'apart'],
    ],
  ],
  [
    'a hog of 60 flows, and two of one',
    [
      [60, 'hog'],
      [1, 'apart'],
      [1, 'apart'],
    ],
  ],
  [
    'a hog of one flow, and two of one',
    [
      [1, 'hog'],
      [1, 'apart'],
      [1, 'apart'],
    ],
  ],
]

/** So many appends of each writer but a hog. */
const ENOUGH = 400

test.each(CASES)(
  'no writer starves: %s',
  async (name, manners) => {
    const store = await folder.open(`${name}.db`)
    const counts = manners.map(([, manner]): number => (manner === 'hog' ? ENOUGH : 0))
    let counting = false
    let enough = (): void => undefined
    const all = new Promise<void>((resolve) => (enough = resolve))
    const writers = manners.map(([flows, manner], number) =>
      startChild('writer', [folder.path(`${name}.db`), `w${number}`, String(flows), manner], () => {
        if (counting) counts[number] = (counts[number] ?? 0) + 1
        if (Math.min(...counts) >= ENOUGH) enough()
      }),
    )
    await Promise.all(writers.map(({ spoke }) => spoke))
    const from = await head(store)
    counting = true
    await all
    const to = await head(store)
    for (const writer of writers) writer.process.kill('SIGTERM')
    for (const writer of writers) expect(await writer.ended).toBe(0)
    const together = (await readEverything(store)).filter(
      ({ position }) => position.commit > from && position.commit <= to,
    )
    const appends = together.filter(
      ({ data }) => typeof data === 'object' && data !== null && 'index' in data && data.index === 0,
    )
    const commits = commitsOf(appends.map(({ stream }) => stream))
    const waits = manners.map((_, number) => waitsOf(commits, `w${number}`))
    process.stdout.write(
      `${name}: ${commits.length} commits; waits in commits of others, longest and 99 of 100: ` +
        `${waits.map((all) => `${all[0]} and ${all[Math.floor(all.length / 100)]}`).join('; ')}\n`,
    )
    expect(Math.max(...waits.map((all) => all[0] ?? 0))).toBeLessThan(1000)
  },
  60_000,
)
