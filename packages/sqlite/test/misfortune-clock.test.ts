/** A clock that jumps back: what it said is kept, and the order is another thing. */
import { systemRuntime } from '@access-pools/core'
import { openSqliteStore } from '../src'
import { uuidOf } from './processes/ids'
import { got, readEverything, storeFolder } from './store-folder'

const folder = storeFolder()
afterAll(folder.remove)

test('events stand in the order of their commits, each with the time that the clock told', async () => {
  let now = 5_000
  const runtime = { ...systemRuntime, now: () => now }
  const store = await got(openSqliteStore({ file: folder.path('clock.db'), runtime }))
  const times = [5_000, 9_000, 1_000, 1_000, 9_500]
  for (const [n, time] of times.entries()) {
    now = time
    const event = { id: uuidOf(`${n}`), type: 'T', data: { n }, metadata: {} }
    await got(store.append('accessPool-1', n - 1, [event]))
  }
  const events = (await readEverything(store)).filter(({ stream }) => stream === 'accessPool-1')
  expect(events.map(({ storedAt }) => storedAt)).toEqual(times)
  expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4])
  expect(events.map(({ position }) => position.commit)).toEqual([2, 3, 4, 5, 6])
  await store.close()
})
