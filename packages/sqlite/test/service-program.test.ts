/** The parts of a service as the README wires them: its lines are the lines below, and they run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessPools, orThrow, startReactions, startReadModel } from '@access-pools/core'
import { openSqliteStore } from '../src'
import { storeFolder } from './store-folder'

const readme = readFileSync(join(__dirname, '..', '..', '..', 'README.md'), 'utf8')
const ours = readFileSync(__filename, 'utf8')

/** The lines between two marks, whatever their indent. */
const between = (text: string, from: string, to: string): readonly string[] =>
  (text.split(from)[1]?.split(to)[0] ?? '').split('\n').map((line) => line.trim())

test('The parts of a service in the README are started and stopped', async () => {
  const folder = storeFolder()
  const file = folder.path('access-pools.db')
  // README begins
  const store = orThrow(await openSqliteStore({ file })())
  const pools = accessPools({ store })
  const readModel = orThrow(await startReadModel({ store })())
  const reactions = startReactions({ store, readModel })
  // README ends
  expect(typeof pools.execute).toBe('function')
  expect((await readModel.whenCaughtUp())._tag).toBe('Right')
  await reactions.stop()
  await readModel.stop()
  await store.close()
  await folder.remove()

  const written = between(readme, "from '@access-pools/sqlite'\n", '```')
  const lines = between(ours, '// README begins', '// README ends')
  expect(written.filter((line) => line !== '')).toEqual(lines.filter((line) => line !== ''))
})
