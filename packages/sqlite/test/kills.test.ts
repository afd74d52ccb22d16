/**
 * `kill -9` at random points, three processes writing. Five kills, or as many as `ACCESS_POOLS_KILLS` says:
 * `ACCESS_POOLS_KILLS=50 npx jest packages/sqlite/test/kills`.
 */
import { DatabaseSync } from '@photostructure/sqlite'
import { OUR_STREAMS, type RecordedEvent } from '@access-pools/core'
import { type Child, startChild } from './processes/child'
import { uuidOf } from './processes/ids'
import { storeFolder } from './store-folder'

const KILLS = Number(process.env['ACCESS_POOLS_KILLS'] ?? 5)
const WRITERS = 3

interface Acknowledged {
  readonly stream: string
  readonly append: string
  readonly revision: number
  readonly of: number
}

/** Writers that are killed and replaced, and all that they acknowledged. */
const running = (file: string) => {
  const acknowledged: Acknowledged[] = []
  let reached = (): void => undefined
  let goal = Number.POSITIVE_INFINITY
  let started = 0
  const start = (): Child => {
    started += 1
    return startChild('writer', [file, `w${started}`, '6'], (line) => {
      acknowledged.push(JSON.parse(line))
      if (acknowledged.length >= goal) reached()
    })
  }
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      goal = acknowledged.length + count
      reached = resolve
    })
  return { acknowledged, start, until }
}

const readAll = async (open: () => ReturnType<ReturnType<typeof storeFolder>['open']>) => {
  const store = await open()
  const all: RecordedEvent[] = []
  for (let end = false; !end;) {
    const slice = await store.readAll({ after: all.at(-1)?.position, filter: OUR_STREAMS, most: 1000 })()
    if (slice._tag === 'Left') throw new Error(JSON.stringify(slice.left))
    all.push(...slice.right.events)
    end = slice.right.end
  }
  return all.filter(({ stream }) => stream !== 'epoch')
}

const byStream = (all: readonly RecordedEvent[]): Map<string, RecordedEvent[]> => {
  const streams = new Map<string, RecordedEvent[]>()
  for (const event of all) {
    const events = streams.get(event.stream) ?? []
    events.push(event)
    streams.set(event.stream, events)
  }
  return streams
}

const folder = storeFolder()
afterAll(folder.remove)

test(
  `what was acknowledged outlives ${KILLS} kills of writers, and nothing is half there`,
  async () => {
    const file = folder.path('killed.db')
    await folder.open('killed.db')
    const { acknowledged, start, until } = running(file)
    const writers = Array.from({ length: WRITERS }, start)
    for (let kill = 0; kill < KILLS; kill += 1) {
      await until(30 + Math.floor(Math.random() * 400))
      // Every third time all of them, so that nobody is left who knows where the journal ends.
      const killed = kill % 3 === 2 ? [...writers.keys()] : [Math.floor(Math.random() * WRITERS)]
      for (const number of killed) writers[number]?.process.kill('SIGKILL')
      for (const number of killed) {
        await writers[number]?.ended
        writers[number] = start()
      }
    }
    await until(50)
    await Promise.all(writers.map(({ spoke }) => spoke))
    for (const writer of writers) writer.process.kill('SIGTERM')
    for (const writer of writers) {
      expect(await writer.ended).toBe(0)
      expect(writer.errors()).toBe('')
    }

    const all = await readAll(() => folder.open('killed.db'))
    const streams = byStream(all)
    for (const events of streams.values())
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index))
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)

    const lost = acknowledged.filter(({ stream, append, revision, of }) => {
      const first = revision - of + 1
      const events = streams.get(stream)?.slice(first, revision + 1) ?? []
      return events.length !== of || events.some(({ id }, index) => id !== uuidOf(`${append}/${index}`))
    })
    expect(lost).toEqual([])

    all.forEach(({ data, stream }, place) => {
      const { append, index, of } = data as { append: string; index: number; of: number }
      const whole = all.slice(place - index, place - index + of)
      expect(whole.map((event) => [event.stream, (event.data as { append: string }).append])).toEqual(
        Array.from({ length: of }, () => [stream, append]),
      )
    })

    const database = new DatabaseSync(file)
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    database.close()
    process.stdout.write(
      `kills ${KILLS}: ${acknowledged.length} appends acknowledged, ${all.length} events, ${lost.length} lost\n`,
    )
  },
  60_000 + KILLS * 5000,
)
