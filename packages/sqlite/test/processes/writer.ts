/**
 * A process that appends until it is told to end (or is killed), and says on its standard output what was
 * acknowledged: `file name flows [apart|hog]`. Half of its flows write to a stream that all writers share, but `apart`
 * and in a `hog`, which loses no time between its commits: small events, and only its first answer is told.
 */
import { writeSync } from 'node:fs'
import { type EventStore, type EventToAppend, systemRuntime, randomId } from '@access-pools/core'
import { openSqliteStore } from '../../src'
import { uuidOf } from './ids'
import { say } from './say'

const [file = '', name = '', flows = '4', manner = ''] = process.argv.slice(2)
let ending = false
let told = false
process.once('SIGTERM', () => (ending = true))

/** One to five events that know how many they are, so that half an append can be told from a whole one. */
const appendOf = (append: string): EventToAppend[] => {
  const of = manner === 'hog' ? 1 : 1 + Math.floor(Math.random() * 5)
  return Array.from({ length: of }, (_, index) => ({
    id: uuidOf(`${append}/${index}`),
    type: 'Written',
    data: { append, index, of, at: Date.now() },
    metadata: { fill: manner === 'hog' ? '' : 'x'.repeat(Math.floor(Math.random() * 600)) },
  }))
}

const flow = async (store: EventStore, stream: string): Promise<void> => {
  let expected = -1
  while (!ending) {
    const append = randomId(systemRuntime)
    const events = appendOf(append)
    let result = await store.append(stream, expected, events)()
    while (result._tag === 'Right' && result.right.type === 'Conflict') {
      expected = result.right.actual
      result = await store.append(stream, expected, events)()
    }
    if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
    if (result.right.type !== 'Written') continue
    expected = result.right.revision
    if (told && manner === 'hog') continue
    told = true
    say(JSON.stringify({ stream, append, revision: expected, of: events.length }))
  }
}

const main = async (): Promise<void> => {
  const store = await openSqliteStore({ file })()
  if (store._tag === 'Left') throw new Error(JSON.stringify(store.left))
  const streams = Array.from({ length: Number(flows) }, (_, number) =>
    manner !== '' || number % 2 === 0 ? `accessPool-${name}x${number}` : 'charger-shared',
  )
  await Promise.all(streams.map((stream) => flow(store.right, stream)))
  await store.right.close()
}

void main().catch((error: unknown) => {
  writeSync(2, `${String(error)}\n`)
  process.exitCode = 1
})
